// SPDX-License-Identifier: Apache-2.0
// Segments as a document of ELAN, the annotation program (https://archive.mpi.nl/tla/elan): EAF 3.0.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ferv/inference/segments.h"

namespace ferv::inference {

/// What the document says of itself and of the film.
struct ElanDocument {
  /// The film that it belongs to; empty for pictures, which ELAN does not open.
  std::filesystem::path film = {};
  /// Where the document will lie: it finds the film from there, too.
  std::filesystem::path folder = {};
  std::string model = {};  ///< named as the annotator, with the version of ferv
  std::string date = {};   ///< "2024-05-01T12:00:00+00:00"; empty = now
};

/// One tier a person, of alignable annotations whose values are labels or "uncertain"; times are in whole
/// milliseconds. prediction_notice() is a property of the header and stands in the licence field, which ELAN
/// shows.
[[nodiscard]] std::string elan_document(const std::vector<Segment>& segments,
                                        const std::vector<std::string>& classes,
                                        const ElanDocument& document);

}  // namespace ferv::inference

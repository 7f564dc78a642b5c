// SPDX-License-Identifier: Apache-2.0
// The official list format: `Scene/Emotion/NNNN Emotion`, one space, no header.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::data {

/// One line. `clip` has forward slashes and three parts; `label` is one of expression_names().
struct AnnotationLine {
  std::string clip;
  std::string label;
};

/// Reads a list; a byte-order mark, CRLF, back slashes and blank lines at the end are tolerated. Throws
/// kNotFound, or kCorruptData with file and line for anything else, a header line and an empty file among
/// them.
[[nodiscard]] std::vector<AnnotationLine> read_annotation(const std::filesystem::path& path);
/// The same from memory; `path` is for messages.
[[nodiscard]] std::vector<AnnotationLine> parse_annotation(std::string_view text,
                                                           const std::filesystem::path& path);

}  // namespace ferv::data

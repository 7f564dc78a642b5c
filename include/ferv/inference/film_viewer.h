// SPDX-License-Identifier: Apache-2.0
// A film's timeline as one HTML page that loads nothing from the network: the film with boxes, each person's
// curves, a click on them to seek.
#pragma once

#include <filesystem>
#include <string>

#include "ferv/inference/film_record.h"
#include "ferv/inference/film_summary.h"

namespace ferv::inference {

struct ViewerOptions {
  std::string title = {};  ///< what the film is called
  int frame_width_px = 0;  ///< of the frames that the boxes of the record lie in
  int frame_height_px = 0;
  std::filesystem::path film = {};  ///< MP4 to show, beside the page
  /// A film of at most so many bytes is put into the page, and its file is not needed any more.
  std::uint64_t embedded_limit_bytes = std::uint64_t{8} << 20;
};

/// Whether viewer_page() puts the film into the page. Throws kIo.
[[nodiscard]] bool is_embedded(const ViewerOptions& options);

/// The page. Persons come in order of their time on screen, each with curves and a table of its segments
/// (the first 500; the segments' CSV has them all). Works with the keyboard and with screen readers, in light
/// and dark. Throws kNotFound, kIo for the film.
[[nodiscard]] std::string viewer_page(const FilmRecord& record, const TimelineSummary& summary,
                                      const ViewerOptions& options);

}  // namespace ferv::inference

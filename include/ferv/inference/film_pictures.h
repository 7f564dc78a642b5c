// SPDX-License-Identifier: Apache-2.0
// A film written again: with boxes and labels, with faces hidden, or small for a viewer.
#pragma once

#include <filesystem>
#include <functional>

#include "ferv/inference/film_record.h"
#include "ferv/inference/frame_painter.h"
#include "ferv/media/video_source.h"

namespace ferv::inference {

/// Films of up to two kinds, made in one pass; an empty path means none.
struct FilmPicturesOptions {
  std::filesystem::path annotated = {};  ///< boxes and labels drawn in
  int annotated_side_px = 3840;          ///< its longer side at most
  std::filesystem::path plain = {};      ///< faces hidden as the painter does, nothing drawn
  int plain_side_px = 640;
};

/// Reads the film again from its begin. The frames keep their times; sizes are made even, and frames of
/// another size than the first are fitted to it; there is no sound. `progress` gets the number of frames done
/// after each. Throws as VideoSource and VideoWriter do.
void write_film_pictures(media::VideoSource& source, const FilmRecord& record, const FramePainter& painter,
                         const FilmPicturesOptions& options,
                         const std::function<void(std::size_t)>& progress);

}  // namespace ferv::inference

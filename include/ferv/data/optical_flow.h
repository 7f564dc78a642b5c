// SPDX-License-Identifier: Apache-2.0
// Dense optical flow of all face crops, computed once and stored beside them: what stream `flow` shows.
// In target `ferv_flow`, which links OpenCV.
#pragma once

#include <cstddef>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/batch_loader.h"
#include "ferv/data/clip_index.h"

namespace ferv::data {

struct FlowOptions {
  double scale = 8;       ///< codes a pixel of motion: at 8, +-16 pixels fit, in steps of 1/8
  int jpeg_quality = 95;  ///< of the stored pictures, without colour subsampling
  int threads = 0;        ///< clips computed at once, 0 = all cores this process may use
};

struct FlowSummary {
  std::size_t clips_written = 0;
  std::size_t clips_kept = 0;  ///< complete from an earlier run
  std::vector<BadClip> bad;    ///< clips whose faces could not be read, in order of position
  bool complete = false;       ///< false when asked to stop; the same call goes on
};

/// Computes the flow of every clip of `index` (method: DIS, Kroeger et al. 2016, medium preset) and writes it
/// to `<root>/5_OpticalFlow/<clip id>/`, one picture a frame under the frame's own name, coded as
/// Stream::kFlow says. A clip's folder appears whole or not at all, so a stopped run goes on where it was;
/// `flow.json` there holds method, scale and quality. Throws kInvalidArgument for impossible options, or ones
/// that are not those of the pictures already there; kCorruptData for a manifest that is none; kIo.
[[nodiscard]] FlowSummary write_optical_flow(const ClipIndex& index, const FlowOptions& options,
                                             const Observer& observer);

}  // namespace ferv::data

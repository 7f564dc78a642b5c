// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/contact_sheet.h"

#include <algorithm>
#include <cstring>

#include "ferv/base/error.h"

namespace ferv::data {

media::Image contact_sheet(const ClipIndex& index, const std::vector<std::size_t>& positions,
                           LoaderOptions options, std::size_t clip_count) {
  if (positions.empty()) throw invalid_argument("the chosen split has no clips to show");
  options.batch_size = std::min(clip_count, positions.size());
  BatchLoader loader(index, positions, options);
  loader.start_epoch(0);
  const Batch* batch = loader.next();
  if (batch == nullptr) throw invalid_argument("no clip could be shown");
  const ClipSpec& spec = options.spec;
  const auto frames = static_cast<std::size_t>(spec.frame_count);
  const auto row_bytes = static_cast<std::size_t>(spec.width_px) * 3;
  media::Image sheet(spec.width_px * spec.frame_count,
                     spec.height_px * static_cast<int>(batch->size() * batch->streams.size()));
  const std::size_t clip_bytes = frames * row_bytes * static_cast<std::size_t>(spec.height_px);
  for (std::size_t row = 0; row < batch->size() * batch->streams.size(); ++row) {
    const std::size_t clip = row / batch->streams.size();
    const std::uint8_t* from = batch->streams[row % batch->streams.size()].data() + clip * clip_bytes;
    for (std::size_t frame = 0; frame < frames; ++frame) {
      for (int y = 0; y < spec.height_px; ++y, from += row_bytes) {
        std::memcpy(sheet.row(static_cast<int>(row) * spec.height_px + y) + frame * row_bytes, from,
                    row_bytes);
      }
    }
  }
  return sheet;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "noise_batch.h"

#include "ferv/base/random.h"

namespace ferv::training {

data::Batch noise_batch(const NoiseOptions& options) {
  const ClipSpec& spec = options.spec;
  const std::size_t clip_bytes = static_cast<std::size_t>(spec.frame_count) *
                                 static_cast<std::size_t>(spec.height_px) *
                                 static_cast<std::size_t>(spec.width_px) * 3;
  const auto clips = static_cast<std::size_t>(options.clip_count);
  data::Batch batch;
  Random random(derive_seed(options.seed, "noise"));
  for (int i = 0; i < options.stream_count; ++i) {
    auto& pixels = batch.streams.emplace_back(clips * clip_bytes, options.memory);
    for (std::uint8_t& pixel : pixels) pixel = static_cast<std::uint8_t>(random.next());
  }
  for (std::size_t i = 0; i < clips; ++i)
    batch.labels.push_back(static_cast<std::int64_t>(i % options.class_count));
  return batch;
}

}  // namespace ferv::training

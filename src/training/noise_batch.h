// SPDX-License-Identifier: Apache-2.0
// A batch that costs a network what clips cost it, without any clips.
#pragma once

#include <cstdint>
#include <memory_resource>

#include "ferv/base/clip_spec.h"
#include "ferv/data/batch_loader.h"

namespace ferv::training {

struct NoiseOptions {
  ClipSpec spec;
  int stream_count = 1;
  int clip_count = 1;
  std::size_t class_count = 1;
  std::uint64_t seed = 0;
  std::pmr::memory_resource* memory = std::pmr::get_default_resource();  ///< that the pixels lie in
};

/// Pixels of noise, with labels that go round the classes.
[[nodiscard]] data::Batch noise_batch(const NoiseOptions& options);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// A doctor for a copy of FERV39k: reads every frame and says what is wrong, with its path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"

namespace ferv::data {

enum class ProblemKind : std::uint8_t {
  kMissingClip,      ///< a listed clip has no folder, or no frames in it
  kUnreadableFrame,  ///< no JPEG, truncated or damaged
  kOddSize,          ///< a face crop that is not 224x224
  kFrameGap,         ///< numbered frames with one missing between
  kUnlistedClip,     ///< a folder of frames that no list names
  kLabelMismatch,    ///< the list's label is not the folder's
  kRepeatedClip,     ///< the same frames, byte for byte, as another clip
};

[[nodiscard]] std::string_view to_string(ProblemKind kind) noexcept;  ///< "missing-clip", ...

struct Problem {
  ProblemKind kind{};
  std::filesystem::path path;
  std::string message;
};

struct CheckReport {
  std::int64_t clip_count = 0;
  std::int64_t frame_count = 0;
  std::vector<Problem>
      problems;  ///< in the order of the lists, then of paths; the same whatever the thread count
};

struct CheckOptions {
  int threads = 0;           ///< 0 = all cores this process may use
  int wanted_size_px = 224;  ///< 0 accepts any size
};

/// Decodes every frame of the face crops of `index`. Bad clips are rows of the report, not exceptions; throws
/// kFailed when asked to stop.
[[nodiscard]] CheckReport check(const ClipIndex& index, const CheckOptions& options,
                                const Observer& observer);

}  // namespace ferv::data

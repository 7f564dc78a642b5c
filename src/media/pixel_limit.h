// SPDX-License-Identifier: Apache-2.0
// How large a picture may be.
#pragma once

#include <cstdint>

namespace ferv::media {

/// More than cameras give, and few enough that a hostile header cannot fill the memory.
inline constexpr std::uint64_t kPixelLimit = std::uint64_t{64} << 20;

}  // namespace ferv::media

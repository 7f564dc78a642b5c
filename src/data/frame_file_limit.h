// SPDX-License-Identifier: Apache-2.0
// How large the file of one frame may be.
#pragma once

#include <cstddef>

namespace ferv::data {

/// Far more than a picture takes; less than what would fill the memory.
inline constexpr std::size_t kFrameFileLimit = std::size_t{64} << 20;

}  // namespace ferv::data

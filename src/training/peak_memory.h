// SPDX-License-Identifier: Apache-2.0
// The most memory this process has held.
#pragma once

#include <cstdint>

namespace ferv::training {

/// Resident bytes at their highest since the process began, as Linux tells it; 0 where it does not.
[[nodiscard]] std::uint64_t peak_process_bytes();

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// What malloc keeps of freed memory, for processes that run for hours.
#pragma once

namespace ferv {

/// Gives whole pages of freed memory back to the system, from between what is in use too (glibc only;
/// elsewhere nothing happens). Takes milliseconds: between many frames, not at each.
void return_free_memory() noexcept;

}  // namespace ferv

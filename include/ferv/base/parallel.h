// SPDX-License-Identifier: Apache-2.0
// Threads for loops over independent items.
#pragma once

#include <cstddef>
#include <functional>

namespace ferv {

/// The processors that this process may use: the affinity mask, cut by the cgroup's CPU quota. At least 1.
[[nodiscard]] int available_cores();

/// Calls `work(i)` for i in [0, count) on up to `threads` threads (0 = available_cores()), items handed out
/// one by one in order. The first exception stops the handing out and is thrown again here.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& work);

}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "peak_memory.h"

#include <vector>

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(PeakProcessBytes, CoversMemoryThatWasTouchedAndFreed) {
  constexpr std::size_t kBytes = std::size_t{48} << 20;
  {
    const std::vector<char> touched(kBytes, 1);
    EXPECT_EQ(touched.back(), 1);
  }
  const std::uint64_t peak = peak_process_bytes();
  EXPECT_GT(peak, kBytes);
  EXPECT_GE(peak_process_bytes(), peak);
}

}  // namespace
}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/parallel.h"

#include <atomic>
#include <stdexcept>
#include <vector>

#include "matchers.h"

namespace ferv {
namespace {

TEST(ParallelFor, VisitsEveryItemOnce) {
  for (const int threads : {0, 1, 3, 16}) {
    std::vector<std::atomic<int>> visits(1000);
    parallel_for(visits.size(), threads, [&](std::size_t i) { ++visits[i]; });
    for (const auto& count : visits) EXPECT_EQ(count.load(), 1);
  }
}

TEST(ParallelFor, PassesTheFirstExceptionOn) {
  EXPECT_THROW(parallel_for(100, 4,
                            [](std::size_t i) {
                              if (i == 37) throw std::runtime_error("37");
                            }),
               std::runtime_error);
}

TEST(ParallelFor, DoesNothingForNoItems) {
  parallel_for(0, 4, [](std::size_t) { FAIL(); });
}

TEST(AvailableCores, IsAtLeastOne) {
  EXPECT_GE(available_cores(), 1);
}

}  // namespace
}  // namespace ferv

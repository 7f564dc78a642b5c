// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/stopwatch.h"

#include <gtest/gtest.h>

#include <thread>

namespace ferv {
namespace {

using namespace std::chrono_literals;

TEST(Stopwatch, CountsSecondsAndBeginsAnew) {
  Stopwatch watch;
  std::this_thread::sleep_for(20ms);
  EXPECT_GE(watch.seconds(), 0.02);
  const Stopwatch since_restart;
  watch.restart();
  // Begun later than the other, so its time is the shorter one however slow the machine.
  const double restarted = watch.seconds();
  EXPECT_LE(restarted, since_restart.seconds());
}

TEST(TimedSection, AddsToTheSumOnceItEnds) {
  double sum_s = 1;
  {
    const TimedSection section(sum_s);
    std::this_thread::sleep_for(10ms);
    EXPECT_EQ(sum_s, 1);
  }
  EXPECT_GE(sum_s, 1.01);
}

TEST(DurationText, NamesTheTwoLargestUnits) {
  EXPECT_EQ(duration_text(59.4), "59s");
  EXPECT_EQ(duration_text(312), "5m12s");
  EXPECT_EQ(duration_text(11520), "3h12m");
}

}  // namespace
}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/train_benchmark.h"

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(BenchmarkTraining, MeasuresARowAtItsOwnInput) {
  const TrainBenchmark result = benchmark_training({.batch_size = 2, .rounds = 1}, {});
  EXPECT_EQ(result.model, "r18_lstm");
  EXPECT_EQ(to_string(result.spec), "16x112x112");
  EXPECT_GT(result.clips_per_s, 0);
  EXPECT_GT(result.floor_clips_per_s, 0);
  EXPECT_NEAR(result.of_floor, result.clips_per_s / result.floor_clips_per_s, 1e-9) << "of one round";
  EXPECT_GT(result.peak_process_bytes, std::uint64_t{50} << 20) << "the weights and their gradients";
}

TEST(BenchmarkTraining, RefusesUnknownRowsAndStopsWhenAsked) {
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("r18_lsmt"),
                     [] { (void)benchmark_training({.model = "r18_lsmt"}, {}); });
  const std::atomic<bool> stop = true;
  Observer stopping;
  stopping.stop_requested = &stop;
  test::expect_error(ErrorKind::kFailed, testing::HasSubstr("stopped"),
                     [&] { (void)benchmark_training({.batch_size = 2, .rounds = 1}, stopping); });
}

}  // namespace
}  // namespace ferv::training

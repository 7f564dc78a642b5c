// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/infer_benchmark.h"

#include "ferv/base/error.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using testing::HasSubstr;

TEST(BenchmarkInference, TimesBothWaysAndFindsTheSameProbabilities) {
  const InferBenchmark result =
      benchmark_inference({.rounds = 1, .window_count = 2, .precision = "fp32", .threads = 2}, {});
  EXPECT_EQ(result.model, "r18_lstm");
  EXPECT_EQ(result.precision, "fp32");
  EXPECT_GT(result.clip_ms, 0);
  EXPECT_GT(result.window_ms, 0);
  // Which of the two is faster is for `ferv bench infer` to say: one round on a busy machine proves
  // nothing.
  EXPECT_DOUBLE_EQ(result.speed_up, result.window_ms_clip_by_clip / result.window_ms);
  EXPECT_LT(result.largest_difference, 1e-5);
}

TEST(BenchmarkInference, RefusesUnknownRowsAndRowsOfTwoStreams) {
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("r18_lstm"),
               [] { (void)benchmark_inference({.model = "r18_lstmm"}, {}); });
  expect_error(ErrorKind::kUnsupported, HasSubstr("streams"),
               [] { (void)benchmark_inference({.model = "two_r18_lstm"}, {}); });
}

}  // namespace
}  // namespace ferv::inference

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/loader_benchmark.h"

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

TEST(LoaderBenchmark, MeasuresEveryWayOnTheSameFrames) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .scenes = {"War"}});
  LoaderBenchmarkOptions options;
  options.loader.spec = {.frame_count = 4, .height_px = 16, .width_px = 16};
  options.loader.sampling = {.segment_count = 2, .frames_per_segment = 2};
  options.loader.training = true;
  options.loader.threads = 2;
  options.rounds = 2;
  options.scratch = folder / "scratch";
  const LoaderBenchmark result = benchmark_loader(read_ferv39k(folder / "data", {}), options, {});
  EXPECT_EQ(result.clips, 7U);
  EXPECT_LE(result.frames, 7U * 4);
  ASSERT_EQ(result.rates.size(), 5U);
  for (const LoaderRate& rate : result.rates) EXPECT_GT(rate.frames_per_s, 0) << rate.name;
  EXPECT_EQ(result.rates[0].of_decoder, 1);
  EXPECT_FALSE(std::filesystem::exists(folder / "scratch"));
}

}  // namespace
}  // namespace ferv::data

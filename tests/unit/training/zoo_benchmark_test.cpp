// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/zoo_benchmark.h"

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/evaluation/results.h"
#include "matchers.h"
#include "stop_after.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

class ZooBenchmarkTest : public testing::Test {
 protected:
  ZooBenchmarkTest() {
    options_.ferv39k = folder_ / "ferv39k";
    options_.dfew = folder_ / "dfew";
    options_.runs = folder_ / "runs";
    options_.results = folder_ / "results";
    options_.recipes = folder_ / "recipes";
    options_.rows = {"r18_lstm.dfew"};
    write_file_atomically(
        options_.recipes / "common.toml",
        std::string_view("frames = 2\nsegments = 1\nframes_per_segment = 2\nheight = 32\n"
                         "width = 32\nepochs = 1\nbatch_size = 4\nvalidation_fraction = 0.3\n"
                         "threads = 1\n"));
  }

  test::TemporaryFolder folder_;
  ZooBenchmarkOptions options_;
};

TEST_F(ZooBenchmarkTest, PretrainsTrainsGoesOnAfterAStopAndKeepsWhatIsDone) {
  for (const auto& data : {options_.ferv39k, options_.dfew})
    test::write_tiny_data_set(data, {.scenes = {"War"}});
  test::StopAfter stop(4);  // after the pre-training, which has three steps or so
  EXPECT_TRUE(run_zoo_benchmark(options_, stop.observer).stopped);
  EXPECT_FALSE(std::filesystem::exists(options_.results / "r18_lstm.dfew.csv"));

  EXPECT_EQ(run_zoo_benchmark(options_, {}).rows_trained, 1U);
  EXPECT_TRUE(std::filesystem::exists(options_.runs / "dfew.r18_lstm/done"));
  EXPECT_THAT(read_text_file(options_.runs / "r18_lstm.dfew/config.toml"),
              HasSubstr("dfew.r18_lstm/weights/best.safetensors"));
  const auto results = evaluation::read_results(options_.results / "r18_lstm.dfew.csv");
  EXPECT_EQ(results.rows.size(), 7U);
  EXPECT_EQ(results.facts.at("parameters"), "13281351");
  EXPECT_EQ(results.facts.at("input"), "2x32x32");
  EXPECT_THAT(read_text_file(options_.results / "table.csv"), HasSubstr("\nr18_lstm.dfew,7,"));

  const ZooBenchmarkOutcome again = run_zoo_benchmark(options_, {});
  EXPECT_EQ(again.rows_trained, 0U);
  EXPECT_EQ(again.rows_kept, 1U);
}

TEST_F(ZooBenchmarkTest, TrainsTheRowThatAnotherStartsFromFirst) {
  test::write_tiny_data_set(options_.ferv39k, {.scenes = {"War"}});
  options_.rows = {"r18_lstm"};
  write_file_atomically(options_.recipes / "r18_lstm.toml", std::string_view("init_from = \"resnet18\"\n"));
  EXPECT_EQ(run_zoo_benchmark(options_, {}).rows_trained, 1U);
  EXPECT_THAT(read_text_file(options_.runs / "r18_lstm/config.toml"),
              HasSubstr("runs/resnet18/weights/best.safetensors"));
  EXPECT_FALSE(std::filesystem::exists(options_.results / "resnet18.csv")) << "it was not asked for";
  write_file_atomically(options_.recipes / "resnet18.toml", std::string_view("init_from = \"r18_lstm\"\n"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted one with fresh weights"),
                     [&] { check_recipes(options_); });
}

TEST_F(ZooBenchmarkTest, RefusesWhatItCannotTrainBeforeItBegins) {
  check_recipes(options_);
  options_.rows = {"r18_lstm", "resnet19"};
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("resnet19"), [&] { check_recipes(options_); });
  options_.rows = {"r18_lstm"};
  write_file_atomically(options_.recipes / "r18_lstm.toml", std::string_view("segments = 2\n"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted frames"),
                     [&] { check_recipes(options_); });
  options_.recipes = folder_ / "none";
  test::expect_error(ErrorKind::kNotFound, HasSubstr("common.toml"), [&] { check_recipes(options_); });
}

}  // namespace
}  // namespace ferv::training

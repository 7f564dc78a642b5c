// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/series.h"

#include <nlohmann/json.hpp>

#include "ferv/base/files.h"
#include "matchers.h"
#include "stop_after.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;

SeriesOptions tiny_series(const test::TemporaryFolder& folder) {
  test::write_tiny_data_set(folder / "data", {.scenes = {"War"}});
  SeriesOptions options;
  options.folder = folder / "series";
  options.seeds = {1, 2};
  options.train.data = (folder / "data").string();
  options.train.frames = 2;
  options.train.segments = 1;
  options.train.height = 32;
  options.train.width = 32;
  options.train.epochs = 1;
  options.train.batch_size = 4;
  options.train.validation_fraction = 0.3;
  options.train.threads = 2;
  return options;
}

TEST(Series, TrainsEverySeedGoesOnAfterAStopAndSummarises) {
  const test::TemporaryFolder folder;
  SeriesOptions options = tiny_series(folder);
  EXPECT_FALSE(is_series(options.folder));
  test::StopAfter stop(4);  // three steps an epoch: in the second run
  const SeriesOutcome stopped = run_series(options, stop.observer);
  EXPECT_TRUE(stopped.stopped);
  EXPECT_EQ(stopped.runs.size(), 1U);
  EXPECT_TRUE(is_series(options.folder));
  EXPECT_EQ(json::parse(read_text_file(options.folder / "summary.json")).at("runs").size(), 1U);

  const SeriesOutcome done = resume_series(options.folder, {});
  EXPECT_FALSE(done.stopped);
  ASSERT_EQ(done.runs.size(), 2U);
  EXPECT_EQ(done.runs[1].folder, options.folder / "seed-2");
  EXPECT_NEAR(done.best.runs.war.mean, (done.runs[0].war_best + done.runs[1].war_best) / 2, 1e-12);
  EXPECT_TRUE(done.best.runs.war.deviation.has_value());
  EXPECT_NE(read_file(options.folder / "seed-1/weights/last.safetensors"),
            read_file(options.folder / "seed-2/weights/last.safetensors"));
  const json summary = json::parse(read_text_file(options.folder / "summary.json"));
  EXPECT_EQ(summary.at("runs_wanted"), 2);
  EXPECT_EQ(summary.at("runs").at(1).at("run"), "seed-2");
  EXPECT_DOUBLE_EQ(summary.at("best_epoch").at("folds_pooled").at("uar").at("mean"),
                   done.best.pooled.uar.mean);
  EXPECT_THAT(read_text_file(options.folder / "summary.csv"), HasSubstr("\n2,0,7,"));
}

TEST(Series, TakesMoreSeedsLaterAndTrainsOnlyThese) {
  const test::TemporaryFolder folder;
  SeriesOptions options = tiny_series(folder);
  options.seeds = {1};
  (void)run_series(options, {});
  const auto before = fs::last_write_time(options.folder / "seed-1/results/test.csv");
  options.seeds = {1, 5};
  EXPECT_EQ(run_series(options, {}).runs.size(), 2U);
  EXPECT_EQ(fs::last_write_time(options.folder / "seed-1/results/test.csv"), before);
  options.train.epochs = 2;
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("other settings"),
                     [&] { (void)run_series(options, {}); });
}

TEST(Series, LeavesNothingBehindWhenTheStartIsRefused) {
  const test::TemporaryFolder folder;
  SeriesOptions options = tiny_series(folder);
  options.folds = {1, 2};  // the layout has none
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no folds"),
                     [&] { (void)run_series(options, {}); });
  EXPECT_FALSE(fs::exists(options.folder));
  options.folds.clear();
  options.seeds = {1, 1};
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("seed twice"),
                     [&] { (void)run_series(options, {}); });
  options.seeds = {1};
  write_file_atomically(options.folder / "notes.txt", std::string_view("mine"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("not empty"),
                     [&] { (void)run_series(options, {}); });
  EXPECT_TRUE(fs::exists(options.folder / "notes.txt"));
}

TEST(Series, RefusesAFileThatIsNoSeries) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("series.json"),
                     [&] { (void)resume_series(folder.path(), {}); });
  for (const char* text : {"", "[]", "{\"seeds\": [1]}", "{\"seeds\": [\"a\"], \"folds\": []}"}) {
    write_file_atomically(folder / "series.json", std::string_view(text));
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("series.json"),
                       [&] { (void)resume_series(folder.path(), {}); });
  }
}

}  // namespace
}  // namespace ferv::training

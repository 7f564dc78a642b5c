// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/trainer.h"

#include <fstream>

#include "ferv/base/files.h"
#include "ferv/evaluation/metrics.h"
#include "matchers.h"
#include "read_events.h"
#include "stop_after.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const fs::path& data_set() {
  static const test::TemporaryFolder folder;
  static const fs::path path = [] {
    test::write_tiny_data_set(folder / "data");
    return folder / "data";
  }();
  return path;
}

TrainOptions tiny_options() {
  TrainOptions options;
  options.data = data_set().string();
  options.frames = 4;
  options.segments = 2;
  options.frames_per_segment = 2;
  options.height = 32;
  options.width = 32;
  options.epochs = 2;
  options.batch_size = 8;
  options.validation_fraction = 0.3;
  options.threads = 2;
  options.seed = 4;
  return options;
}

TEST(Train, WritesARunThatLearnsSomething) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.epochs = 6;
  const TrainOutcome outcome = train(options, folder / "run", {});
  EXPECT_FALSE(outcome.stopped);
  EXPECT_EQ(outcome.epochs_done, 6);
  EXPECT_EQ(outcome.test_best.rows.size(), 14U);
  // Seven colours that a linear model tells apart: well above chance (0.14) after a few steps.
  EXPECT_GT(evaluation::war(evaluation::confusion_matrix(outcome.test_best)), 0.4);
  for (const char* name : {"config.toml", "environment.json", "metrics.csv", "log.jsonl", "results/val.csv",
                           "results/test.csv", "weights/last.safetensors", "weights/best.safetensors"}) {
    EXPECT_TRUE(fs::exists(folder.path() / "run" / name)) << name;
  }
}

TEST(Train, EndsWithTheSameWeightsAfterStopsAtAnyStep) {
  const test::TemporaryFolder folder;
  (void)train(tiny_options(), folder / "whole", {});
  const auto wanted = read_file(folder / "whole/weights/last.safetensors");
  for (const int first_stop : {1, 2, 4}) {
    const fs::path run = folder / ("stopped_" + std::to_string(first_stop));
    test::StopAfter first(first_stop);
    ASSERT_TRUE(train(tiny_options(), run, first.observer).stopped);
    test::StopAfter second(1);
    bool stopped = resume(run, second.observer).stopped;
    if (stopped) stopped = resume(run, {}).stopped;
    EXPECT_FALSE(stopped);
    EXPECT_EQ(read_file(run / "weights/last.safetensors"), wanted) << "stopped after step " << first_stop;
    EXPECT_EQ(read_text_file(run / "results/test.csv"), read_text_file(folder / "whole/results/test.csv"));
  }
}

TEST(Train, EndsWithTheSameWeightsWhateverTheLossIsScaledBy) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.gradient_clip_norm = 1;
  for (const char* setting : {"off", "on"}) {
    options.loss_scaling = setting;
    (void)train(options, folder / setting, {});
  }
  EXPECT_EQ(read_file(folder / "on/weights/last.safetensors"),
            read_file(folder / "off/weights/last.safetensors"))
      << "a power of two changes no digits";
}

TEST(Train, RefusesAGpuThatIsNotThere) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.device = "cuda:99";
  test::expect_error(ErrorKind::kUnsupported, HasSubstr("cuda:99"),
                     [&] { (void)train(options, folder / "run", {}); });
  EXPECT_FALSE(fs::exists(folder / "run")) << "nothing was begun";
}

TEST(Train, WritesTheSameCurvesAfterAStop) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.event_steps = 2;
  (void)train(options, folder / "whole", {});
  test::StopAfter stop(3);
  ASSERT_TRUE(train(options, folder / "run", stop.observer).stopped);
  ASSERT_FALSE(resume(folder / "run", {}).stopped);
  auto whole = test::read_events(folder / "whole");
  FERV_REQUIRE_EVENTS(whole);
  auto resumed = test::read_events(folder / "run");
  EXPECT_EQ(whole->at("UAR/val").size(), 2U) << "a point an epoch";
  EXPECT_GE(whole->at("loss/step").size(), 2U);
  for (const char* measured : {"speed/clips_per_s", "speed/data_wait_share", "speed/epoch_s"}) {
    EXPECT_EQ(whole->at(measured).size(), 2U);
    whole->erase(measured);
    resumed->erase(measured);
  }
  EXPECT_EQ(*resumed, *whole);
}

TEST(Train, EndsWithTheSameWeightsAfterAStopWithEveryOptionOfTheLoop) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.ema_decay = 0.9;
  options.accumulate_batches = 2;
  options.focal_gamma = 1.5;
  options.class_sampling = "balanced";
  options.cache_gib = 0.01;
  (void)train(options, folder / "whole", {});
  test::StopAfter stop(3);
  ASSERT_TRUE(train(options, folder / "run", stop.observer).stopped);
  EXPECT_FALSE(resume(folder / "run", {}).stopped);
  for (const char* name : {"weights/last.safetensors", "weights/best.safetensors"})
    EXPECT_EQ(read_file(folder / "run" / name), read_file(folder / "whole" / name)) << name;
}

TEST(Train, WritesTheAverageAndNotTheWeightsThemselves) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  (void)train(options, folder / "plain", {});
  options.ema_decay = 0.99;
  (void)train(options, folder / "averaged", {});
  EXPECT_NE(read_file(folder / "averaged/weights/last.safetensors"),
            read_file(folder / "plain/weights/last.safetensors"));
}

TEST(Train, MakesOneStepOfSeveralBatches) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.epochs = 1;
  options.accumulate_batches = 1000;
  int steps = 0;
  Observer observer;
  observer.progress_sink = [&](const ProgressEvent& event) {
    steps += event.task.starts_with("train") ? 1 : 0;
  };
  (void)train(options, folder / "run", observer);
  EXPECT_EQ(steps, 1);
}

TEST(Train, StopsEarlyWithoutImprovement) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.epochs = 30;
  options.learning_rate = 0;  // nothing improves after the first epoch
  options.early_stop_epochs = 2;
  const TrainOutcome outcome = train(options, folder / "run", {});
  EXPECT_FALSE(outcome.stopped);
  EXPECT_LT(outcome.epochs_done, 30);
  EXPECT_EQ(outcome.epochs_done, outcome.best_epoch + 2);
}

TEST(Resume, PassesOverADamagedCheckpointAndStillEndsTheSame) {
  const test::TemporaryFolder folder;
  (void)train(tiny_options(), folder / "whole", {});
  test::StopAfter stop(4);  // in the second epoch: there is a checkpoint of the first epoch's end too
  ASSERT_TRUE(train(tiny_options(), folder / "run", stop.observer).stopped);
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder / "run/checkpoints")) {
    if (entry.path().extension() == ".safetensors") files.push_back(entry.path());
  }
  ASSERT_EQ(files.size(), 2U);
  const fs::path newest = std::max(files[0], files[1]);
  std::vector<std::uint8_t> bytes = read_file(newest);
  bytes[bytes.size() / 2] ^= 1;
  write_file_atomically(newest, bytes);
  std::vector<std::string> warnings;
  Observer observer;
  observer.log_sink = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::kWarning) warnings.emplace_back(text);
  };
  EXPECT_FALSE(resume(folder / "run", observer).stopped);
  ASSERT_EQ(warnings.size(), 1U);
  EXPECT_THAT(warnings[0], HasSubstr("hash"));
  EXPECT_EQ(read_file(folder / "run/weights/last.safetensors"),
            read_file(folder / "whole/weights/last.safetensors"));
}

TEST(Train, LeavesNothingBehindWhenTheStartIsRefused) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.data = (folder / "none").string();
  test::expect_error(ErrorKind::kNotFound, HasSubstr("none"),
                     [&] { (void)train(options, folder / "run", {}); });
  options = tiny_options();
  options.model = "r18_lsmt";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'r18_lstm'"),
                     [&] { (void)train(options, folder / "run", {}); });
  EXPECT_FALSE(fs::exists(folder / "run"));
}

TEST(Train, RefusesAFolderThatHoldsARun) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "run/config.toml", std::string_view("epochs = 1\n"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("holds a run already"),
                     [&] { (void)train(tiny_options(), folder / "run", {}); });
}

TEST(Train, StopsWhenTheLossIsNotFinite) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.learning_rate = 100;
  options.weight_decay = 10;
  options.momentum = 0.99;
  options.epochs = 40;
  test::expect_error(ErrorKind::kFailed, HasSubstr("finite"),
                     [&] { (void)train(options, folder / "run", {}); });
}

TEST(Resume, RefusesADataSetThatHasChanged) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data");
  TrainOptions options = tiny_options();
  options.data = (folder / "data").string();
  test::StopAfter stop(1);
  ASSERT_TRUE(train(options, folder / "run", stop.observer).stopped);
  fs::remove(folder / "data/2_ClipsforFaceCrop/War/Sad/0000/09.jpg");
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("data of this run have changed"),
                     [&] { (void)resume(folder / "run", {}); });
}

TEST(Train, RefusesAPreTrainedRowWithoutItsPreTraining) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.model = "r18_lstm.msceleb";
  test::expect_error(ErrorKind::kInvalidArgument,
                     testing::AllOf(HasSubstr("init_from"), HasSubstr("MS-Celeb-1M"), HasSubstr("r18_lstm")),
                     [&] { (void)train(options, folder / "run", {}); });
}

TEST(Train, FineTunesFromAnotherRunsWeightsAndResumesWithoutThem) {
  const test::TemporaryFolder folder;
  (void)train(tiny_options(), folder / "first", {});
  TrainOptions options = tiny_options();
  options.model = "r18_lstm.dfew";
  options.init_from = (folder / "first/weights/best.safetensors").string();
  options.freeze = "backbone.layer1";
  options.head_warmup_epochs = 1;
  options.backbone_rate_factor = 0.5;
  (void)train(options, folder / "whole", {});
  test::StopAfter stop(1);
  ASSERT_TRUE(train(options, folder / "stopped", stop.observer).stopped);
  fs::remove(options.init_from);
  EXPECT_FALSE(resume(folder / "stopped", {}).stopped) << "a checkpoint needs no starting weights";
  EXPECT_EQ(read_file(folder / "stopped/weights/last.safetensors"),
            read_file(folder / "whole/weights/last.safetensors"));
}

TEST(Train, FeedsATwoStreamRowAndNamesTheFolderThatItsStreamsNeed) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.model = "two_r18_lstm";
  options.epochs = 1;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("3_ClipsforScenImages"),
                     [&] { (void)train(options, folder / "run", {}); });
  options.streams = "face,diff";
  const TrainOutcome outcome = train(options, folder / "run", {});
  EXPECT_EQ(outcome.test_best.rows.size(), 14U);
  EXPECT_THAT(read_text_file(folder / "run/config.toml"), HasSubstr("streams = \"face,diff\""));
}

TEST(Train, SelectsOnTestUnderThePublishedProtocol) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_options();
  options.protocol = "published";
  options.epochs = 1;
  const TrainOutcome outcome = train(options, folder / "run", {});
  EXPECT_EQ(outcome.test_best.facts.at("protocol"), "published");
  EXPECT_FALSE(fs::exists(folder / "run/results/val.csv")) << "there is no validation split";
}

}  // namespace
}  // namespace ferv::training

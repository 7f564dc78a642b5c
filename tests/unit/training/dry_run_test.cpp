// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/dry_run.h"

#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

TrainOptions tiny_training(const test::TemporaryFolder& folder) {
  test::write_tiny_data_set(folder / "data");
  TrainOptions options;
  options.data = (folder / "data").string();
  options.frames = 2;
  options.segments = 1;
  options.height = 32;
  options.width = 32;
  options.epochs = 10;
  options.batch_size = 4;
  options.accumulate_batches = 3;
  options.validation_fraction = 0.3;
  options.precision = "fp32";
  options.threads = 2;
  return options;
}

TEST(DryRun, CountsModelMemoryAndClips) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_training(folder);
  const DryRun rehearsal = dry_run(options, {});
  EXPECT_EQ(rehearsal.parameter_count, 13281351);
  EXPECT_EQ(rehearsal.learning_count, rehearsal.parameter_count);
  EXPECT_EQ(rehearsal.clip_spec, "2x32x32");
  EXPECT_EQ(rehearsal.test_clips, 14U);
  EXPECT_EQ(rehearsal.training_clips + rehearsal.selection_clips, 42U);
  EXPECT_EQ(rehearsal.selection_split, "val");
  EXPECT_EQ(rehearsal.batches_per_epoch, static_cast<std::int64_t>(rehearsal.training_clips / 4));
  EXPECT_EQ(rehearsal.steps_per_epoch, (rehearsal.batches_per_epoch + 2) / 3);
  EXPECT_EQ(rehearsal.memory.gradients, 4 * rehearsal.parameter_count);
  EXPECT_EQ(rehearsal.memory.optimizer, 4 * rehearsal.parameter_count) << "one momentum a parameter";
  EXPECT_GT(rehearsal.memory.weights, 4 * rehearsal.parameter_count) << "buffers too";
  EXPECT_EQ(rehearsal.memory.average, 0);
  EXPECT_GT(rehearsal.memory.layer_outputs, 0);
  EXPECT_GT(rehearsal.mac_count, 0);

  options.optimizer = "adamw";
  options.ema_decay = 0.9;
  options.freeze = "backbone";
  const DryRun frozen = dry_run(options, {});
  EXPECT_LT(frozen.learning_count, rehearsal.learning_count);
  EXPECT_EQ(frozen.memory.gradients, 4 * frozen.learning_count);
  EXPECT_EQ(frozen.memory.average, 4 * frozen.parameter_count);
}

TEST(DryRun, MeasuresAndWritesNothing) {
  const test::TemporaryFolder folder;
  const DryRun rehearsal = dry_run(tiny_training(folder), {});
  EXPECT_GE(rehearsal.timed_batches, 1U);
  EXPECT_GT(rehearsal.batch_s, 0);
  EXPECT_GT(rehearsal.evaluation_batch_s, 0);
  EXPECT_GT(rehearsal.loader_clips_per_s, 0);
  const double batches_s = rehearsal.batch_s * static_cast<double>(rehearsal.batches_per_epoch);
  EXPECT_GE(rehearsal.epoch_s, batches_s) << "loading and validation come on top";
  EXPECT_GE(rehearsal.run_s, 10 * rehearsal.epoch_s);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "the data alone";
}

TEST(DryRun, RefusesWhatTrainingRefuses) {
  const test::TemporaryFolder folder;
  TrainOptions options = tiny_training(folder);
  options.model = "r18_lstm.dfew";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("init_from"),
                     [&] { (void)dry_run(options, {}); });
  options = tiny_training(folder);
  options.data = (folder / "none").string();
  test::expect_error(ErrorKind::kNotFound, HasSubstr("none"), [&] { (void)dry_run(options, {}); });
}

}  // namespace
}  // namespace ferv::training

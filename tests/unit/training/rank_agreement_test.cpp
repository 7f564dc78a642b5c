// SPDX-License-Identifier: Apache-2.0
#include "rank_agreement.h"

#include "matchers.h"
#include "rank_threads.h"

namespace ferv::training {
namespace {

using test::run_ranks;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(DecideTogether, StopsWhenAnyRankMustAndSavesWhenTheFirstWants) {
  nn::Communicator alone;
  EXPECT_TRUE(decide_together(alone, {.stop = true}).stop);
  EXPECT_TRUE(decide_together(alone, {.save = true}).save);
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(2, 60, [](nn::Communicator& communicator) {
    const bool first = communicator.is_first();
    const StepDecision stop = decide_together(communicator, {.stop = !first, .save = !first});
    EXPECT_TRUE(stop.stop);
    EXPECT_FALSE(stop.save) << "clocks differ; one has to count";
    EXPECT_TRUE(decide_together(communicator, {.save = first}).save);
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
}

TEST(RequireSameFacts, NamesTheRankThatDiffers) {
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(3, 60, [](nn::Communicator& communicator) {
    const std::string data = communicator.rank() == 2 ? "other" : "same";
    test::expect_error(ErrorKind::kIncompatible, HasSubstr("rank 2 and rank 0 differ in data"), [&] {
      require_same_facts(communicator, {{"data", data}, {"settings", "x"}});
    });
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
}

TEST(RequireRoomForRanks, WantsAClipForEachRank) {
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(3, 60, [](nn::Communicator& communicator) {
    TrainOptions options;
    options.batch_size = 3;
    require_room_for_ranks(options, 100, communicator);
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("3 processes share batches of 2 clips"),
                       [&] { require_room_for_ranks(options, 2, communicator); });
    options.sync_batch_norm = true;
    options.bad_data = "skip";
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("substitute"),
                       [&] { require_room_for_ranks(options, 100, communicator); });
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
}

TEST(EnforceBadShare, CountsTheClipsOfAllRanks) {
  TrainOptions options;
  options.bad_share_max = 0.1;
  enforce_bad_share(options, 2, 20);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("3 of the 20 clips"),
                     [&] { enforce_bad_share(options, 3, 20); });
}

TEST(ShareProgress, GivesAllRanksWhatTheFirstHas) {
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(2, 60, [](nn::Communicator& communicator) {
    Progress progress;
    evaluation::ConfusionMatrix confusion;
    confusion.counts = {{0, 0}, {0, 0}};
    if (communicator.is_first()) {
      progress = {.epoch = 1,
                  .batch = 2,
                  .step = 3,
                  .loss_sum = 0.1,
                  .clip_count = 5,
                  .bad_count = 6,
                  .best_metric = 0.7,
                  .best_epoch = 0,
                  .loss_scale = {.scale = 16, .good_steps = 9}};
      confusion.counts = {{1, 2}, {3, 4}};
    }
    share_progress(communicator, progress, confusion);
    EXPECT_EQ(progress.epoch, 1);
    EXPECT_EQ(progress.batch, 2);
    EXPECT_EQ(progress.step, 3);
    EXPECT_EQ(progress.loss_sum, 0.1);
    EXPECT_EQ(progress.clip_count, 5);
    EXPECT_EQ(progress.bad_count, 6);
    EXPECT_EQ(progress.best_metric, 0.7);
    EXPECT_EQ(progress.best_epoch, 0);
    EXPECT_EQ(progress.loss_scale.scale, 16);
    EXPECT_EQ(progress.loss_scale.good_steps, 9);
    EXPECT_EQ(confusion.counts, (std::vector<std::vector<std::int64_t>>{{1, 2}, {3, 4}}));
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
}

}  // namespace
}  // namespace ferv::training

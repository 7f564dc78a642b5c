// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/transfer.h"

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/evaluation/results.h"
#include "matchers.h"
#include "stop_after.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

/// Two scenarios: Action is of WIS9k, War of AI9k.
class TransferTest : public testing::Test {
 protected:
  TransferTest() {
    test::write_tiny_data_set(folder_ / "data");
    options_.train.data = (folder_ / "data").string();
    options_.train.model = "r18_lstm";
    options_.train.frames = 4;
    options_.train.segments = 4;
    options_.train.frames_per_segment = 1;
    options_.train.height = options_.train.width = 32;
    options_.train.epochs = 1;
    options_.train.batch_size = 7;
    options_.train.threads = 1;
    options_.folder = folder_ / "out";
  }

  test::TemporaryFolder folder_;
  TransferOptions options_;
};

TEST_F(TransferTest, TrainsOnEachPartAndTestsOnAll) {
  const TransferOutcome outcome = run_transfer(options_, {});
  EXPECT_FALSE(outcome.stopped);
  EXPECT_THAT(outcome.parts, ElementsAre("WIS9k", "AI9k"));
  ASSERT_EQ(outcome.cells.size(), 4U);
  EXPECT_EQ(outcome.cells[1].trained_on, "WIS9k");
  EXPECT_EQ(outcome.cells[1].tested_on, "AI9k");
  for (const TransferCell& cell : outcome.cells) {
    EXPECT_EQ(cell.clip_count, 7U);
    const auto results =
        evaluation::read_results(options_.folder / "results" / cell.trained_on / (cell.tested_on + ".csv"));
    EXPECT_EQ(results.facts.at("trained_on"), cell.trained_on);
    const std::string scene = cell.tested_on == "AI9k" ? "War/" : "Action/";
    for (const auto& row : results.rows) EXPECT_THAT(row.clip, HasSubstr(scene));
  }
  EXPECT_THAT(read_text_file(options_.folder / "transfer.csv"), HasSubstr("\nAI9k,WIS9k,7,"));
}

TEST_F(TransferTest, GoesOnAfterAStopAndEndsTheSame) {
  TransferOptions whole = options_;
  whole.folder = folder_ / "whole";
  (void)run_transfer(whole, {});
  test::StopAfter stop(4);  // in the second part's training
  EXPECT_TRUE(run_transfer(options_, stop.observer).stopped);
  EXPECT_FALSE(fs::exists(options_.folder / "transfer.csv"));
  EXPECT_FALSE(run_transfer(options_, {}).stopped);
  EXPECT_EQ(read_text_file(options_.folder / "transfer.csv"), read_text_file(whole.folder / "transfer.csv"));
}

TEST_F(TransferTest, RefusesOtherSettingsInABegunFolderAndSetsOfOnePart) {
  test::StopAfter stop(1);
  EXPECT_TRUE(run_transfer(options_, stop.observer).stopped);
  options_.train.learning_rate *= 2;
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("begun with other settings"),
                     [&] { (void)run_transfer(options_, {}); });
  test::write_tiny_data_set(folder_ / "one", {.scenes = {"War"}});
  options_.train.data = (folder_ / "one").string();
  options_.folder = folder_ / "another";
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("1 parts have clips"),
                     [&] { (void)run_transfer(options_, {}); });
}

}  // namespace
}  // namespace ferv::training

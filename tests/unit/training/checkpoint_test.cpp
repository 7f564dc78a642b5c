// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.h"

#include <torch/torch.h>

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

Checkpoint example(std::int64_t step) {
  Checkpoint checkpoint;
  checkpoint.progress = {.epoch = 3,
                         .batch = 5,
                         .step = step,
                         .loss_sum = 0.1 + 1e-17,
                         .clip_count = 40,
                         .best_metric = 1.0 / 3,
                         .best_epoch = 2};
  checkpoint.facts = {{"data", "x"}};
  checkpoint.confusion = {{1, 2}, {3, 4}};
  checkpoint.model.tensors = {{"w", torch::arange(4.0)}, {"n", torch::tensor(7)}};
  checkpoint.optimizer.tensors = {{"optimizer.0.velocity", torch::ones({2})}};
  return checkpoint;
}

TEST(Checkpoint, ComesBackExactly) {
  const test::TemporaryFolder folder;
  write_checkpoint(folder.path(), example(12), 2);
  std::vector<std::string> skipped;
  const auto read = read_newest_checkpoint(folder.path(), skipped);
  ASSERT_TRUE(read);
  EXPECT_TRUE(skipped.empty());
  EXPECT_EQ(read->progress.step, 12);
  EXPECT_EQ(read->progress.batch, 5);
  EXPECT_EQ(read->progress.loss_sum, 0.1 + 1e-17);
  EXPECT_EQ(read->progress.best_metric, 1.0 / 3);
  EXPECT_EQ(read->confusion, example(12).confusion);
  ASSERT_EQ(read->model.tensors.size(), 2U);
  EXPECT_EQ(read->model.tensors[0].first, "w");
  EXPECT_TRUE(torch::equal(read->model.tensors[0].second, torch::arange(4.0)));
  EXPECT_EQ(read->optimizer.tensors.at(0).first, "optimizer.0.velocity");
}

TEST(Checkpoint, KeepsTheNewest) {
  const test::TemporaryFolder folder;
  for (const int step : {1, 2, 30}) write_checkpoint(folder.path(), example(step), 2);
  EXPECT_EQ(std::distance(fs::directory_iterator(folder.path()), {}), 4);
  std::vector<std::string> skipped;
  EXPECT_EQ(read_newest_checkpoint(folder.path(), skipped)->progress.step, 30);
}

TEST(Checkpoint, IsNotTakenWhenAnyByteOfItHasChangedOrIsMissing) {
  const test::TemporaryFolder folder;
  write_checkpoint(folder.path(), example(1), 5);
  write_checkpoint(folder.path(), example(2), 5);
  const fs::path newest = folder / "step_0000000002.safetensors";
  const std::vector<std::uint8_t> good = read_file(newest);
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::vector<std::uint8_t> bytes = good;
    bytes[at] ^= 0x10;
    write_file_atomically(newest, bytes);
    std::vector<std::string> skipped;
    EXPECT_EQ(read_newest_checkpoint(folder.path(), skipped)->progress.step, 1) << at;
  }
  fs::resize_file(newest, good.size() - 1);
  std::vector<std::string> skipped;
  EXPECT_EQ(read_newest_checkpoint(folder.path(), skipped)->progress.step, 1);
  write_file_atomically(folder / "step_0000000001.json", std::string_view("{}"));
  EXPECT_FALSE(read_newest_checkpoint(folder.path(), skipped));
}

TEST(Checkpoint, IsAbsentFromAnEmptyOrMissingFolder) {
  std::vector<std::string> skipped;
  EXPECT_FALSE(read_newest_checkpoint("/no/such/folder", skipped));
}

}  // namespace
}  // namespace ferv::training

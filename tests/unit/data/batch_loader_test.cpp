// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/batch_loader.h"

#include <numeric>
#include <set>

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

const ClipIndex& index() {
  static const test::TemporaryFolder folder;
  static const ClipIndex value = [] {
    test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
    return read_ferv39k(folder / "data", {});
  }();
  return value;
}

std::vector<std::size_t> all_positions() {
  std::vector<std::size_t> positions(index().clips.size());
  std::iota(positions.begin(), positions.end(), std::size_t{0});
  return positions;
}

LoaderOptions training_options(int threads) {
  LoaderOptions options;
  options.spec = {.frame_count = 4, .height_px = 16, .width_px = 20};
  options.sampling = {.segment_count = 2, .frames_per_segment = 2};
  options.training = true;
  options.batch_size = 5;
  options.seed = 3;
  options.threads = threads;
  return options;
}

struct Copied {
  std::vector<std::pmr::vector<std::uint8_t>> streams;
  std::vector<std::int64_t> labels;
  std::vector<std::size_t> positions;
  friend bool operator==(const Copied&, const Copied&) = default;
};

std::vector<Copied> read_epoch(BatchLoader& loader, std::uint64_t epoch, std::size_t first_batch = 0) {
  std::vector<Copied> batches;
  loader.start_epoch(epoch, first_batch);
  while (const Batch* batch = loader.next())
    batches.push_back({batch->streams, batch->labels, batch->positions});
  return batches;
}

TEST(BatchLoader, GivesTheSameBatchesWhateverTheThreadsAndPrefetch) {
  BatchLoader one(index(), all_positions(), training_options(1));
  LoaderOptions wide = training_options(5);
  wide.prefetch_batches = 4;
  BatchLoader five(index(), all_positions(), wide);
  for (const std::uint64_t epoch : {0, 1, 2})
    EXPECT_EQ(read_epoch(one, epoch), read_epoch(five, epoch)) << epoch;
}

TEST(BatchLoader, GoesOnInMidEpochAsIfItHadNeverStopped) {
  BatchLoader loader(index(), all_positions(), training_options(3));
  const auto whole = read_epoch(loader, 7);
  BatchLoader fresh(index(), all_positions(), training_options(2));
  const auto rest = read_epoch(fresh, 7, 2);
  EXPECT_EQ(rest, std::vector<Copied>(whole.begin() + 2, whole.end()));
}

TEST(BatchLoader, SharesOfABatchAreTogetherTheBatch) {
  for (const std::size_t batch_size : {5U, 6U, 8U, 27U}) {  // 28 clips: the last batch is short
    LoaderOptions options = training_options(2);
    options.batch_size = batch_size;
    BatchLoader whole(index(), all_positions(), options);
    const auto wanted = read_epoch(whole, 3);
    for (const std::size_t count : {1U, 2U, 3U, 5U}) {
      Copied empty;
      empty.streams.resize(1);
      std::vector<Copied> joined(wanted.size(), empty);
      for (std::size_t share = 0; share < count; ++share) {
        options.share = {.index = share, .count = count};
        BatchLoader loader(index(), all_positions(), options);
        EXPECT_EQ((loader.start_epoch(3), loader.batches_per_epoch()), wanted.size());
        const auto parts = read_epoch(loader, 3);
        ASSERT_EQ(parts.size(), wanted.size()) << "batches in which a share has no clip are given out empty";
        for (std::size_t b = 0; b < parts.size(); ++b) {
          const auto append = [](auto& to, const auto& from) {
            to.insert(to.end(), from.begin(), from.end());
          };
          append(joined[b].streams[0], parts[b].streams[0]);
          append(joined[b].labels, parts[b].labels);
          append(joined[b].positions, parts[b].positions);
        }
      }
      EXPECT_EQ(joined, wanted) << batch_size << " clips in " << count << " shares";
    }
  }
}

TEST(BatchLoader, AShareGoesOnInMidEpochAsIfItHadNeverStopped) {
  LoaderOptions options = training_options(2);
  options.share = {.index = 1, .count = 3};
  BatchLoader loader(index(), all_positions(), options);
  const auto whole = read_epoch(loader, 7);
  EXPECT_EQ(read_epoch(loader, 7, 2), std::vector<Copied>(whole.begin() + 2, whole.end()));
}

TEST(BatchLoader, PutsPixelsIntoTheMemoryThatIsGiven) {
  std::pmr::synchronized_pool_resource memory;
  LoaderOptions options = training_options(2);
  options.memory = &memory;
  BatchLoader loader(index(), all_positions(), options);
  loader.start_epoch(0);
  const Batch* batch = loader.next();
  ASSERT_NE(batch, nullptr);
  EXPECT_EQ(batch->pixels().get_allocator().resource(), &memory);
  BatchLoader ordinary(index(), all_positions(), training_options(2));
  ordinary.start_epoch(0);
  EXPECT_EQ(ordinary.next()->pixels(), batch->pixels());
}

TEST(BatchLoader, RefusesMoreSharesThanABatchHasClips) {
  LoaderOptions options = training_options(1);
  options.share = {.index = 5, .count = 6};
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("share 5 of 6 of batches of 5 clips"),
                     [&] { BatchLoader loader(index(), all_positions(), options); });
}

TEST(BatchLoader, CanBeRestartedBeforeItsEpochEnds) {
  BatchLoader loader(index(), all_positions(), training_options(4));
  const auto whole = read_epoch(loader, 1);
  for (int round = 0; round < 20; ++round) {
    loader.start_epoch(static_cast<std::uint64_t>(round));
    (void)loader.next();
  }
  EXPECT_EQ(read_epoch(loader, 1), whole);
}

TEST(BatchLoader, ShowsEachClipOnceAnEpochInAnotherOrder) {
  BatchLoader loader(index(), all_positions(), training_options(2));
  std::vector<std::vector<std::size_t>> orders;
  for (const std::uint64_t epoch : {0, 1}) {
    std::vector<std::size_t> order;
    for (const Copied& batch : read_epoch(loader, epoch))
      order.insert(order.end(), batch.positions.begin(), batch.positions.end());
    EXPECT_EQ(std::set<std::size_t>(order.begin(), order.end()).size(), index().clips.size());
    EXPECT_EQ(order.size(), index().clips.size());
    orders.push_back(order);
  }
  EXPECT_NE(orders[0], orders[1]);
}

TEST(BatchLoader, TestsInListOrderWithoutAugmentation) {
  LoaderOptions options = training_options(2);
  options.training = false;
  BatchLoader loader(index(), all_positions(), options);
  const auto first = read_epoch(loader, 0);
  EXPECT_EQ(first, read_epoch(loader, 5)) << "nothing depends on the epoch";
  EXPECT_EQ(first[0].positions, (std::vector<std::size_t>{0, 1, 2, 3, 4}));
  EXPECT_EQ(first.back().labels.size(), index().clips.size() % 5);
}

TEST(BatchLoader, DropsARaggedLastBatchOnRequest) {
  LoaderOptions options = training_options(2);
  options.drop_last = true;
  BatchLoader loader(index(), all_positions(), options);
  EXPECT_EQ(read_epoch(loader, 0).size(), index().clips.size() / 5);
  EXPECT_EQ(loader.batches_per_epoch(), index().clips.size() / 5);
}

/// A copy of the data set with one damaged clip.
struct Damaged {
  test::TemporaryFolder folder;
  ClipIndex index;
  std::size_t bad_position = 0;
  Damaged() {
    test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
    for (int frame = 0; frame < 10; ++frame) {
      write_file_atomically(
          folder / ("data/2_ClipsforFaceCrop/War/Sad/0000/0" + std::to_string(frame) + ".jpg"),
          std::string_view("no picture"));
    }
    index = read_ferv39k(folder / "data", {});
    while (index.clips[bad_position].id != "War/Sad/0000") ++bad_position;
  }
};

TEST(BadData, FailsWithThePathByDefault) {
  Damaged damaged;
  BatchLoader loader(damaged.index, all_positions(), training_options(2));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("War/Sad/0000/"),
                     [&] { (void)read_epoch(loader, 0); });
}

TEST(BadData, CanBeSkippedOrSubstitutedTheSameWayEachTime) {
  Damaged damaged;
  for (const char* policy : {"skip", "substitute"}) {
    LoaderOptions options = training_options(3);
    options.bad_data = policy;
    BatchLoader loader(damaged.index, all_positions(), options);
    const auto batches = read_epoch(loader, 2);
    std::size_t count = 0;
    for (const Copied& batch : batches) {
      count += batch.positions.size();
      for (const std::size_t position : batch.positions) EXPECT_NE(position, damaged.bad_position);
    }
    EXPECT_EQ(count, damaged.index.clips.size() - (policy == std::string("skip") ? 1U : 0U));
    ASSERT_EQ(loader.bad_clips().size(), 1U);
    EXPECT_EQ(loader.bad_clips()[0].position, damaged.bad_position);
    EXPECT_THAT(loader.bad_clips()[0].reason, HasSubstr("War/Sad/0000"));
    options.threads = 1;
    BatchLoader again(damaged.index, all_positions(), options);
    EXPECT_EQ(read_epoch(again, 2), batches);
  }
}

TEST(BadData, IsTheSameAfterAResumeInMidEpoch) {
  Damaged damaged;
  for (const char* policy : {"skip", "substitute"}) {
    LoaderOptions options = training_options(3);
    options.bad_data = policy;
    for (const std::uint64_t epoch : {0, 1, 2, 3}) {
      BatchLoader loader(damaged.index, all_positions(), options);
      const auto whole = read_epoch(loader, epoch);
      const std::vector<BadClip> events = loader.bad_clips();
      ASSERT_EQ(events.size(), 1U);
      EXPECT_THAT(events[0].reason, HasSubstr("2_ClipsforFaceCrop/War/Sad/0000/"));
      EXPECT_EQ(events[0].substitute.has_value(), policy == std::string("substitute"));
      const std::size_t at = events[0].batch;
      BatchLoader resumed(damaged.index, all_positions(), options);
      EXPECT_EQ(read_epoch(resumed, epoch, at),
                std::vector<Copied>(whole.begin() + static_cast<std::ptrdiff_t>(at), whole.end()));
      EXPECT_EQ(resumed.bad_clips(), events);
      (void)read_epoch(resumed, epoch, at + 1);
      EXPECT_TRUE(resumed.bad_clips().empty()) << "what came before the resume is not told again";
    }
  }
}

TEST(BadData, IsAnErrorWhenThereIsMoreThanTheCap) {
  Damaged damaged;
  for (const char* policy : {"skip", "substitute"}) {
    LoaderOptions options = training_options(2);
    options.bad_data = policy;
    options.bad_share_max = 0.03;  // of 28 clips: less than one
    BatchLoader loader(damaged.index, all_positions(), options);
    test::expect_error(
        ErrorKind::kCorruptData,
        testing::AllOf(HasSubstr("1 of the 28 clips"), HasSubstr("0.03"), HasSubstr("War/Sad/0000/")),
        [&] { (void)read_epoch(loader, 0); });
  }
}

TEST(BadData, CountsAgainstTheCapWhatCameBeforeAResume) {
  Damaged damaged;
  LoaderOptions options = training_options(2);
  options.bad_data = "skip";
  options.bad_share_max = 0.1;  // 2 of 28
  BatchLoader loader(damaged.index, all_positions(), options);
  loader.start_epoch(0, 0, 1);
  while (loader.next() != nullptr) continue;
  loader.start_epoch(0, 0, 2);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("3 of the 28 clips"), [&] {
    while (loader.next() != nullptr) continue;
  });
}

TEST(BatchLoader, RefusesOptionsThatDoNotFit) {
  LoaderOptions options = training_options(1);
  options.sampling.segment_count = 3;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("sampling gives 6 frames"),
                     [&] { const BatchLoader loader(index(), all_positions(), options); });
  options = training_options(1);
  options.bad_data = "ignore";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'ignore'"),
                     [&] { const BatchLoader loader(index(), all_positions(), options); });
  options = training_options(1);
  options.streams.clear();
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("streams is empty"),
                     [&] { const BatchLoader loader(index(), all_positions(), options); });
}

}  // namespace
}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/pack.h"

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

struct Source {
  test::TemporaryFolder folder;
  ClipIndex index;
  fs::path pack = folder / "faces.pack";
  Source() {
    test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .frame_count = 4});
    fs::copy(folder / "data/2_ClipsforFaceCrop", folder / "data/3_ClipsforScenImages",
             fs::copy_options::recursive);
    index = read_ferv39k(folder / "data", {});
  }
};

LoaderOptions loader_options() {
  LoaderOptions options;
  // More than two thirds of the frames, so that they are decoded in full, as raw packs of their size hold
  // them.
  options.spec = {.frame_count = 4, .height_px = 24, .width_px = 24};
  options.sampling = {.segment_count = 2, .frames_per_segment = 2};
  options.batch_size = 64;
  options.threads = 2;
  return options;
}

std::vector<std::pmr::vector<std::uint8_t>> all_pixels(const ClipIndex& index, const LoaderOptions& options) {
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < index.clips.size(); ++i) positions.push_back(i);
  BatchLoader loader(index, positions, options);
  loader.start_epoch(1);
  return loader.next()->streams;
}

TEST(Pack, HoldsTheSameDataSet) {
  const Source source;
  const PackSummary summary = write_pack(source.index, source.pack, {.size_px = 32}, {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.clips_written, 28U);
  EXPECT_EQ(summary.frames_written, 28U * 4);
  EXPECT_TRUE(is_pack(source.pack));
  EXPECT_FALSE(is_pack(source.folder / "data"));
  const OpenedPack opened = open_pack(source.pack);
  EXPECT_EQ(opened.warning, "");
  EXPECT_EQ(fingerprint(opened.index), fingerprint(source.index)) << "classes, clips, labels, splits, frames";
  EXPECT_EQ(open_pack(source.pack, "War").index.clips.size(), 14U);
  EXPECT_EQ(open_pack(source.pack, "AI9k").index.clips.size(), 14U);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("'Peace'"),
                     [&] { (void)open_pack(source.pack, "Peace"); });
}

TEST(Pack, GivesTheLoaderThePixelsOfTheFiles) {
  const Source source;
  LoaderOptions options = loader_options();
  options.training = true;
  options.streams = {Stream::kFace, Stream::kScene, Stream::kDiff};
  const auto from_files = all_pixels(source.index, options);
  for (const PackEncoding encoding : {PackEncoding::kOriginal, PackEncoding::kRaw}) {
    const fs::path path = source.folder / (std::string(to_string(encoding)) + ".pack");
    (void)write_pack(source.index, path,
                     {.encoding = encoding, .size_px = 32, .streams = {Stream::kFace, Stream::kScene}}, {});
    EXPECT_EQ(all_pixels(open_pack(path).index, options), from_files) << to_string(encoding);
  }
}

TEST(BatchLoader, GivesTheSameBatchesFromItsCache) {
  const Source source;
  LoaderOptions options = loader_options();
  options.training = true;
  options.batch_size = 28;
  std::vector<std::size_t> positions = clips_of(source.index, Split::kTrain);
  BatchLoader plain(source.index, positions, options);
  // Room for all frames, for some, and for none.
  for (const std::size_t bytes : {std::size_t{1} << 30, std::size_t{50000}, std::size_t{10}}) {
    options.cache_bytes = bytes;
    BatchLoader cached(source.index, positions, options);
    for (std::uint64_t epoch = 0; epoch < 4; ++epoch) {
      plain.start_epoch(epoch);
      cached.start_epoch(epoch);
      EXPECT_EQ(cached.next()->streams, plain.next()->streams);
    }
  }
}

TEST(Pack, AtTrainingSizeIsCloseToTheFiles) {
  const Source source;
  (void)write_pack(source.index, source.pack, {.size_px = 16}, {});
  const auto from_files = all_pixels(source.index, loader_options());
  const auto from_pack = all_pixels(open_pack(source.pack).index, loader_options());
  double sum = 0;
  for (std::size_t i = 0; i < from_files[0].size(); ++i) sum += std::abs(from_files[0][i] - from_pack[0][i]);
  EXPECT_LT(sum / static_cast<double>(from_files[0].size()), 4);
}

TEST(Pack, NamesTheClipOfAFlippedBit) {
  const Source source;
  (void)write_pack(source.index, source.pack, {.size_px = 32}, {});
  auto bytes = read_file(source.pack);
  bytes[bytes.size() - 40] ^= 4;  // in the last clip
  write_file_atomically(source.pack, std::span<const std::uint8_t>(bytes));
  const OpenedPack opened = open_pack(source.pack);
  const std::string id = opened.index.clips.back().id;
  test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr("faces.pack/" + id), HasSubstr("checksum")),
                     [&] { (void)all_pixels(opened.index, loader_options()); });
  LoaderOptions options = loader_options();
  options.bad_data = "skip";
  EXPECT_EQ(all_pixels(opened.index, options)[0].size(), 27U * 4 * 24 * 24 * 3)
      << "a policy holds for packs too";
}

TEST(Pack, OpensCutOffAndGoesOnToTheSameFile) {
  const Source source;
  (void)write_pack(source.index, source.pack, {.size_px = 32}, {});
  const auto whole = read_file(source.pack);
  for (const std::size_t size : {whole.size() - 1, whole.size() / 2, whole.size() / 10}) {
    fs::resize_file(source.pack, size);
    try {
      const OpenedPack opened = open_pack(source.pack);
      EXPECT_THAT(opened.warning, HasSubstr("of 28 clips are whole"));
      (void)all_pixels(opened.index, loader_options());
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr("no whole clip"));
    }
    EXPECT_TRUE(write_pack(source.index, source.pack, {.size_px = 32}, {}).complete);
    EXPECT_EQ(read_file(source.pack), whole);
  }
}

TEST(Pack, AppendsClipsThatItLacks) {
  const Source source;
  ClipIndex half = source.index;
  half.clips.resize(10);
  (void)write_pack(half, source.pack, {.size_px = 32}, {});
  const auto before = read_file(source.pack);
  const PackSummary summary = write_pack(source.index, source.pack, {.size_px = 32}, {});
  EXPECT_EQ(summary.clips_kept, 10U);
  EXPECT_EQ(summary.clips_written, 18U);
  auto after = read_file(source.pack);
  EXPECT_EQ(fingerprint(open_pack(source.pack).index), fingerprint(source.index));
  after.resize(before.size());
  EXPECT_EQ(after, before) << "what is written is never changed";
  EXPECT_EQ(write_pack(source.index, source.pack, {.size_px = 32}, {}).clips_written, 0U);
}

TEST(Pack, StopsBetweenPartsWithoutHarm) {
  const Source source;
  std::atomic<bool> stop{true};
  Observer observer;
  observer.stop_requested = &stop;
  EXPECT_FALSE(write_pack(source.index, source.pack, {.size_px = 32}, observer).complete);
  stop = false;
  EXPECT_TRUE(write_pack(source.index, source.pack, {.size_px = 32}, observer).complete);
  EXPECT_EQ(open_pack(source.pack).index.clips.size(), 28U);
}

TEST(Pack, LeavesOutClipsThatCannotBeReadAndSaysSo) {
  const Source source;
  write_file_atomically(source.folder / "data/2_ClipsforFaceCrop/War/Fear/0001/02.jpg",
                        std::string_view("no"));
  const PackSummary summary = write_pack(source.index, source.pack, {.size_px = 32}, {});
  EXPECT_TRUE(summary.complete);
  ASSERT_EQ(summary.bad.size(), 1U);
  EXPECT_THAT(summary.bad[0].reason, HasSubstr("War/Fear/0001/02.jpg"));
  const OpenedPack opened = open_pack(source.pack);
  EXPECT_EQ(opened.index.clips.size(), 27U);
  EXPECT_EQ(opened.warning, "");
}

TEST(Pack, CanBeMadeFromAPack) {
  const Source source;
  (void)write_pack(source.index, source.pack, {.encoding = PackEncoding::kRaw, .size_px = 32}, {});
  const OpenedPack raw = open_pack(source.pack);
  const fs::path small = source.folder / "small.pack";
  (void)write_pack(raw.index, small, {.size_px = 16}, {});
  EXPECT_EQ(fingerprint(open_pack(small).index), fingerprint(source.index));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("no original JPEG"), [&] {
    (void)write_pack(raw.index, source.folder / "original.pack", {.encoding = PackEncoding::kOriginal}, {});
  });
}

TEST(Pack, RefusesWhatDoesNotFit) {
  const Source source;
  (void)write_pack(source.index, source.pack, {.size_px = 32}, {});
  test::expect_error(ErrorKind::kInvalidArgument,
                     AllOf(HasSubstr("size (32, wanted 48)"), HasSubstr("faces.pack")),
                     [&] { (void)write_pack(source.index, source.pack, {.size_px = 48}, {}); });
  ClipIndex other = source.index;
  other.clips[0].label = 3;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("another label or split"),
                     [&] { (void)write_pack(other, source.pack, {.size_px = 32}, {}); });
  const ClipIndex packed = open_pack(source.pack).index;
  LoaderOptions options = loader_options();
  options.streams = {Stream::kFace, Stream::kScene};
  test::expect_error(ErrorKind::kNotFound, AllOf(HasSubstr("faces.pack"), HasSubstr("--scene")),
                     [&] { (void)all_pixels(packed, options); });
  write_file_atomically(source.folder / "text", std::string_view("no pack at all"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("is no pack"),
                     [&] { (void)write_pack(source.index, source.folder / "text", {}, {}); });
  EXPECT_EQ(read_text_file(source.folder / "text"), "no pack at all");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("none.pack"),
                     [&] { (void)open_pack(source.folder / "none.pack"); });
}

}  // namespace
}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/streams.h"

#include <cstring>

#include "ferv/data/batch_loader.h"
#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

constexpr std::size_t kFrameBytes = std::size_t{16} * 20 * 3;
constexpr std::size_t kFrameCount = 4;

LoaderOptions options_with(std::vector<Stream> streams) {
  LoaderOptions options;
  options.spec = {.frame_count = kFrameCount, .height_px = 16, .width_px = 20};
  options.sampling = {.segment_count = 2, .frames_per_segment = 2};
  options.training = true;
  options.batch_size = 64;
  options.threads = 2;
  options.streams = std::move(streams);
  return options;
}

/// Faces, with scenes and flow that are copies of them.
struct TwoFolders {
  test::TemporaryFolder folder;
  TwoFolders() {
    test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
    for (const char* name : {"3_ClipsforScenImages", "5_OpticalFlow"})
      fs::copy(folder / "data/2_ClipsforFaceCrop", folder / ("data/" + std::string(name)),
               fs::copy_options::recursive);
  }
  [[nodiscard]] ClipIndex index() const { return read_ferv39k(folder / "data", {}); }
};

std::vector<std::pmr::vector<std::uint8_t>> first_batch(const ClipIndex& index,
                                                        const LoaderOptions& options) {
  BatchLoader loader(index, clips_of(index, Split::kTrain), options);
  loader.start_epoch(1);
  return loader.next()->streams;
}

TEST(Stream, HasNames) {
  for (const Stream stream : {Stream::kFace, Stream::kScene, Stream::kDiff, Stream::kFlow})
    EXPECT_EQ(stream_from_name(to_string(stream)), stream);
  test::expect_error(ErrorKind::kInvalidArgument, AllOf(HasSubstr("'face '"), HasSubstr("diff or flow")),
                     [] { (void)stream_from_name("face "); });
}

TEST(Streams, ShareOneAugmentation) {
  const TwoFolders data;
  LoaderOptions options = options_with({Stream::kFace, Stream::kScene});
  options.augmentation.rotation_degrees_max = 20;
  options.augmentation.hue = 0.3;
  options.augmentation.erase_probability = 0.5;
  options.augmentation.temporal_jitter_frames = 2;
  const auto streams = first_batch(data.index(), options);
  ASSERT_EQ(streams.size(), 2U);
  EXPECT_EQ(streams[0], streams[1]) << "scenes that are copies of the faces";
  options.streams = {Stream::kFace};
  EXPECT_EQ(streams[0], first_batch(data.index(), options)[0])
      << "a further stream changes nothing in the first";
}

TEST(Streams, OfAStillClipStayStillUnderEveryAugmentation) {
  const TwoFolders data;
  const fs::path clip = data.folder / "data/2_ClipsforFaceCrop/War/Sad/0000";
  for (int frame = 1; frame < 10; ++frame) {
    fs::copy_file(clip / "00.jpg", clip / ("0" + std::to_string(frame) + ".jpg"),
                  fs::copy_options::overwrite_existing);
  }
  const ClipIndex index = data.index();
  std::vector<std::size_t> positions = clips_of(index, Split::kTrain);
  std::erase_if(positions, [&](std::size_t i) { return index.clips[i].id != "War/Sad/0000"; });
  LoaderOptions options = options_with({Stream::kFace, Stream::kScene, Stream::kDiff});
  options.augmentation = {.rotation_degrees_max = 20,
                          .brightness = 0.5,
                          .contrast = 0.5,
                          .saturation = 0.5,
                          .hue = 0.2,
                          .grey_probability = 0.3,
                          .erase_probability = 0.7};
  BatchLoader loader(index, positions, options);
  for (std::uint64_t epoch = 0; epoch < 20; ++epoch) {
    loader.start_epoch(epoch);
    const std::vector<std::pmr::vector<std::uint8_t>> streams = loader.next()->streams;
    for (std::size_t i = kFrameBytes; i < streams[0].size(); ++i)
      ASSERT_EQ(streams[0][i], streams[0][i - kFrameBytes]);
    EXPECT_EQ(streams[2], std::pmr::vector<std::uint8_t>(streams[2].size(), 128));
  }
}

TEST(Streams, ComeInTheirOrder) {
  const TwoFolders data;
  const auto ab = first_batch(data.index(), options_with({Stream::kFace, Stream::kDiff}));
  const auto ba = first_batch(data.index(), options_with({Stream::kDiff, Stream::kFace}));
  EXPECT_EQ(ab[0], ba[1]);
  EXPECT_EQ(ab[1], ba[0]);
  EXPECT_NE(ab[0], ab[1]);
}

TEST(Streams, DiffIsTheChangeFromTheFrameBefore) {
  const TwoFolders data;
  const auto streams = first_batch(data.index(), options_with({Stream::kFace, Stream::kDiff}));
  const auto& face = streams[0];
  const auto& diff = streams[1];
  for (std::size_t i = 0; i < face.size(); ++i) {
    const std::size_t t = i / kFrameBytes % kFrameCount;
    const std::size_t later = t == 0 ? i + kFrameBytes : i;
    const int change = face[later] - face[later - kFrameBytes];
    ASSERT_EQ(diff[i], std::clamp(change + 128, 0, 255)) << "at " << i;
  }
}

TEST(Streams, FlowIsMirroredAndNegatedWhereTheClipIsFlipped) {
  const TwoFolders data;
  LoaderOptions options = options_with({Stream::kFace, Stream::kFlow});
  options.spec.height_px = options.spec.width_px = 24;  // little smaller: faces are decoded as flow is
  options.augmentation.flip_probability = 1;
  // The flow pictures are copies of the faces, so each red value tells what became of it.
  const auto flipped = first_batch(data.index(), options);
  options.augmentation.flip_probability = 0;
  const auto straight = first_batch(data.index(), options);
  EXPECT_EQ(straight[0], straight[1]);
  for (std::size_t i = 0; i < flipped[0].size(); i += 3) {
    ASSERT_EQ(flipped[1][i], std::min(256 - flipped[0][i], 255)) << "u";
    ASSERT_EQ(flipped[1][i + 1], flipped[0][i + 1]) << "v";
    ASSERT_EQ(flipped[1][i + 2], flipped[0][i + 2]) << "magnitude";
  }
}

TEST(Streams, AreNamedWhenTheirFolderIsMissing) {
  const TwoFolders data;
  fs::remove_all(data.folder / "data/3_ClipsforScenImages");
  fs::remove_all(data.folder / "data/5_OpticalFlow");
  const ClipIndex index = data.index();
  for (const auto& [stream, folder] :
       {std::pair{Stream::kScene, "3_ClipsforScenImages"}, {Stream::kFlow, "5_OpticalFlow"}}) {
    test::expect_error(ErrorKind::kNotFound,
                       AllOf(HasSubstr(folder), HasSubstr("'" + std::string(to_string(stream)) + "'"),
                             HasSubstr("face and diff need none")),
                       [&] {
                         (void)first_batch(index, options_with({Stream::kFace, stream}));
                       });
  }
  EXPECT_NO_THROW((void)first_batch(index, options_with({Stream::kFace, Stream::kDiff})));
}

TEST(Streams, OfAClipWithoutItsScenesAreBadData) {
  const TwoFolders data;
  const fs::path scenes = data.folder / "data/3_ClipsforScenImages";
  for (int frame = 0; frame < 10; ++frame)
    fs::remove(scenes / ("War/Sad/0000/0" + std::to_string(frame) + ".jpg"));
  const ClipIndex index = data.index();
  LoaderOptions options = options_with({Stream::kFace, Stream::kScene});
  test::expect_error(ErrorKind::kNotFound, HasSubstr("3_ClipsforScenImages/War/Sad/0000/"),
                     [&] { (void)first_batch(index, options); });
  options.bad_data = "skip";
  BatchLoader loader(index, clips_of(index, Split::kTrain), options);
  loader.start_epoch(0);
  const Batch* batch = loader.next();
  EXPECT_EQ(batch->size(), clips_of(index, Split::kTrain).size() - 1);
  for (const auto& pixels : batch->streams)
    EXPECT_EQ(pixels.size(), batch->size() * kFrameCount * kFrameBytes);
  EXPECT_EQ(batch->streams[0], batch->streams[1]) << "both streams lose the same clip";
  ASSERT_EQ(loader.bad_clips().size(), 1U);
  EXPECT_THAT(loader.bad_clips()[0].reason, HasSubstr("3_ClipsforScenImages/War/Sad/0000/"));
}

}  // namespace
}  // namespace ferv::data

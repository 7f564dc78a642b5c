// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/optical_flow.h"

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;

struct Copy {
  test::TemporaryFolder folder;
  Copy() {
    test::write_tiny_data_set(folder / "data",
                              {.clips_per_cell = 2, .scenes = {"War"}, .frame_count = 3, .size_px = 24});
  }
  [[nodiscard]] ClipIndex index() const { return read_ferv39k(folder / "data", {}); }
  [[nodiscard]] fs::path flow() const { return folder / "data/5_OpticalFlow"; }
};

TEST(WriteOpticalFlow, GivesEveryFrameAPictureThatTheLoaderShows) {
  const Copy copy;
  const FlowSummary summary = write_optical_flow(copy.index(), {}, {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.clips_written, 14U);
  EXPECT_FALSE(fs::exists(copy.flow() / ".unfinished"));
  for (const char* name : {"00.jpg", "01.jpg", "02.jpg"}) {
    const media::Image picture = media::read_picture(copy.flow() / "War/Sad/0000" / name);
    EXPECT_EQ(picture.width_px, 24);
    EXPECT_EQ(picture.height_px, 24);
  }
  EXPECT_EQ(read_file(copy.flow() / "War/Sad/0000/00.jpg"), read_file(copy.flow() / "War/Sad/0000/01.jpg"));

  const ClipIndex index = copy.index();
  LoaderOptions options;
  options.spec = {.frame_count = 2, .height_px = 24, .width_px = 24};
  options.sampling = {.segment_count = 1, .frames_per_segment = 2};
  options.streams = {Stream::kFace, Stream::kFlow};
  BatchLoader loader(index, clips_of(index, Split::kTest), options);
  loader.start_epoch(0);
  EXPECT_EQ(loader.next()->streams.size(), 2U);
}

TEST(WriteOpticalFlow, GoesOnWhereItWasStopped) {
  const Copy copy;
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done >= 4; };
  const FlowSummary first = write_optical_flow(copy.index(), {.threads = 1}, observer);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(first.clips_written, 4U);
  fs::remove(copy.flow() / "War/Happy/0000/02.jpg");
  const FlowSummary second = write_optical_flow(copy.index(), {}, {});
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.clips_kept + second.clips_written, 14U);
  EXPECT_EQ(second.clips_kept, 3U) << "a clip that lost a picture is made again";
  EXPECT_TRUE(fs::exists(copy.flow() / "War/Happy/0000/02.jpg"));
}

TEST(WriteOpticalFlow, IsTheSameWhateverTheThreads) {
  const Copy one;
  const Copy four;
  (void)write_optical_flow(one.index(), {.threads = 1}, {});
  (void)write_optical_flow(four.index(), {.threads = 4}, {});
  for (const Clip& clip : one.index().clips)
    EXPECT_EQ(read_file(frame_path(one.flow(), clip, 2)), read_file(frame_path(four.flow(), clip, 2)));
}

TEST(WriteOpticalFlow, ReportsClipsThatCannotBeRead) {
  const Copy copy;
  write_file_atomically(copy.folder / "data/2_ClipsforFaceCrop/War/Sad/0000/01.jpg", std::string_view("no"));
  fs::remove_all(copy.folder / "data/2_ClipsforFaceCrop/War/Fear/0001");
  const FlowSummary summary = write_optical_flow(copy.index(), {}, {});
  EXPECT_TRUE(summary.complete);
  ASSERT_EQ(summary.bad.size(), 2U);
  EXPECT_THAT(summary.bad[0].reason, HasSubstr("War/Sad/0000/01.jpg"));
  EXPECT_FALSE(fs::exists(copy.flow() / "War/Sad/0000"));
}

TEST(WriteOpticalFlow, RefusesToMixSettings) {
  const Copy copy;
  (void)write_optical_flow(copy.index(), {}, {});
  test::expect_error(ErrorKind::kInvalidArgument,
                     AllOf(HasSubstr("flow.json"), HasSubstr("scale 8.0"), HasSubstr("wanted 4.0")),
                     [&] { (void)write_optical_flow(copy.index(), {.scale = 4}, {}); });
  write_file_atomically(copy.flow() / "flow.json", std::string_view("{}"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("is no manifest"),
                     [&] { (void)write_optical_flow(copy.index(), {}, {}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("scale is 0"),
                     [&] { (void)write_optical_flow(copy.index(), {.scale = 0}, {}); });
}

}  // namespace
}  // namespace ferv::data

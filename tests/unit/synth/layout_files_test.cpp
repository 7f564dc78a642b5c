// SPDX-License-Identifier: Apache-2.0
#include "layout_files.h"

#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(LayoutFiles, WriteWholeFoldersThatAStoppedRunGoesOnFrom) {
  const test::TemporaryFolder folder;
  SynthOptions options;
  options.folder = folder / "faces";
  options.layout = "identities";
  options.identities = 2;
  options.pictures_per_identity = 3;
  options.face_size_px = 48;
  const SynthSummary summary = write_data_set(options, {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.frames_written, 6U);
  const fs::path picture = options.folder / "person_00001/002.jpg";
  const auto before = read_file(picture);
  EXPECT_EQ(media::read_picture(picture).width_px, 48);
  EXPECT_NE(before, read_file(options.folder / "person_00001/001.jpg"));
  EXPECT_FALSE(fs::exists(options.folder / ".unfinished"));

  fs::resize_file(picture, before.size() / 2);
  const SynthSummary again = write_data_set(options, {});
  EXPECT_EQ(again.clips_kept, 1U);
  EXPECT_EQ(again.clips_written, 1U);
  EXPECT_EQ(read_file(picture), before);
}

TEST(LayoutFiles, ASixteenFrameCopyHoldsFramesOfTheWholeClip) {
  const test::TemporaryFolder folder;
  SynthOptions options;
  options.folder = folder.path();
  options.layout = "dfew";
  options.face_size_px = 32;
  const PlannedFolders clip = plan_dfew(options).clips[0];
  write_folders(options, clip, 0);
  EXPECT_TRUE(folders_are_complete(options, clip));
  const auto& whole = clip.folders[0];
  const auto& sixteen = clip.folders[1];
  EXPECT_EQ(read_file(folder / sixteen.path / "1.jpg"), read_file(folder / whole.path / "1.jpg"));
  EXPECT_EQ(read_file(folder / sixteen.path / "16.jpg"), read_file(folder / whole.path / whole.names.back()));
}

TEST(LayoutFiles, RefuseOptionsThatTheLayoutHasNoUseFor) {
  const test::TemporaryFolder folder;
  SynthOptions options;
  options.folder = folder / "x";
  options.layout = "dfew";
  options.scenes = {"War"};
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("has no scenes"),
                     [&] { write_data_set(options, {}); });
  options.layout = "dfw";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'dfew'"),
                     [&] { write_data_set(options, {}); });
  options = {};
  options.folder = folder / "x";
  options.clips = 40;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("ferv39k takes"),
                     [&] { write_data_set(options, {}); });
}

}  // namespace
}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "clip_files.h"

#include <fstream>

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

struct WrittenClip {
  test::TemporaryFolder folder;
  SynthOptions options;
  PlannedClip clip;

  WrittenClip() {
    options.folder = folder.path();
    options.face_size_px = 64;
    clip.frame_count = 11;
    write_clip(options, clip, files());
  }
  [[nodiscard]] ClipFiles files() const { return clip_files(options, clip); }
};

TEST(ClipFiles, AreAllThereAfterWriting) {
  const WrittenClip written;
  EXPECT_TRUE(clip_is_complete(written.files(), 11));
  EXPECT_FALSE(clip_is_complete(written.files(), 12));
  EXPECT_TRUE(std::filesystem::exists(written.folder / "2_ClipsforFaceCrop/Action/Neutral/0000/10.jpg"));
  EXPECT_TRUE(std::filesystem::exists(written.folder / "3_ClipsforScenImages/Action/Neutral/0000/00.jpg"));
  EXPECT_FALSE(std::filesystem::exists(written.files().scratch));
}

TEST(ClipFiles, ATruncatedOrMissingPictureIsNoticedAndReplaced) {
  const WrittenClip written;
  const auto picture = written.files().scenes / "04.jpg";
  const auto before = read_file(picture);
  std::filesystem::resize_file(picture, before.size() / 2);
  EXPECT_FALSE(clip_is_complete(written.files(), 11));
  write_clip(written.options, written.clip, written.files());
  EXPECT_TRUE(clip_is_complete(written.files(), 11));
  EXPECT_EQ(read_file(picture), before);
  std::filesystem::remove(written.files().faces / "00.jpg");
  EXPECT_FALSE(clip_is_complete(written.files(), 11));
}

TEST(ClipFiles, AStrangeFileMakesAClipIncomplete) {
  const WrittenClip written;
  std::ofstream(written.files().faces / "99.jpg") << "x";
  EXPECT_FALSE(clip_is_complete(written.files(), 11));
}

}  // namespace
}  // namespace ferv::synth

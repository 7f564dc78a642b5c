// SPDX-License-Identifier: Apache-2.0
#include "check_clip.h"

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class CheckClip : public testing::Test {
 protected:
  CheckClip() {
    test::write_tiny_data_set(folder_.path(),
                              {.clips_per_cell = 2, .scenes = {"War"}, .classes = {"Sad", "Fear"}});
  }
  /// Of the clip in `clip_`, which is scanned anew.
  [[nodiscard]] ClipFindings findings(int wanted_size_px = 32) const {
    const ClipIndex index = read_ferv39k(folder_.path(), {});
    for (const Clip& clip : index.clips) {
      if (clip_.string().ends_with(clip.id)) return check_clip(index, clip, wanted_size_px);
    }
    ADD_FAILURE();
    return {};
  }
  void expect_one(ProblemKind kind, const std::string& file) const {
    const ClipFindings found = findings();
    ASSERT_EQ(found.problems.size(), 1U);
    EXPECT_EQ(to_string(found.problems[0].kind), to_string(kind));
    EXPECT_EQ(found.problems[0].path, clip_ / file);
  }

  test::TemporaryFolder folder_;
  fs::path clip_ = folder_ / "2_ClipsforFaceCrop/War/Sad/0001";
};

TEST_F(CheckClip, FindsNothingInASoundOneAndKnowsItsLook) {
  const ClipFindings found = findings();
  EXPECT_TRUE(found.problems.empty());
  EXPECT_TRUE(found.is_done);
  EXPECT_NE(found.content_hash, 0U);
  EXPECT_TRUE(is_telling(found.look));
}

TEST_F(CheckClip, TellsACutFrameFromADamagedOne) {
  fs::resize_file(clip_ / "03.jpg", 400);
  expect_one(ProblemKind::kTruncatedFrame, "03.jpg");
  write_file_atomically(clip_ / "03.jpg", std::string_view("no picture at all"));
  expect_one(ProblemKind::kUnreadableFrame, "03.jpg");
}

TEST_F(CheckClip, NamesFilesThatAreNoFramesAndFramesThatAreEqual) {
  write_file_atomically(clip_ / "Thumbs.db", std::string_view("x"));
  expect_one(ProblemKind::kExtraFile, "Thumbs.db");
  fs::remove(clip_ / "Thumbs.db");
  fs::copy_file(clip_ / "02.jpg", clip_ / "05.jpg", fs::copy_options::overwrite_existing);
  expect_one(ProblemKind::kRepeatedFrame, "05.jpg");
}

TEST_F(CheckClip, ReadsClipsOfPngFrames) {
  for (int frame = 0; frame < 10; ++frame) {
    const std::string name = "0" + std::to_string(frame);
    media::write_png(clip_ / (name + ".png"), media::read_picture(clip_ / (name + ".jpg")));
    fs::remove(clip_ / (name + ".jpg"));
  }
  EXPECT_TRUE(findings().problems.empty());
}

TEST_F(CheckClip, HashesTheOrderOfTheFramesToo) {
  const std::uint64_t before = findings().content_hash;
  fs::rename(clip_ / "00.jpg", clip_ / "x");
  fs::rename(clip_ / "01.jpg", clip_ / "00.jpg");
  fs::rename(clip_ / "x", clip_ / "01.jpg");
  EXPECT_NE(findings().content_hash, before);
}

}  // namespace
}  // namespace ferv::data

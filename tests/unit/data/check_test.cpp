// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/check.h"

#include <atomic>
#include <set>

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

struct Copy {
  test::TemporaryFolder folder;
  fs::path faces = folder / "data/2_ClipsforFaceCrop";
  Copy() { test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2}); }
  [[nodiscard]] CheckReport check_now(int threads = 2) const {
    return check(read_ferv39k(folder / "data", {}), {.threads = threads, .wanted_size_px = 32}, {});
  }
};

void expect_one_problem(const Copy& copy, ProblemKind kind, const std::string& path,
                        const std::string& message) {
  const CheckReport report = copy.check_now();
  ASSERT_EQ(report.problems.size(), 1U) << report.problems.back().path << report.problems.back().message;
  EXPECT_EQ(to_string(report.problems[0].kind), to_string(kind));
  EXPECT_THAT(report.problems[0].path.string(), testing::EndsWith(path));
  EXPECT_THAT(report.problems[0].message, HasSubstr(message));
}

TEST(Check, FindsNothingInASoundCopy) {
  const CheckReport report = Copy().check_now();
  EXPECT_TRUE(report.problems.empty());
  EXPECT_EQ(report.clip_count, 28);
  EXPECT_EQ(report.frame_count, 280);
}

TEST(Check, NamesEachFault) {
  {
    Copy copy;
    fs::remove_all(copy.faces / "War/Sad/0001");
    expect_one_problem(copy, ProblemKind::kMissingClip, "War/Sad/0001", "has no folder");
  }
  {
    Copy copy;
    fs::resize_file(copy.faces / "War/Sad/0001/03.jpg", 400);
    expect_one_problem(copy, ProblemKind::kTruncatedFrame, "War/Sad/0001/03.jpg", "03.jpg");
  }
  {
    Copy copy;
    const media::Image image(30, 32);
    write_file_atomically(copy.faces / "War/Sad/0001/03.jpg",
                          std::span<const std::uint8_t>(media::encode_jpeg(image, 90)));
    expect_one_problem(copy, ProblemKind::kOddSize, "War/Sad/0001/03.jpg", "30x32, wanted 32x32");
  }
  {
    Copy copy;
    fs::remove(copy.faces / "War/Sad/0001/03.jpg");
    expect_one_problem(copy, ProblemKind::kFrameGap, "War/Sad/0001", "between 02.jpg and 04.jpg");
  }
  {
    Copy copy;
    fs::copy(copy.faces / "War/Sad/0001", copy.faces / "War/Sad/0077");
    expect_one_problem(copy, ProblemKind::kUnlistedClip, "War/Sad/0077", "is in no list");
  }
  {
    Copy copy;
    fs::remove_all(copy.faces / "War/Sad/0001");
    fs::copy(copy.faces / "War/Sad/0000", copy.faces / "War/Sad/0001");
    expect_one_problem(copy, ProblemKind::kRepeatedClip, "War/Sad/0001",
                       "same frames as War/Sad/0000 (train and test)");
  }
}

TEST(Check, NamesALabelThatIsNotTheFolders) {
  Copy copy;
  const fs::path list = copy.folder / "data/4_setups/All_scenes/test_All.csv";
  std::string text = read_text_file(list);
  text.replace(text.find("0001 Sad"), 8, "0001 Fear");
  write_file_atomically(list, text);
  expect_one_problem(copy, ProblemKind::kLabelMismatch, "Action/Sad/0001", "listed as Fear, lies in Sad");
}

/// A copy of a training clip, compressed again, in place of a test clip.
void leak(const Copy& copy) {
  for (int frame = 0; frame < 10; ++frame) {
    const std::string name = "0" + std::to_string(frame) + ".jpg";
    const media::Image image = media::read_picture(copy.faces / "War/Sad/0000" / name);
    test::write_tiny_frame(copy.faces / "War/Sad/0001" / name, image);
  }
}

TEST(Check, NamesATestClipThatLooksLikeATrainingClip) {
  Copy copy;
  leak(copy);
  expect_one_problem(copy, ProblemKind::kSplitLeak, "War/Sad/0001", "looks like War/Sad/0000 (train)");
}

TEST(Check, GoesOnWhereItWasStopped) {
  Copy copy;
  fs::resize_file(copy.faces / "War/Fear/0001/05.jpg", 100);
  leak(copy);
  const ClipIndex index = read_ferv39k(copy.folder / "data", {});
  const CheckOptions options{.threads = 1, .wanted_size_px = 32, .resume_file = copy.folder / "check.json"};
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done == 9; };
  const CheckReport first = check(index, options, observer);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(first.clip_count, 9);
  EXPECT_TRUE(fs::exists(options.resume_file));
  // What was read is not read again.
  fs::remove(copy.faces / index.clips[0].id / "00.jpg");
  const CheckReport second = check(index, options, {});
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.clip_count, 28);
  ASSERT_EQ(second.problems.size(), 2U);
  EXPECT_EQ(second.problems[0].kind, ProblemKind::kTruncatedFrame);
  EXPECT_EQ(second.problems[1].kind, ProblemKind::kSplitLeak);
  EXPECT_FALSE(fs::exists(options.resume_file)) << "files may be mended before the next check";
}

TEST(Check, HoldsCountsAgainstTheReleaseWhenTold) {
  const ClipIndex index = read_ferv39k(Copy().folder / "data", {.scan_frames = false});
  const CheckReport report = check(index, {.published_counts = "on"}, {});
  EXPECT_TRUE(report.counts_were_held);
  EXPECT_GE(report.problems.size(), 2U * 7U * 22U);
}

TEST(Problems, HaveANameEach) {
  for (int i = 0; i <= static_cast<int>(ProblemKind::kWrongCount); ++i) {
    const auto kind = static_cast<ProblemKind>(i);
    EXPECT_EQ(problem_kind_from_name(to_string(kind)), kind);
  }
}

TEST(Check, GivesTheSameReportWhateverTheThreads) {
  Copy copy;
  for (const char* id : {"War/Sad/0001", "Action/Happy/0000", "War/Fear/0000"})
    fs::resize_file(copy.faces / id / "05.jpg", 100);
  const CheckReport one = copy.check_now(1);
  const CheckReport four = copy.check_now(4);
  ASSERT_EQ(one.problems.size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(one.problems[i].path, four.problems[i].path);
}

}  // namespace
}  // namespace ferv::data

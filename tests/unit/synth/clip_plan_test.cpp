// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/clip_plan.h"

#include <map>
#include <numeric>
#include <set>
#include <sstream>

#include "ferv/base/random.h"
#include "frame_histogram.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

const std::vector<std::size_t>& all_scenes() {
  static const std::vector<std::size_t> scenes = [] {
    std::vector<std::size_t> indices(scene_names().size());
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return indices;
  }();
  return scenes;
}

std::vector<PlannedClip> small_plan(std::uint64_t seed = 1) {
  return plan_clips(equal_counts(all_scenes(), 7), seed);
}

TEST(ClipPlan, SplitsEachCellByTheRuleOfTheRelease) {
  EXPECT_EQ(test_count(10), 2);
  EXPECT_EQ(test_count(11), 3);
  EXPECT_EQ(test_count(2), 1);
  std::map<std::pair<std::size_t, Expression>, std::pair<int, int>> cells;
  for (const PlannedClip& clip : small_plan()) {
    auto& [all, test] = cells[{clip.scene, clip.expression}];
    ++all;
    test += clip.is_test;
  }
  EXPECT_EQ(cells.size(), 154U);
  for (const auto& [cell, counts] : cells) EXPECT_EQ(counts, (std::pair{7, 2}));
}

TEST(ClipPlan, KeepsPeopleOfTrainAndTestApart) {
  std::set<std::size_t> train;
  std::set<std::size_t> test;
  for (const PlannedClip& clip : small_plan()) (clip.is_test ? test : train).insert(clip.identity);
  for (const std::size_t identity : test) EXPECT_FALSE(train.contains(identity)) << identity;
  EXPECT_GT(train.size(), 100U);
  EXPECT_GT(test.size(), 40U);
}

TEST(ClipPlan, ShowsAPersonInMoreThanOneExpression) {
  std::map<std::size_t, std::set<Expression>> seen;
  std::map<std::size_t, int> clips;
  for (const PlannedClip& clip : small_plan()) {
    seen[clip.identity].insert(clip.expression);
    ++clips[clip.identity];
  }
  for (const auto& [identity, count] : clips) {
    if (count < 10) continue;
    EXPECT_GE(seen[identity].size(), 2U) << identity;
  }
}

TEST(ClipPlan, NumbersClipsOfACellWithoutGapsAndDrawsRealLengths) {
  std::map<std::string, std::set<int>> numbers;
  for (const PlannedClip& clip : small_plan()) {
    numbers[std::string(scene_names()[clip.scene]) + std::string(name_of(clip.expression))].insert(
        clip.number);
    EXPECT_GE(clip.frame_count, kShortestClipFrames);
    EXPECT_LE(clip.frame_count, kLongestClipFrames);
  }
  for (const auto& [cell, found] : numbers) {
    EXPECT_EQ(found.size(), 7U) << cell;
    EXPECT_EQ(*found.rbegin(), 6) << cell;
  }
}

TEST(ClipPlan, TestClipsAreNotTheFirstOrLastOfACell) {
  std::set<int> test_numbers;
  for (const PlannedClip& clip : small_plan()) {
    if (clip.is_test) test_numbers.insert(clip.number);
  }
  EXPECT_EQ(test_numbers.size(), 7U) << "any number may be in test";
}

TEST(ClipPlan, FollowsFromTheSeed) {
  const auto key = [](const std::vector<PlannedClip>& plan) {
    std::string text;
    for (const PlannedClip& clip : plan)
      text += clip.path() + (clip.is_test ? "t" : "") + std::to_string(clip.frame_count) + " ";
    return text;
  };
  EXPECT_EQ(key(small_plan(3)), key(small_plan(3)));
  EXPECT_NE(key(small_plan(3)), key(small_plan(4)));
}

TEST(ClipPlan, PathHasFourDigits) {
  PlannedClip clip;
  clip.scene = scene_index("ElegantArt");
  clip.expression = Expression::kDisgust;
  clip.number = 42;
  EXPECT_EQ(clip.path(), "ElegantArt/Disgust/0042");
}

TEST(AnnotationText, HoldsEveryClipOfTheSplitOnceInShuffledOrder) {
  const auto plan = small_plan();
  std::istringstream lines(annotation_text(plan, true, std::nullopt, 1));
  std::vector<std::string> found;
  for (std::string line; std::getline(lines, line);) found.push_back(line);
  EXPECT_EQ(found.size(), 154U * 2);
  EXPECT_FALSE(std::is_sorted(found.begin(), found.end()));
  std::set<std::string> wanted;
  for (const PlannedClip& clip : plan) {
    if (clip.is_test) wanted.insert(clip.path() + " " + std::string(name_of(clip.expression)));
  }
  EXPECT_EQ(std::set<std::string>(found.begin(), found.end()), wanted);
}

TEST(AnnotationText, OfOneSceneHoldsNoOther) {
  const std::string text = annotation_text(small_plan(), false, scene_index("War"), 1);
  std::istringstream lines(text);
  int count = 0;
  for (std::string line; std::getline(lines, line); ++count) EXPECT_TRUE(line.starts_with("War/")) << line;
  EXPECT_EQ(count, 7 * 5);
}

TEST(EqualCounts, RefusesCellsThatCannotBeSplitOrNumbered) {
  for (const int clips : {-1, 0, 1, 10001}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr(std::to_string(clips)),
                       [&] { (void)equal_counts(all_scenes(), clips); });
  }
}

const std::string kSmallTable =
    "scenario,scene,class,train,test\r\n"
    "Anomaly Issues (AI9k),War,Sad,480,120\n"
    "Anomaly Issues (AI9k),War,Fear,96,24\n"
    "Daily Life (DL11k),School,Happy,101,26\n";

TEST(ParseCounts, TakesTheWantedScenes) {
  const std::vector<std::size_t> war = {scene_index("War")};
  const auto cells = parse_counts(kSmallTable, "c.csv", war);
  ASSERT_EQ(cells.size(), 2U);
  EXPECT_EQ(cells[0], (CellCount{war[0], Expression::kSad, 480, 120}));
  EXPECT_EQ(cells[1], (CellCount{war[0], Expression::kFear, 96, 24}));
}

TEST(ParseCounts, NamesTheLineThatIsWrong) {
  const auto expect = [](const std::string& text, const std::string& message) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(message),
                       [&] { (void)parse_counts(text, "c.csv", all_scenes()); });
  };
  const std::string header = "scenario,scene,class,train,test\n";
  expect("", "c.csv: is empty");
  expect("War,Sad,1,2\n", "line 1");
  expect(header + "x,War,Sad,1\n", "line 2 is not of five fields");
  expect(header + "x,War,Sad,1,2,3\n", "line 2 is not of five fields");
  expect(header + "x,Wra,Sad,1,2\n", "'Wra'");
  expect(header + "x,War,Sadness,1,2\n", "'Sadness'");
  expect(header + "x,War,Sad,-1,2\n", "'-1'");
  expect(header + "x,War,Sad,1.5,2\n", "'1.5'");
  expect(header + "x,War,Sad,9999,9999\n", "19998");
  expect(header + "x,War,Sad,1,2\nx,War,Sad,1,2\n", "line 3 repeats");
}

TEST(ParseCounts, WantsBothSplitsOfEveryScene) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("scene Action has 0 train and 0 test clips"),
                     [] { (void)parse_counts(kSmallTable, "c.csv", std::vector<std::size_t>{0}); });
}

TEST(ParseCounts, NeverFailsOtherwiseOnDamagedText) {
  Random random(17);
  for (int i = 0; i < 3000; ++i) {
    std::string text = kSmallTable;
    for (std::uint64_t change = random.below(4) + 1; change > 0; --change) {
      const std::size_t at = random.below(text.size());
      if (random.chance(0.3))
        text.erase(at, random.below(20));
      else
        text[at] = static_cast<char>(random.below(256));
      if (text.empty()) break;
    }
    try {
      for (const CellCount& cell : parse_counts(text, "c.csv", all_scenes()))
        EXPECT_LE(cell.train + cell.test, 10000);
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    }
  }
}

TEST(ReadCounts, OfTheReleaseGivesItsTotalsAndItsSplitRule) {
  FERV_REQUIRE_SHARED();
  const auto cells = read_counts(test::shared_folder() / "facts/counts.csv", all_scenes());
  EXPECT_EQ(cells.size(), 154U);
  for (const CellCount& cell : cells) EXPECT_EQ(cell.test, test_count(cell.train + cell.test));
  int train = 0;
  int test = 0;
  std::set<std::size_t> train_people;
  std::set<std::size_t> test_people;
  for (const PlannedClip& clip : plan_clips(cells, 1)) {
    ++(clip.is_test ? test : train);
    (clip.is_test ? test_people : train_people).insert(clip.identity);
  }
  EXPECT_EQ(train, 31088);
  EXPECT_EQ(test, 7847);
  EXPECT_LT(*train_people.rbegin(), *test_people.begin());
}

}  // namespace
}  // namespace ferv::synth

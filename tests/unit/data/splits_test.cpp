// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/splits.h"

#include <map>
#include <set>
#include <tuple>

#include "ferv/data/labels.h"
#include "matchers.h"

namespace ferv::data {
namespace {

/// `people` people with a clip of each of `classes` classes each, all for training.
ClipIndex group(int people, int classes) {
  ClipIndex index;
  for (int k = 0; k < classes; ++k) index.classes.push_back("class" + std::to_string(k));
  for (int person = 0; person < people; ++person) {
    for (int k = 0; k < classes; ++k) {
      Clip clip;
      clip.id = std::to_string(person) + "_" + std::to_string(k);
      clip.label = k;
      clip.subject = std::to_string(person);
      index.clips.push_back(clip);
    }
  }
  return index;
}

TEST(HoldOutValidation, KeepsPeopleOnOneSideWhereTheyAreKnown) {
  ClipIndex index = group(20, 3);
  hold_out_validation(index, 0.2, 7);
  std::map<std::string, std::set<Split>> sides;
  for (const Clip& clip : index.clips) sides[clip.subject].insert(clip.split);
  for (const auto& [person, splits] : sides) EXPECT_EQ(splits.size(), 1U) << person;
  EXPECT_EQ(clips_of(index, Split::kValidation).size(), 12U) << "4 of 20 people";
}

TEST(HoldOutValidation, NeverTakesAllPeopleNorNone) {
  ClipIndex two = group(2, 3);
  hold_out_validation(two, 0.01, 1);
  EXPECT_EQ(clips_of(two, Split::kValidation).size(), 3U);
  ClipIndex greedy = group(3, 2);
  hold_out_validation(greedy, 0.99, 1);
  EXPECT_EQ(clips_of(greedy, Split::kTrain).size(), 2U);
}

TEST(HoldOutValidation, IsStratifiedByClassWhereNobodyIsKnown) {
  ClipIndex index = group(20, 3);
  for (Clip& clip : index.clips) clip.subject.clear();
  hold_out_validation(index, 0.2, 7);
  std::map<int, int> held_out;
  for (const std::size_t i : clips_of(index, Split::kValidation)) ++held_out[index.clips[i].label];
  for (int k = 0; k < 3; ++k) EXPECT_EQ(held_out[k], 4);
}

/// Clips of `count` in each of FERV39k's 154 cells; every fifth is a test clip.
ClipIndex scenes(int count) {
  ClipIndex index;
  index.classes.assign(expression_names().begin(), expression_names().end());
  for (const std::string& scene : scene_names()) {
    for (int k = 0; k < 7; ++k) {
      for (int n = 0; n < count; ++n) {
        Clip clip;
        clip.id = scene + "/" + index.classes[static_cast<std::size_t>(k)] + "/" + std::to_string(n);
        clip.label = k;
        clip.split = n % 5 == 0 ? Split::kTest : Split::kTrain;
        index.clips.push_back(clip);
      }
    }
  }
  return index;
}

TEST(AssignFold, TestsEachClipInOneFoldAndStratifies) {
  std::map<std::string, int> tested;
  for (int fold = 1; fold <= 4; ++fold) {
    ClipIndex index = scenes(6);
    assign_fold(index, {.fold_count = 4, .fold = fold, .seed = 3});
    std::map<std::string, int> cells;
    for (const std::size_t i : clips_of(index, Split::kTest)) {
      const Clip& clip = index.clips[i];
      ++tested[clip.id];
      ++cells[clip.id.substr(0, clip.id.rfind('/'))];
    }
    for (const auto& [cell, count] : cells) EXPECT_TRUE(count == 1 || count == 2) << cell;
    EXPECT_EQ(cells.size(), 154U);
    EXPECT_NEAR(static_cast<double>(clips_of(index, Split::kTest).size()), 154 * 6 / 4.0, 1.0);
  }
  EXPECT_EQ(tested.size(), 154U * 6U);
  for (const auto& [id, times] : tested) EXPECT_EQ(times, 1) << id;
}

TEST(AssignFold, KeepsPeopleInOneFold) {
  std::set<std::string> seen;
  for (int fold = 1; fold <= 3; ++fold) {
    ClipIndex index = group(10, 3);
    assign_fold(index, {.fold_count = 3, .fold = fold, .by_subject = true});
    std::set<std::string> people;
    for (const std::size_t i : clips_of(index, Split::kTest)) people.insert(index.clips[i].subject);
    EXPECT_EQ(clips_of(index, Split::kTest).size(), people.size() * 3) << "whole people";
    EXPECT_GE(people.size(), 3U);
    for (const std::string& person : people) EXPECT_TRUE(seen.insert(person).second);
  }
  EXPECT_EQ(seen.size(), 10U);
}

TEST(AssignFold, RefusesWhatCannotBe) {
  ClipIndex index = group(2, 3);
  for (const FoldOptions& options :
       {FoldOptions{.fold_count = 1}, FoldOptions{.fold_count = 3, .fold = 4}, FoldOptions{.fold = 0},
        FoldOptions{.fold_count = 3, .by_subject = true}}) {
    test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("wanted"),
                       [&] { assign_fold(index, options); });
  }
  index.clips[1].subject.clear();
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("has no subject"),
                     [&] { assign_fold(index, {.fold_count = 2, .by_subject = true}); });
}

TEST(CrossScenario, TrainsAndTestsOnScenesWithoutOverlap) {
  ClipIndex index = scenes(5);
  keep_cross_scenario(index, {}, {"AI9k"});
  EXPECT_EQ(clips_of(index, Split::kTest).size(), 4U * 7U);
  EXPECT_EQ(clips_of(index, Split::kTrain).size(), 18U * 7U * 4U);
  for (const Clip& clip : index.clips)
    EXPECT_EQ(scenario_of(scene_of(clip)) == "AI9k", clip.split == Split::kTest) << clip.id;
  ClipIndex narrow = scenes(5);
  keep_cross_scenario(narrow, {"DL11k", "Talkshow"}, {"War"});
  EXPECT_EQ(clips_of(narrow, Split::kTrain).size(), 7U * 7U * 4U);
  EXPECT_EQ(clips_of(narrow, Split::kTest).size(), 7U);
}

TEST(CrossScenario, RefusesOverlapAndUnknownWords) {
  for (const auto& [train_on, test_on, message] : {std::tuple{"AI9k", "War", "scene War is on both sides"},
                                                   std::tuple{"DL11k", "Wat", "did you mean 'War'"}}) {
    ClipIndex index = scenes(5);
    test::expect_error(
        ErrorKind::kInvalidArgument, testing::HasSubstr(message),
        [&, train = train_on, tested = test_on] { keep_cross_scenario(index, {train}, {tested}); });
  }
  ClipIndex people = group(3, 3);
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("no train clip is left"),
                     [&] { keep_cross_scenario(people, {"DL11k"}, {"War"}); });
}

}  // namespace
}  // namespace ferv::data

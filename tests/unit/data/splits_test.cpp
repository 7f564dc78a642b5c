// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/splits.h"

#include <map>
#include <set>

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

}  // namespace
}  // namespace ferv::data

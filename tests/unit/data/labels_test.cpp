// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/labels.h"

#include <set>

#include "matchers.h"

namespace ferv::data {
namespace {

TEST(Labels, AreInTheOrderOfTheLiterature) {
  const auto names = expression_names();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            (std::vector<std::string>{"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"}));
  EXPECT_EQ(class_index(names, "Disgust"), 5);
  EXPECT_FALSE(class_index(names, "disgust"));
}

TEST(Scenes, Are22InFourScenariosWithoutOverlap) {
  const auto names = scene_names();
  EXPECT_EQ(names.size(), 22U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 22U);
  EXPECT_EQ(scenarios().size(), 4U);
  EXPECT_EQ(scenario_of("Talkshow"), "WIS9k");
  EXPECT_EQ(scenario_of("talkshow"), "");
}

}  // namespace
}  // namespace ferv::data

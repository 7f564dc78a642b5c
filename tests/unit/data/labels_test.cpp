// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/labels.h"

#include <set>

#include "matchers.h"

namespace ferv::data {
namespace {

using testing::ElementsAre;

TEST(Labels, AreInTheOrderOfTheLiterature) {
  const auto names = expression_names();
  EXPECT_EQ(std::vector<std::string>(names.begin(), names.end()),
            (std::vector<std::string>{"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"}));
  EXPECT_EQ(class_index(names, "Disgust"), 5);
  EXPECT_FALSE(class_index(names, "disgust"));
}

TEST(ClassOrder, IsKnownByNameOrToldInFull) {
  EXPECT_THAT(class_order("dfew"),
              ElementsAre("Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"));
  EXPECT_THAT(class_order("alphabetical"),
              ElementsAre("Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise"));
  EXPECT_THAT(class_order("neutral-last"),
              ElementsAre("Angry", "Disgust", "Fear", "Happy", "Sad", "Surprise", "Neutral"));
  EXPECT_THAT(class_order("yes,no"), ElementsAre("yes", "no"));
  for (const char* text : {"", "ferv39k", "a,,b", "a,b,a"})
    test::expect_error(ErrorKind::kInvalidArgument, testing::_, [&] { (void)class_order(text); });
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

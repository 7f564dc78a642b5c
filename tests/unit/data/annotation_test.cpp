// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/annotation.h"

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

TEST(Annotation, ReadsTheOfficialLines) {
  const auto lines = parse_annotation("Action/Sad/0010 Sad\nDailyLife/Angry/0619 Angry\n", "train_All.csv");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].clip, "Action/Sad/0010");
  EXPECT_EQ(lines[1].label, "Angry");
}

TEST(Annotation, ToleratesBomCrlfBackslashesAndBlankLines) {
  const auto lines = parse_annotation(
      "\xef\xbb\xbf"
      "Action\\Sad\\0010 Sad\r\n\r\nWar/Fear/0001 Fear",
      "x");
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0].clip, "Action/Sad/0010");
  EXPECT_EQ(lines[1].label, "Fear");
}

TEST(Annotation, RefusesWhatIsNoClipLineWithFileAndLine) {
  const auto refused = [](const char* text, const char* why) {
    test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("list.csv"), HasSubstr(why)),
                       [&] { (void)parse_annotation(text, "list.csv"); });
  };
  refused("", "has no clips");
  refused("\n\r\n", "has no clips");
  refused("path label\nAction/Sad/0010 Sad\n", "list.csv:1");
  refused("Action/Sad/0010 Sad\nAction/Sad/0011 sad\n", "list.csv:2");
  refused("Action/Sad/0010,Sad\n", "wanted `Scene/Emotion/NNNN Emotion`");
  refused("../Sad/0010 Sad\n", "wanted a clip");
  refused("/Sad/0010 Sad\n", "wanted a clip");
  refused("Action/Sad Sad\n", "wanted a clip");
  refused("Action/Sad/0010 Sad extra\n", "label");
}

TEST(Annotation, NeverCrashesOnMutatedText) {
  const std::string good = "Action/Sad/0010 Sad\r\nDailyLife/Angry/0619 Angry\n";
  Random random(4);
  for (int round = 0; round < 5000; ++round) {
    std::string text = good;
    for (int k = 0; k < 3; ++k) text[random.below(text.size())] = static_cast<char>(random.next());
    try {
      for (const AnnotationLine& line : parse_annotation(text, "x"))
        EXPECT_EQ(line.clip.find(".."), std::string::npos);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

}  // namespace
}  // namespace ferv::data

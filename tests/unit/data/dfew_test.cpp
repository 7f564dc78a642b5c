// SPDX-License-Identifier: Apache-2.0
#include "dfew.h"

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

TEST(ParseDfewList, PadsIdsAndCountsLabelsFromZero) {
  EXPECT_THAT(parse_dfew_list("video_name,label\r\n1,1\r\n00042,7\n", "set_1.csv"),
              ElementsAre(Pair("00001", 0), Pair("00042", 6)));
}

TEST(ParseDfewList, DoesNotTakeAClipForAHeader) {
  EXPECT_THAT(parse_dfew_list("7.mp4,3\n", "set_1.csv"), ElementsAre(Pair("00007", 2)));
}

TEST(ParseDfewList, NamesTheLineOfAnythingElse) {
  for (const char* line :
       {"1,0", "1,8", "1,Happy", "1", "1,2,3", "123456,1", "../1,1", ",1", "video_name,label"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("set_1.csv:3"), [&] {
      (void)parse_dfew_list("video_name,label\n5,5\n" + std::string(line) + "\n", "set_1.csv");
    });
  }
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("has no clips"),
                     [] { (void)parse_dfew_list("video_name,label\n", "set_1.csv"); });
}

TEST(ParseDfewList, GivesClipsOrOneErrorForAnyBytes) {
  Random random(3);
  const std::string sound = "video_name,label\n1,1\n00042,7\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text = sound;
    for (int i = 0; i < 3; ++i) text[random.below(text.size())] = static_cast<char>(random.below(256));
    try {
      for (const auto& [id, label] : parse_dfew_list(text, "set_1.csv")) {
        EXPECT_EQ(id.size(), 5U);
        EXPECT_TRUE(label >= 0 && label < 7);
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

}  // namespace
}  // namespace ferv::data

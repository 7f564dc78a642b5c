// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/subtitles.h"

#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using testing::HasSubstr;
using testing::Not;

std::vector<Segment> segments_of_two() {
  SegmentBuilder builder;
  for (const TimelineRow& row : test::rows_of_two()) builder.add(row);
  return builder.segments();
}

TEST(SubRip, ShowsOneCueAtATimeWithALineAPerson) {
  const std::string notice = std::string(prediction_notice()) + "\n";
  EXPECT_EQ(subrip(segments_of_two(), kThreeClasses),
            "1\n00:00:00,000 --> 00:00:01,000\n" + notice + "Person 1: Happy (80 %)\n\n" +
                "2\n00:00:01,000 --> 00:00:02,000\n" + notice +
                "Person 1: Happy (80 %)\nPerson 2: Sad (80 %)\n\n" + "3\n00:00:02,000 --> 00:00:02,500\n" +
                notice + "Person 1: uncertain (80 %)\nPerson 2: Sad (80 %)\n\n" +
                "4\n00:00:02,500 --> 00:00:03,000\n" + notice + "Person 1: uncertain (80 %)\n\n" +
                "5\n00:00:03,000 --> 00:00:04,000\n" + notice + "Person 1: Happy (80 %)\n\n");
}

TEST(SubRip, SaysItsLimitsEvenWithoutAFace) {
  EXPECT_EQ(subrip({}, kThreeClasses),
            "1\n00:00:00,000 --> 00:00:04,000\n" + std::string(prediction_notice()) + "\n\n");
}

TEST(WebVtt, HasACueASegmentAndItsLimitsAsANote) {
  const std::string text = web_vtt(segments_of_two(), kThreeClasses);
  EXPECT_THAT(text, testing::StartsWith("WEBVTT\n\nNOTE\n" + std::string(prediction_notice()) + "\n\n"));
  EXPECT_THAT(text, HasSubstr("\n\n2\n00:00:01.000 --> 00:00:02.500\n<v Person 2>Sad (80 %)</v>\n"));
  EXPECT_THAT(text, HasSubstr("<v Person 1>uncertain (80 %)</v>"));
}

TEST(Subtitles, KeepStrangeNamesOfClassesInOneLine) {
  const std::vector<std::string> classes = {"a\n\n7\n00:00:00,000 --> 00:00:09,000", "<b>", "c"};
  EXPECT_THAT(subrip(segments_of_two(), classes), Not(HasSubstr("\n7\n")));
  EXPECT_THAT(web_vtt(segments_of_two(), classes), HasSubstr("<v Person 2>&lt;b&gt; ("));
}

TEST(Subtitles, CountHoursAndGiveShortSegmentsAMillisecond) {
  const Segment late{1, 36061.0, 36061.0, 0, 0.5, 1};
  EXPECT_THAT(web_vtt({late}, kThreeClasses), HasSubstr("10:01:01.000 --> 10:01:01.001\n"));
}

}  // namespace
}  // namespace ferv::inference

// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/timeline.h"

#include <nlohmann/json.hpp>

#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using test::row_of;
using testing::HasSubstr;

TEST(TimelineCsv, HasAColumnForEveryClass) {
  EXPECT_EQ(timeline_header(kThreeClasses),
            "frame,timestamp_s,face_id,success,confidence,box,label,p_Happy,p_Sad,p_Neutral\n");
}

TEST(TimelineCsv, WritesWhatIsKnownAndNothingElse) {
  EXPECT_EQ(timeline_line(row_of(7, 0.28, 2, 1), kThreeClasses),
            "7,0.280000,2,1,1.250,210.0 20.0 64.0 64.0,Sad,0.100000,0.800000,0.100000\n");
  EXPECT_EQ(timeline_line(row_of(8, 0.32, 0, -1), kThreeClasses), "8,0.320000,0,0,,,,,,\n")
      << "no face: empty, never zero";
  EXPECT_THAT(timeline_line(test::uncertain_row(9, 0.36, 1, 0), kThreeClasses), HasSubstr(",uncertain,"));
}

TEST(TimelineCsv, HasAsManyFieldsInEveryLine) {
  const auto commas = [](const std::string& line) { return std::count(line.begin(), line.end(), ','); };
  for (const TimelineRow& row : test::rows_of_two())
    EXPECT_EQ(commas(timeline_line(row, kThreeClasses)), commas(timeline_header(kThreeClasses)));
}

TEST(FrameJson, HoldsAllFacesOfAFrame) {
  const std::string line =
      frame_json({row_of(3, 0.12, 1, 0), test::uncertain_row(3, 0.12, 2, 1)}, kThreeClasses);
  EXPECT_EQ(line.find('\n'), line.size() - 1) << "one line";
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json.at("frame"), 3);
  EXPECT_EQ(json.at("timestamp_s"), 0.12);
  ASSERT_EQ(json.at("faces").size(), 2U);
  EXPECT_EQ(json.at("faces")[0].at("label"), "Happy");
  EXPECT_EQ(json.at("faces")[0].at("probabilities").at("Happy"), 0.8);
  EXPECT_EQ(json.at("faces")[1].at("label"), "uncertain");
  EXPECT_EQ(json.at("faces")[1].at("box"), nlohmann::json::parse("[210.0,20.0,64.0,64.0]"));
}

TEST(FrameJson, HasNoFaceWhereThereIsNone) {
  EXPECT_EQ(frame_json({row_of(3, 0.12, 0, -1)}, kThreeClasses),
            "{\"frame\":3,\"timestamp_s\":0.12,\"faces\":[]}\n");
}

TEST(Notice, SpeaksOfAppearance) {
  EXPECT_THAT(std::string(prediction_notice()), HasSubstr("not what a person feels"));
}

}  // namespace
}  // namespace ferv::inference

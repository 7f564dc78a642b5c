// SPDX-License-Identifier: Apache-2.0
#include "chart.h"

#include <limits>

#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

int count_of(const std::string& text, const std::string& word) {
  int count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

/// Every tag that opens also closes, in the right order.
void expect_well_formed(const std::string& markup) {
  std::vector<std::string> open;
  for (std::size_t begin = markup.find('<'); begin != std::string::npos;
       begin = markup.find('<', begin + 1)) {
    const std::size_t end = markup.find('>', begin);
    ASSERT_NE(end, std::string::npos) << markup.substr(begin);
    const std::string tag = markup.substr(begin + 1, end - begin - 1);
    ASSERT_EQ(count_of(tag, "\"") % 2, 0) << tag;
    if (tag.ends_with('/')) continue;
    if (tag.starts_with('/')) {
      ASSERT_FALSE(open.empty()) << tag;
      EXPECT_EQ("/" + open.back(), tag);
      open.pop_back();
    } else {
      open.push_back(tag.substr(0, tag.find(' ')));
    }
  }
  EXPECT_THAT(open, testing::IsEmpty());
}

TEST(BarChart, DrawsABarAndAnIntervalToScale) {
  const std::string svg =
      bar_chart("Recall", {{"Happy", 0.5, Interval{0.4, 0.6}, "of 12"}, {"Sad", 0.0, {}, ""}});
  expect_well_formed(svg);
  EXPECT_EQ(count_of(svg, "class=\"bar\""), 2);
  EXPECT_EQ(count_of(svg, "class=\"whisker\""), 3) << "one interval: a line and two ends";
  // The axis is 380 wide from 120.
  EXPECT_THAT(svg, AllOf(HasSubstr("width=\"190.0\""), HasSubstr("x1=\"272.0\""), HasSubstr("x2=\"348.0\"")));
  EXPECT_THAT(svg, AllOf(HasSubstr("50.0 %  of 12"), HasSubstr("<title>Recall</title>"),
                         HasSubstr("aria-label=\"Recall\"")));
}

TEST(BarChart, EscapesNames) {
  const std::string svg = bar_chart("a \"b\"<c>", {{"<script>", 1.0, {}, "<i>"}});
  expect_well_formed(svg);
  EXPECT_THAT(svg, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<i>")), Not(HasSubstr("<c>"))));
}

TEST(BarChart, MarksAReferenceAndSaysAllInATableToo) {
  const std::vector<Bar> bars = {{"War", 0.5, Interval{0.4, 0.6}, "of 12", 0.25}, {"<b>", 0.1, {}, ""}};
  EXPECT_THAT(bar_chart("WAR", bars), HasSubstr("class=\"reference\" x1=\"215.0\""));
  const std::string table = bar_table(bars);
  expect_well_formed(table);
  EXPECT_THAT(
      table, AllOf(HasSubstr("<td>50.0</td><td>40.0</td><td>60.0</td><td>25.0</td><td>of 12</td>"),
                   HasSubstr("<td>10.0</td><td>-</td><td>-</td><td>-</td><td></td>"), Not(HasSubstr("<b>"))));
}

TEST(LineChart, HasMarksAtRoundValues) {
  const std::string svg = line_chart("Loss", {{"train", {2.07, 1.0, 0.447}}});
  EXPECT_THAT(svg, AllOf(HasSubstr(">0.5<"), HasSubstr(">1<"), HasSubstr(">1.5<"), HasSubstr(">2<")));
}

TEST(LineChart, SpansTheValuesOfAllCurves) {
  const std::string svg = line_chart("Loss", {{"train", {2.0, 1.0, 0.5}}, {"val", {1.0, 1.5}}});
  expect_well_formed(svg);
  EXPECT_EQ(count_of(svg, "<polyline"), 2);
  // The largest value lies at the top (12), the smallest at the bottom (212), the epochs from 60 to 580.
  EXPECT_THAT(svg, HasSubstr("points=\"60.0,12.0 320.0,145.3 580.0,212.0 \""));
  EXPECT_THAT(svg, AllOf(HasSubstr("epoch 3"), HasSubstr(">train<"), HasSubstr(">val<")));
}

TEST(LineChart, LeavesOutCurvesWithoutValues) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string svg = line_chart("Loss", {{"train", {2.0, 1.0}}, {"nothing", {}}, {"lost", {nan, nan}}});
  EXPECT_EQ(count_of(svg, "<polyline"), 1);
  EXPECT_THAT(svg, AllOf(Not(HasSubstr("nothing")), Not(HasSubstr("lost"))));
  EXPECT_EQ(line_chart("Loss", {}), "");
  EXPECT_EQ(line_chart("Loss", {{"nothing", {}}}), "");
  EXPECT_EQ(line_chart("Loss", {{"lost", {nan}}}), "");
}

TEST(LineChart, LeavesOutEpochsWithoutANumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string svg = line_chart("Loss", {{"train", {2.0, nan, infinity, 1.0}}});
  EXPECT_THAT(svg, HasSubstr("points=\"60.0,12.0 580.0,212.0 \""));
  EXPECT_THAT(svg, AllOf(Not(HasSubstr("nan")), Not(HasSubstr("inf"))));
}

TEST(LineChart, DrawsOneEpochAndAConstantCurve) {
  EXPECT_THAT(line_chart("Loss", {{"train", {2.0}}}), HasSubstr("points=\"60.0,212.0 \""));
  EXPECT_THAT(line_chart("Loss", {{"train", {2.0, 2.0}}}), HasSubstr("points=\"60.0,212.0 580.0,212.0 \""));
}

TEST(ConfusionTable, HoldsEveryCountAndShadesByTheRow) {
  const std::string html = confusion_table({"Happy", "<Sad>"}, {{{3, 1}, {0, 0}}});
  expect_well_formed(html);
  EXPECT_EQ(count_of(html, "<td style"), 4);
  EXPECT_THAT(html, AllOf(HasSubstr("<td style=\"--share:0.750\" class=\"right\" title=\"75.0 %\">3</td>"),
                          HasSubstr("<td style=\"--share:0.250\" title=\"25.0 %\">1</td>"),
                          HasSubstr("<td style=\"--share:0.000\" class=\"right\" title=\"0.0 %\">0</td>"),
                          HasSubstr("&lt;Sad&gt;"), Not(HasSubstr("<Sad>"))));
}

TEST(ReliabilityChart, DrawsADotABinThatHasClips) {
  Calibration calibration;
  calibration.bins = {{0, 0, 0}, {4, 0.5, 1.0}, {1, 0.9, 0.0}};
  const std::string svg = reliability_chart(calibration);
  expect_well_formed(svg);
  EXPECT_EQ(count_of(svg, "class=\"dot\""), 2);
  // The plot is 220 wide from 60 and 200 high from 12; the largest bin has radius 8.
  EXPECT_THAT(svg, HasSubstr("cx=\"170.0\" cy=\"12.0\" r=\"8.0\""));
  EXPECT_THAT(svg, HasSubstr("cx=\"258.0\" cy=\"212.0\" r=\"5.0\""));
  EXPECT_EQ(count_of(svg, "class=\"diagonal\""), 1);
}

}  // namespace
}  // namespace ferv::evaluation

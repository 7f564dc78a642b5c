// SPDX-License-Identifier: Apache-2.0
#include "chart.h"

#include <limits>
#include <nlohmann/json.hpp>
#include <regex>

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

/// What the first chart in `markup` asks report.js to draw, with the attribute's escapes undone.
nlohmann::json chart_in(const std::string& markup) {
  expect_well_formed(markup);
  std::smatch found;
  if (!std::regex_search(markup, found, std::regex("data-chart=\"([^\"]*)\""))) return {};
  std::string text = found[1];
  for (const auto& [escaped, character] :
       {std::pair{"&quot;", "\""}, {"&lt;", "<"}, {"&gt;", ">"}, {"&#39;", "'"}, {"&amp;", "&"}})
    text = std::regex_replace(text, std::regex(escaped), character);
  return nlohmann::json::parse(text);
}

using nlohmann::json;

TEST(BarChart, SaysValuesIntervalsAndReferences) {
  const json chart =
      chart_in(bar_chart("WAR", {{"War", 0.5, Interval{0.4, 0.6}, "of 12", 0.25}, {"Sad", 0.1, {}, ""}}));
  EXPECT_EQ(chart["kind"], "bars");
  EXPECT_EQ(chart["bars"], json::parse(R"([
    {"name": "War", "value": 0.5, "interval": [0.4, 0.6], "note": "of 12", "reference": 0.25},
    {"name": "Sad", "value": 0.1, "note": ""}])"));
}

TEST(BarChart, SaysAllInATableToo) {
  const std::string html =
      bar_chart("WAR", {{"War", 0.5, Interval{0.4, 0.6}, "of 12", 0.25}, {"Sad", 0.1, {}, ""}});
  EXPECT_THAT(html, AllOf(HasSubstr("aria-label=\"WAR; the figures are in the table that follows\""),
                          HasSubstr("<th scope=\"row\">War</th><td>50.0</td><td>40.0</td><td>60.0</td>"
                                    "<td>25.0</td><td>of 12</td>"),
                          HasSubstr("<td>10.0</td><td>-</td><td>-</td><td>-</td><td></td>")));
}

TEST(BarChart, EscapesNames) {
  const std::string html = bar_chart("a \"b\"<c>", {{"<script>'&quot;", 1.0, {}, "<i>"}});
  EXPECT_EQ(chart_in(html)["bars"][0]["name"], "<script>'&quot;");
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script")), Not(HasSubstr("<i>")), Not(HasSubstr("<c>"))));
}

TEST(BarChart, TakesANameThatIsNoUtf8) {
  EXPECT_EQ(chart_in(bar_chart("WAR", {{"a\xff", 1.0, {}, ""}}))["bars"][0]["name"], "a\xef\xbf\xbd");
}

TEST(LineChart, HasOneValueAnEpochAndCurve) {
  const std::string html = line_chart("Loss", {{"train", {2.0, 1.0, 0.5}}, {"val", {1.0, 1.5}}});
  const json chart = chart_in(html);
  EXPECT_EQ(chart["kind"], "lines");
  EXPECT_EQ(chart["curves"], json::parse(R"([{"name": "train", "values": [2.0, 1.0, 0.5]},
                                             {"name": "val", "values": [1.0, 1.5, null]}])"));
  EXPECT_THAT(html, AllOf(HasSubstr("<th scope=\"col\">epoch</th><th scope=\"col\">train</th>"),
                          HasSubstr("<th scope=\"row\">3</th><td>0.5</td><td>-</td>")));
}

TEST(LineChart, LeavesOutCurvesWithoutValues) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const std::string html = line_chart("Loss", {{"train", {2.0, 1.0}}, {"nothing", {}}, {"lost", {nan, nan}}});
  EXPECT_EQ(chart_in(html)["curves"].size(), 1U);
  EXPECT_THAT(html, AllOf(Not(HasSubstr("nothing")), Not(HasSubstr("lost"))));
  EXPECT_EQ(line_chart("Loss", {}), "");
  EXPECT_EQ(line_chart("Loss", {{"nothing", {}}}), "");
  EXPECT_EQ(line_chart("Loss", {{"lost", {nan}}}), "");
}

TEST(LineChart, LeavesAGapWhereThereIsNoNumber) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::string html = line_chart("Loss", {{"train", {2.0, nan, infinity, 1.0}}});
  EXPECT_EQ(chart_in(html)["curves"][0]["values"], json::parse("[2.0, null, null, 1.0]"));
  EXPECT_THAT(html, Not(HasSubstr("inf")));
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

TEST(ReliabilityChart, LeavesOutBinsWithoutClips) {
  Calibration calibration;
  calibration.bins = {{0, 0, 0}, {4, 0.5, 1.0}, {1, 0.9, 0.0}};
  const std::string html = reliability_chart(calibration);
  const json chart = chart_in(html);
  EXPECT_EQ(chart["kind"], "reliability");
  EXPECT_EQ(chart["bins"], json::parse(R"([{"clips": 4, "confidence": 0.5, "accuracy": 1.0},
                                           {"clips": 1, "confidence": 0.9, "accuracy": 0.0}])"));
  EXPECT_THAT(html, HasSubstr("<th scope=\"row\">0.500</th><td>1.000</td><td>4</td>"));
}

TEST(WeightsChart, NamesTheFrameThatMatteredMost) {
  const std::string html = weights_chart({0.25, 1.0, 0.5});
  EXPECT_EQ(chart_in(html)["weights"], json::parse("[0.25, 1.0, 0.5]"));
  EXPECT_THAT(html, HasSubstr("Which of 3 sampled frames mattered: most frame 2"));
}

}  // namespace
}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/published.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <sstream>

#include "ferv/base/files.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/official_split.h"
#include "ferv/evaluation/table_check.h"
#include "matchers.h"

namespace ferv::evaluation {
namespace {

/// Clips of the official test split of each subset that the paper's table shows.
const std::map<std::string, int> kTestClips = {
    {"All", 7847},    {"DL11k", 2282},     {"WIS9k", 1768},   {"SIA10k", 2042},  {"AI9k", 1755},
    {"Social", 229},  {"DailyLife", 471},  {"Liveshow", 228}, {"Talkshow", 350}, {"Interview", 424},
    {"Contest", 483}, {"Experiment", 113}, {"Terror", 422},   {"Crisis", 301}};

bool is_masked(const std::string& figure) {
  return figure.find('X') != std::string::npos;
}

TEST(PublishedResults, HoldTheTwentyRowsOfTheZooAndLaterMethods) {
  std::set<std::string> models;
  std::set<std::string> methods;
  for (const PublishedRow& row : published_results()) {
    EXPECT_TRUE(methods.insert(row.method).second) << row.method << " stands twice";
    if (!row.model_id.empty()) {
      EXPECT_TRUE(models.insert(row.model_id).second) << row.model_id << " stands twice";
    }
    EXPECT_GE(row.year, 2021);
    EXPECT_FALSE(row.source.empty()) << row.method;
    ASSERT_FALSE(row.figures.empty()) << row.method;
    EXPECT_EQ(row.figures[0].subset, "All") << row.method;
  }
  EXPECT_EQ(models.size(), 20U);
  EXPECT_GT(methods.size(), 40U);
}

TEST(PublishedResults, ArePercentWithTwoDigitsOrMasked) {
  const auto form = testing::MatchesRegex("[0-9][0-9]\\.([0-9][0-9]|XX)");
  for (const PublishedRow& row : published_results()) {
    for (const PublishedFigure& figure : row.figures) {
      EXPECT_THAT(figure.war, form) << row.method;
      EXPECT_THAT(figure.uar, form) << row.method;
      // FERV39k's frequent classes are its easy ones.
      EXPECT_GT(figure.war, figure.uar) << row.method << " on " << figure.subset;
    }
  }
}

TEST(PublishedResults, AreWholeNumbersOfTestClips) {
  int checked = 0;
  for (const PublishedRow& row : published_results()) {
    // OUS alone is no k / 7847: its WAR is known to one digit (53.3) only.
    if (row.method == "OUS") continue;
    for (const PublishedFigure& figure : row.figures) {
      if (is_masked(figure.war)) continue;
      const int clips = kTestClips.at(figure.subset);
      const double printed = std::stod(figure.war);
      const double nearest = 100.0 * std::round(printed * clips / 100) / clips;
      EXPECT_NEAR(nearest, printed, 0.005001) << row.method << " on " << figure.subset;
      ++checked;
    }
  }
  EXPECT_GT(checked, 16 * 14);
}

TEST(PublishedResults, NameSubsetsThatExist) {
  std::set<std::string> known = {"All"};
  for (const data::Scenario& scenario : data::scenarios()) known.insert(scenario.short_name);
  for (const std::string& scene : data::scene_names()) known.insert(scene);
  for (const PublishedRow& row : published_results()) {
    for (const PublishedFigure& figure : row.figures)
      EXPECT_TRUE(known.contains(figure.subset)) << figure.subset;
  }
}

TEST(PublishedResults, EqualTheTranscriptOfThePapersTable) {
  FERV_REQUIRE_SHARED();
  std::istringstream table(read_text_file(test::shared_folder() / "facts/published_results.csv"));
  const auto fields_of = [](const std::string& line) {
    std::vector<std::string> fields;
    std::istringstream stream(line);
    for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
    return fields;
  };
  std::string line;
  std::getline(table, line);
  const auto header = fields_of(line);
  int rows = 0;
  for (; std::getline(table, line); ++rows) {
    if (line.ends_with("\r")) line.pop_back();
    const auto fields = fields_of(line);
    const auto all = published_results();
    const auto row =
        std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.method == fields[0]; });
    ASSERT_NE(row, all.end()) << fields[0];
    for (std::size_t i = 1; i + 1 < fields.size(); i += 2) {
      const PublishedFigure* figure = figure_of(*row, header[i].substr(0, header[i].find('_')));
      ASSERT_NE(figure, nullptr) << header[i];
      EXPECT_EQ(figure->war, fields[i]) << fields[0] << " " << header[i];
      EXPECT_EQ(figure->uar, fields[i + 1]) << fields[0] << " " << header[i + 1];
    }
  }
  EXPECT_EQ(rows, 16);
}

TEST(PublishedTransfers, AreWholeNumbersOfTestClipsFromEachScenarioToEach) {
  std::set<std::string> pairs;
  for (const PublishedTransfer& transfer : published_transfers()) {
    pairs.insert(transfer.trained_on + transfer.tested_on);
    EXPECT_EQ(check_share(transfer.war, kTestClips.at(transfer.tested_on)), Verdict::kPossible)
        << transfer.war;
    EXPECT_LT(std::stod(transfer.uar), std::stod(transfer.war));
  }
  EXPECT_EQ(pairs.size(), 16U);
}

TEST(PublishedRecalls, AreWholeNumbersOfTestClipsExceptOne) {
  const auto sizes = official_test_clips("All");
  for (const PublishedRecalls& row : published_recalls()) {
    ASSERT_EQ(row.recalls.size(), 7U) << row.method;
    for (std::size_t k = 0; k < 7; ++k) {
      if (row.method == "STT" && k == 0) continue;
      EXPECT_EQ(check_share(row.recalls[k], sizes[k]), Verdict::kPossible)
          << row.method << " " << row.recalls[k];
    }
    const auto all = published_results();
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const auto& one) {
      return one.method == row.method;
    })) << row.method;
  }
}

TEST(PublishedRow, IsFoundByModelOrNot) {
  const PublishedRow* row = published_row("two_vgg13_lstm");
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->method, "Two VGG13-LSTM");
  EXPECT_EQ(published_row("r18_lstm.dfew")->figures[0].war, "41.XX");
  EXPECT_EQ(published_row("no_such_model"), nullptr);
  EXPECT_EQ(published_row(""), nullptr) << "methods outside the zoo have no id to be found by";
}

TEST(FigureOf, IsFoundBySubsetOrNot) {
  const PublishedRow* row = published_row("c3d");
  ASSERT_NE(row, nullptr);
  ASSERT_NE(figure_of(*row, "Experiment"), nullptr);
  EXPECT_EQ(figure_of(*row, "Experiment")->war, "54.87");
  EXPECT_EQ(figure_of(*row, "Action"), nullptr) << "the paper shows nine of the scenes";
}

}  // namespace
}  // namespace ferv::evaluation

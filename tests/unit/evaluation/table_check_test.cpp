// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/table_check.h"

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "ferv/base/random.h"
#include "ferv/evaluation/official_split.h"
#include "ferv/evaluation/published.h"
#include "matchers.h"
#include "quick_file.h"

namespace ferv::evaluation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::int64_t sum(const std::vector<std::int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
}

TEST(OfficialTestClips, AddUpToTheSplitOfTheRelease) {
  EXPECT_THAT(official_test_clips("All"), ElementsAre(1473, 1393, 1958, 1487, 638, 467, 431));
  EXPECT_EQ(sum(official_test_clips("All")), 7847);
  EXPECT_EQ(sum(official_test_clips("DL11k")), 2282);
  EXPECT_EQ(sum(official_test_clips("AI9k")), 1755);
  EXPECT_THAT(official_test_clips("Experiment"), ElementsAre(34, 3, 54, 8, 8, 2, 4));
  EXPECT_THAT(official_test_clips("Kitchen"), IsEmpty());
}

TEST(CheckShare, KnowsWhatSmallSplitsCanGive) {
  EXPECT_EQ(check_share("33.33", 3), Verdict::kPossible);
  EXPECT_EQ(check_share("66.67", 3), Verdict::kPossible);
  EXPECT_EQ(check_share("66.66", 3), Verdict::kOnlyIfCut);
  EXPECT_EQ(check_share("66.68", 3), Verdict::kImpossible);
  EXPECT_EQ(check_share("50.00", 3), Verdict::kImpossible);
  EXPECT_EQ(check_share("67", 3), Verdict::kPossible);
  EXPECT_EQ(check_share("100.00", 3), Verdict::kPossible);
  EXPECT_EQ(check_share("0.00", 3), Verdict::kPossible);
  EXPECT_EQ(check_share("0.01", 3), Verdict::kImpossible);
  for (const char* text : {"", "41.XX", "-3", "101", "1e1", "39.33%", "12.34567", "."})
    test::expect_error(ErrorKind::kInvalidArgument, testing::_, [&] { (void)check_share(text, 3); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("0 clips"), [] { (void)check_share("1.0", 0); });
}

TEST(CheckShare, TakesEveryShareThatThereIsAndAgreesWithCounting) {
  Random random(8);
  for (const std::int64_t clips : {1, 3, 113, 228, 7847}) {
    for (int round = 0; round < 200; ++round) {
      const auto hits = static_cast<std::int64_t>(random.below(static_cast<std::uint64_t>(clips) + 1));
      const double share = 100.0 * static_cast<double>(hits) / static_cast<double>(clips);
      EXPECT_EQ(check_share(fmt::format("{:.2f}", share), clips), Verdict::kPossible) << hits << "/" << clips;
    }
  }
  // Slowly, for one count: each figure against each k.
  constexpr std::int64_t kClips = 43;
  for (int figure = 0; figure <= 10000; figure += 7) {
    bool found = false;
    for (std::int64_t k = 0; k <= kClips; ++k)
      found |= std::abs(10000.0 * static_cast<double>(k) / kClips - figure) <= 0.5;
    const std::string text = fmt::format("{}.{:02}", figure / 100, figure % 100);
    EXPECT_EQ(check_share(text, kClips) == Verdict::kPossible, found) << text;
  }
}

TEST(ShareOfPossibleFigures, SaysHowMuchTheTestCanTell) {
  EXPECT_NEAR(share_of_possible_figures(113, 2), 114.0 / 10001, 1e-12);
  EXPECT_NEAR(share_of_possible_figures(7847, 2), 0.785, 0.01);
  EXPECT_EQ(share_of_possible_figures(7847, 1), 1.0);
}

class PublishedTable : public testing::Test {
 protected:
  TableCheck check(std::string_view text, std::int64_t clip_count = 0) {
    test::write_quickly(file_, text);
    return check_table(file_, clip_count);
  }
  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "table.csv";
};

TEST_F(PublishedTable, OfThePaperHoldsSharesOfTheTestSplitAlone) {
  std::string text = "method";
  for (const PublishedFigure& figure : published_results()[0].figures)
    text += fmt::format(",{0}_WAR,{0}_UAR", figure.subset);
  int rows = 0;
  for (const PublishedRow& row : published_results()) {
    if (row.figures.size() != 14) continue;
    ++rows;
    text += "\n" + row.method;
    for (const PublishedFigure& figure : row.figures) text += "," + figure.war + "," + figure.uar;
  }
  ASSERT_EQ(rows, 16);
  const TableCheck result = check(text);
  EXPECT_EQ(result.figures.size(), 224U);
  EXPECT_EQ(result.uar_count, 224);
  EXPECT_TRUE(result.all_can_be());
}

TEST_F(PublishedTable, OfTheReadmeIsReadAsPairsWithMaskedDigits) {
  const TableCheck result = check(
      "Model,Backbone,WAR/UAR,#Params\nResNet18,ResNet18,39.33/30.30,17M\nRS18-LSTM,ResNet18,41.XX/"
      "31.XX,132M\n"
      "Made up,-,39.36/30.30,-\n");
  EXPECT_THAT(result.columns_not_read, ElementsAre("Backbone", "#Params"));
  EXPECT_EQ(result.masked_count, 2);
  ASSERT_EQ(result.figures.size(), 2U);
  EXPECT_EQ(result.figures[0].verdict, Verdict::kPossible);
  EXPECT_FALSE(result.all_can_be()) << "39.36 lies between 3088 and 3089 of 7847";
  EXPECT_EQ(result.figures[1].verdict, Verdict::kOnlyIfCut) << "39.3654 with its end cut off";
  EXPECT_NEAR(result.figures[1].nearest, 100 * 3089.0 / 7847, 1e-9);
}

TEST_F(PublishedTable, IsHeldAgainstItsOwnClassRecalls) {
  const TableCheck result = check(
      "method,Happy,Sad,Neutral,Angry,Surprise,Disgust,Fear,UAR,WAR\n"
      "C3D,48.20,35.53,52.71,13.72,3.45,4.93,0.23,22.68,31.69\n"
      "NR-DFERNet,69.18,54.77,51.12,49.70,13.17,0.00,0.23,33.99,45.97\n"
      "STT,69.77,47.81,59.14,47.41,20.22,10.49,9.51,37.76,48.11\n");
  EXPECT_THAT(result.contradictions,
              ElementsAre("NR-DFERNet: its class recalls give UAR 34.02, it prints 33.99"));
  int impossible = 0;
  for (const FigureCheck& one : result.figures) {
    if (one.verdict == Verdict::kPossible) continue;
    ++impossible;
    EXPECT_EQ(one.method + " " + one.column + " " + one.figure, "STT Happy 69.77");
  }
  EXPECT_EQ(impossible, 1);
}

TEST_F(PublishedTable, OfAnotherDataSetIsCheckedWithItsOwnCount) {
  EXPECT_TRUE(check("method,WAR\na,33.33\n", 3).all_can_be());
  EXPECT_FALSE(check("method,WAR\na,33.33\n", 4).all_can_be());
}

TEST_F(PublishedTable, IsRefusedWhereItCannotBeRead) {
  for (const auto& [text, message] : std::vector<std::pair<std::string, std::string>>{
           {"", "is empty"},
           {"method,Params\nx,3\n", "no column that can be checked"},
           {"method,WAR\nx\n", ":2: 1 fields, wanted 2"},
           {"method,WAR\nx,high\n", "'high' in column WAR"},
           {"method,WAR/UAR\nx,39.33\n", "wanted two figures"}})
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(message), [&, &text = text] { (void)check(text); });
}

TEST_F(PublishedTable, NeverCrashesItsReaderWhenMutated) {
  const std::string good =
      "method,Happy,WAR,DL11k_WAR/UAR,Social\nA,48.20,31.69,26.95/21.02,34.50/24.34\nB,-,41.XX,**30.46**/"
      "21.52,-\n";
  Random random(2);
  int read_count = 0;
  for (int round = 0; round < 800; ++round) {
    std::string text = good;
    for (auto changes = 1 + random.below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = random.below(text.size());
      if (random.chance(0.7))
        text[place] = random.chance(0.5) ? ",./9\n\"XW"[random.below(8)] : static_cast<char>(random.next());
      else
        text.erase(place, 1 + random.below(10));
    }
    try {
      (void)check(text);
      ++read_count;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData) << error.what();
    }
  }
  EXPECT_GT(read_count, 50);
}

}  // namespace
}  // namespace ferv::evaluation

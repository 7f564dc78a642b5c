// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/foreign_results.h"

#include "ferv/base/random.h"
#include "ferv/data/labels.h"
#include "matchers.h"
#include "quick_file.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using data::class_order;
using testing::AllOf;
using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

class ForeignResults : public testing::Test {
 protected:
  Results read(std::string_view text, const ForeignOptions& options) {
    test::write_quickly(file_, text);
    return read_foreign_results(file_, options);
  }
  void expect_corrupt(std::string_view text, const ForeignOptions& options, const std::string& message) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(message), [&] { (void)read(text, options); });
  }

  static ForeignOptions table(const std::string& columns, const std::string& classes = "dfew") {
    ForeignOptions options = options_of(ForeignFormat::kTable, class_order(classes));
    options.columns = column_map(columns);
    return options;
  }
  static ForeignOptions options_of(ForeignFormat format, const std::vector<std::string>& classes) {
    ForeignOptions options;
    options.format = format;
    options.classes = classes;
    return options;
  }
  static ForeignOptions list() { return options_of(ForeignFormat::kList, class_order("dfew")); }
  static ForeignOptions views() { return options_of(ForeignFormat::kViews, {"A", "B"}); }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "answers.csv";
};

TEST(ColumnMap, NamesRolesAndRefusesWhatCannotBeRead) {
  const auto columns = column_map("clip=id,label=y,predicted=p,logits=a+b");
  EXPECT_EQ(columns.at("clip"), "id");
  EXPECT_EQ(columns.at("logits"), "a+b");
  for (const char* text :
       {"", "clip=id", "clip=id,label=y", "clip=id,label=y,predicted", "clip=1,label=0,predicted=2",
        "clip=a,clip=b,label=y,predicted=p", "clip=a,label=y,predicted=p,score=s",
        "clip=a,label=y,probabilities=s,logits=s", "clip=1,label=2,logits=3++4"})
    test::expect_error(ErrorKind::kInvalidArgument, testing::_, [&] { (void)column_map(text); });
}

TEST(ClipOfPath, IsTheClipOfFerv39kWhereverItsFoldersLie) {
  for (const char* path :
       {"Action/Sad/0010", "/data/FERV39k/2_ClipsforFaceCrop/Action/Sad/0010", "Action\\Sad\\0010",
        "0_7_LabelClips/Action/Sad/0010.mp4", "/x/2_ClipsforFaceCrop/2_ClipsforFaceCrop/Action/Sad/0010/"})
    EXPECT_EQ(clip_of_path(path), "Action/Sad/0010") << path;
  for (const char* path : {"00001", "clip_224x224/00001", "/data/DFEW/Clip/clip_224x224/00001", "", "/"})
    EXPECT_EQ(clip_of_path(path), path[0] == '/' && path[1] == '\0' ? "" : path);
}

TEST_F(ForeignResults, ComeFromATableByTheNamesOfItsColumns) {
  const Results results = read("pred,id,label\n3,/x/War/Happy/0001,3\n5,War/Sad/0002,5\n0,War/Angry/0003,0\n",
                               table("clip=id,label=label,predicted=pred", "alphabetical"));
  EXPECT_EQ(results.classes, test::expressions()) << "ferv's order, whatever the file's";
  ASSERT_EQ(results.rows.size(), 3U);
  EXPECT_EQ(results.rows[0].clip, "War/Happy/0001");
  EXPECT_EQ(results.rows[0].label, 0);
  EXPECT_EQ(results.rows[1].predicted, 1);
  EXPECT_EQ(results.rows[2].label, 3);
}

TEST_F(ForeignResults, ComeFromATableByPositionAndWithNames) {
  const Results results =
      read("War/Happy/0001,Happy,sad\r\nWar/Sad/0002,Sad,Sad\r\n", table("clip=1,label=2,predicted=3"));
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_EQ(results.rows[0].predicted, 1);
}

TEST_F(ForeignResults, CountClassesFromTheToldFirstNumber) {
  ForeignOptions options = table("clip=1,label=2,predicted=3");
  options.first_index = 1;
  EXPECT_EQ(read("00001,1,7\n", options).rows[0].predicted, 6);
  expect_corrupt("00001,1,7\n00002,0,1\n", options, ":2: class is '0', wanted 1 to 7");
}

TEST_F(ForeignResults, TakeScoresAsOneListOrAsColumns) {
  ForeignOptions options = table("clip=c,label=y,probabilities=p", "A,B");
  Results results = read("c,y,p\nx,A,\"[0.2, 0.8]\"\nz,B,0.7 0.3\n", options);
  EXPECT_EQ(results.rows[0].predicted, 1) << "the likeliest, where no prediction is told";
  EXPECT_THAT(results.rows[1].probabilities, ElementsAre(0.7, 0.3));
  options.columns = column_map("clip=c,label=y,predicted=y,logits=a+b");
  results = read("c,y,a,b\nx,A,0,1.0986122886681098\n", options);
  EXPECT_THAT(results.rows[0].probabilities, ElementsAre(DoubleNear(0.25, 1e-9), DoubleNear(0.75, 1e-9)));
  EXPECT_EQ(results.rows[0].predicted, 0);
}

TEST_F(ForeignResults, ComeFromListsOfPathPredictedLabel) {
  const Results results = read("/d/2_ClipsforFaceCrop/War/Sad/0001 0 1\nWar/Fear/0002  6 6\r\n\n", list());
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_EQ(results.rows[0].predicted, 0);
  EXPECT_EQ(results.rows[0].label, 1);
  expect_corrupt("War/Sad/0001 25 1 1\n", list(), "4 fields, wanted 3: path predicted label");
}

TEST_F(ForeignResults, AverageViewsAfterTheSoftmaxAndCountRepeatedOnes) {
  const std::string text =
      "51.0, 90.0\nx [0.0, 0.0] 0 0 0\nx [1.0986122886681098, 0.0] 0 1 0\nx [9.0, 0.0] 0 1 0\n"
      "52.0, 91.0\ny [-3.0, 2.0] 1 0 0\n";
  const Results results = read(text, views());
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_THAT(results.rows[0].probabilities, ElementsAre(DoubleNear(0.625, 1e-9), DoubleNear(0.375, 1e-9)));
  EXPECT_EQ(results.rows[0].predicted, 0);
  EXPECT_EQ(results.rows[1].predicted, 1);
  EXPECT_EQ(results.facts.at("repeated_views"), "1");
  expect_corrupt("x [0, 1] 0 0 0\nx [0, 1] 1 1 0\n", views(), ":2: x has another label");
  expect_corrupt("x [0, 1] 0\n", views(), "2 scores and 1 fields");
  expect_corrupt("x 0 1 2\n", views(), "no [scores]");
}

TEST_F(ForeignResults, RefuseALabelThatTheFolderOfTheClipContradicts) {
  expect_corrupt("War/Happy/0001 3 3\n", list(),
                 "label of War/Happy/0001 is Angry, wanted Happy as its folder says");
}

TEST_F(ForeignResults, RefuseWhatIsNotToldOrNotThere) {
  ForeignOptions options = table("clip=c,label=y,predicted=p");
  expect_corrupt("c,y\nx,0\n", options, "has no column 'p', wanted one of the header: c, y");
  expect_corrupt("c,y,p\nx,0\n", options, ":2: 2 fields, wanted 3");
  expect_corrupt("c,y,p\nx,0,9\n", options, "class is '9', wanted 0 to 6, or Happy");
  expect_corrupt("c,y,p\n", options, "holds no clip");
  expect_corrupt("", options, "is empty");
  options.classes.clear();
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("--classes"),
                     [&] { (void)read("c,y,p\n", options); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("--columns"), [&] {
    (void)read("c\n", options_of(ForeignFormat::kTable, {"A", "B"}));
  });
  const ForeignOptions scores = table("clip=c,label=y,probabilities=p", "A,B");
  expect_corrupt("c,y,p\nx,A,1 2\n", scores, "are these logits?");
  expect_corrupt("c,y,p\nx,A,1 2 3\n", scores, "3 scores, wanted 2");
  expect_corrupt("c,y,p\nx,A,nan 1\n", scores, "wanted a finite number");
}

TEST_F(ForeignResults, NeverCrashTheirReadersWhenMutated) {
  const std::vector<std::pair<std::string, ForeignOptions>> sources = {
      {"c,y,p\nWar/Sad/0001,A,0.4 0.6\nx,B,0.1 0.9\nz,A,\"[0.5,0.5]\"\n",
       table("clip=c,label=y,probabilities=p", "A,B")},
      {"War/Sad/0001 1 1\n/x/y/War/Happy/0002 0 0\nabc 6 5\n", list()},
      {"51.0, 90.0\nx [0.0, 0.0] 0 0 0\nx [1.5, -2.0] 0 1 0\ny [1, 2] 1 0 0\n", views()}};
  constexpr std::string_view kTelling = ",\"\n\r.[]-e\0 /+";
  Random random(5);
  int read_count = 0;
  for (int round = 0; round < 1500; ++round) {
    const auto& [good, options] = sources[random.below(sources.size())];
    std::string text = good;
    for (auto changes = 1 + random.below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = random.below(text.size());
      if (random.chance(0.7))
        text[place] =
            random.chance(0.5) ? kTelling[random.below(kTelling.size())] : static_cast<char>(random.next());
      else
        text.erase(place, 1 + random.below(10));
    }
    try {
      const Results results = read(text, options);
      ++read_count;
      for (const ResultRow& row : results.rows) {
        ASSERT_LT(static_cast<std::size_t>(row.label), results.classes.size());
        ASSERT_LT(static_cast<std::size_t>(row.predicted), results.classes.size());
        ASSERT_TRUE(row.probabilities.empty() || row.probabilities.size() == results.classes.size());
      }
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData) << error.what();
    }
  }
  EXPECT_GT(read_count, 50);
  EXPECT_LT(read_count, 1450);
}

class ConfusionMatrixFile : public testing::Test {
 protected:
  ConfusionMatrix read(std::string_view text) {
    test::write_quickly(file_, text);
    return read_confusion_matrix(file_, {"A", "B"});
  }
  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "matrix.txt";
};

TEST_F(ConfusionMatrixFile, IsReadInAnyLayout) {
  const std::vector<std::vector<std::int64_t>> wanted = {{3, 1}, {2, 4}};
  for (const char* text :
       {"3 1\n2 4\n", "[[3 1]\n [2 4]]", "3,1\r\n2,4\r\n", "[[3.0e+00, 1.], [2., 4.0]]", "3\t1\t2\t4"})
    EXPECT_EQ(read(text).counts, wanted) << text;
}

TEST_F(ConfusionMatrixFile, IsRefusedWhereItHoldsNoCounts) {
  for (const auto& [text, message] :
       std::vector<std::pair<std::string, std::string>>{{"3 1 2", "holds 3 numbers, wanted 2 x 2"},
                                                        {"0.75 0.25 0.3 0.7", "shares cannot be scored"},
                                                        {"3 -1 2 4", "wanted whole counts"},
                                                        {"1e300 0 0 0", "wanted whole counts"},
                                                        {"three 1 2 4", "wanted a finite number"},
                                                        {"0 0 0 0", "holds no clip"},
                                                        {"", "holds 0 numbers"}})
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(message), [&, &text = text] { (void)read(text); });
}

TEST(PutInOwnOrder, MovesRowsAndColumnsOfTheSevenClasses) {
  std::vector<std::string> classes = class_order("alphabetical");
  ConfusionMatrix matrix;
  matrix.counts.assign(7, std::vector<std::int64_t>(7, 0));
  matrix.counts[3][0] = 5;  // Happy called Angry
  put_in_own_order(classes, matrix);
  EXPECT_EQ(classes, test::expressions());
  EXPECT_EQ(matrix.counts[0][3], 5);
  EXPECT_EQ(matrix.total(), 5);
  std::vector<std::string> others = {"B", "A"};
  ConfusionMatrix small{{{1, 2}, {3, 4}}};
  put_in_own_order(others, small);
  EXPECT_EQ(small.counts[0][1], 2);
}

}  // namespace
}  // namespace ferv::evaluation

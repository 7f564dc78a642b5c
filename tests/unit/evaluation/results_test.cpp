// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/results.h"

#include <fstream>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"
#include "sample_results.h"

namespace ferv::evaluation {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kHeader = "clip,label,predicted,Happy,Sad,Fear\n";

class ResultFiles : public testing::Test {
 protected:
  Results read(const std::string& text) {
    // Without a sync: the mutation test writes many.
    std::ofstream(file_, std::ios::binary) << text;
    return read_results(file_);
  }
  /// Expects that a file with `text` is refused with the file, `place` (":3" for a line) and `why`.
  void refused(const std::string& text, const std::string& place, const std::string& why) {
    SCOPED_TRACE(text);
    test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr("results.csv" + place), HasSubstr(why)),
                       [&] { (void)read(text); });
  }

  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "results.csv";
};

TEST_F(ResultFiles, ReadTheClassesOfTheHeaderAndARowAClip) {
  const Results results =
      read(std::string(kHeader) + "War/Sad/0001,Sad,Fear,0.1,0.2,0.7\n\"a,b\",Happy,Happy,1,0,0\n");
  EXPECT_THAT(results.classes, ElementsAre("Happy", "Sad", "Fear"));
  ASSERT_EQ(results.rows.size(), 2U);
  EXPECT_EQ(results.rows[0].clip, "War/Sad/0001");
  EXPECT_EQ(results.rows[0].label, 1);
  EXPECT_EQ(results.rows[0].predicted, 2);
  EXPECT_THAT(results.rows[0].probabilities, ElementsAre(0.1, 0.2, 0.7));
  EXPECT_EQ(results.rows[1].clip, "a,b");
  EXPECT_TRUE(results.facts.empty());
}

TEST_F(ResultFiles, MayHoldNoProbabilities) {
  const Results results = read(std::string(kHeader) + "x,Sad,Fear,,,\n");
  EXPECT_TRUE(results.rows.at(0).probabilities.empty());
}

TEST_F(ResultFiles, ComeBackAsTheyWereWritten) {
  Results written = test::sample_results({"War", "School"});
  written.rows[0].clip = "a \"quoted\", strange\nclip";
  written.rows[1].probabilities.clear();
  written.facts = {{"model", "two_c3d"}, {"protocol", "clean"}, {"note", "\xc3\xa9 \"quoted\""}};
  write_results(file_, written);
  const Results read = read_results(file_);
  EXPECT_EQ(read.classes, written.classes);
  EXPECT_EQ(read.facts, written.facts);
  ASSERT_EQ(read.rows.size(), written.rows.size());
  for (std::size_t i = 0; i < read.rows.size(); ++i) {
    EXPECT_EQ(read.rows[i].clip, written.rows[i].clip);
    EXPECT_EQ(read.rows[i].label, written.rows[i].label);
    EXPECT_EQ(read.rows[i].predicted, written.rows[i].predicted);
    EXPECT_THAT(read.rows[i].probabilities,
                testing::Pointwise(testing::DoubleNear(5e-7), written.rows[i].probabilities));
  }
}

TEST_F(ResultFiles, AreTheSameBytesForTheSameResults) {
  write_results(file_, test::sample_results({"War"}));
  write_results(folder_ / "again.csv", test::sample_results({"War"}));
  EXPECT_EQ(read_text_file(file_), read_text_file(folder_ / "again.csv"));
}

TEST_F(ResultFiles, AreRefusedForTheirHeader) {
  refused("", "", "is empty");
  refused("\n\r\n", "", "is empty");
  refused("video,label,predicted,Happy,Sad\n", ":1", "wanted clip,label,predicted");
  refused("clip,label\n", ":1", "wanted clip,label,predicted");
  refused("clip,label,predicted,Happy\nx,Happy,Happy,1\n", ":1", "at least two");
  refused("clip,label,predicted,Happy,Sad,Happy\nx,Happy,Happy,1,0,0\n", ":1", "'Happy' stands twice");
  refused("clip,label,predicted,Happy,\nx,Happy,Happy,1,0\n", ":1", "no name");
  refused(kHeader, "", "no rows");
}

TEST_F(ResultFiles, AreRefusedForARowWithFileAndLine) {
  const std::string good = std::string(kHeader) + "x,Sad,Sad,0,1,0\n";
  refused(good + "y,Sad,Sad,0,1\n", ":3", "5 fields, wanted 6");
  refused(good + "y,Sad,Sad,0,1,0,0\n", ":3", "7 fields, wanted 6");
  refused(good + "y,Joy,Sad,0,1,0\n", ":3", "unknown class 'Joy'");
  refused(good + "y,Sad,sad,0,1,0\n", ":3", "unknown class 'sad'");
  refused(good + "\n\nx,Happy,Sad,0,1,0\n", ":5", "clip 'x' stands twice");
  refused(good + "y,Sad,Sad,0,one,0\n", ":3", "probability is 'one'");
  refused(good + "y,Sad,Sad,0,0.5x,0.5\n", ":3", "probability is '0.5x'");
  refused(good + "y,Sad,Sad,0,1.5,-0.5\n", ":3", "[0, 1]");
  refused(good + "y,Sad,Sad,nan,1,0\n", ":3", "[0, 1]");
  refused(good + "y,Sad,Sad,,1,0\n", ":3", "probability is ''");
  refused(good + "y,Sad,Sad,0.3,0.3,0.3\n", ":3", "sum to 0.9000");
}

TEST_F(ResultFiles, MayMissASumOfOneByAHundredth) {
  EXPECT_EQ(read(std::string(kHeader) + "x,Sad,Sad,0.3,0.3,0.395\n").rows.size(), 1U);
  EXPECT_EQ(read(std::string(kHeader) + "x,Sad,Sad,0.3,0.3,0.405\n").rows.size(), 1U);
}

TEST_F(ResultFiles, AreNotFoundWhereThereIsNone) {
  test::expect_error(ErrorKind::kNotFound, HasSubstr("absent.csv"),
                     [&] { (void)read_results(folder_ / "absent.csv"); });
}

TEST_F(ResultFiles, TakeFactsThatAreNoTextAsJson) {
  write_file_atomically(folder_ / "results.json",
                        std::string_view(R"({"model": "c3d", "clips": 3, "folds": [1, 2]})"));
  const Results results = read(std::string(kHeader) + "x,Sad,Sad,0,1,0\n");
  EXPECT_EQ(results.facts.at("model"), "c3d");
  EXPECT_EQ(results.facts.at("clips"), "3");
  EXPECT_EQ(results.facts.at("folds"), "[1,2]");
}

TEST_F(ResultFiles, AreRefusedForFactsThatCannotBeRead) {
  // The last one would exhaust the stack of a reader that follows it down.
  const std::string deep = "{\"a\": " + std::string(300000, '[') + std::string(300000, ']') + "}";
  for (const std::string& facts : {std::string("{\"model\": "), std::string("[1, 2]"), std::string("3"),
                                   std::string("\xff\xfe"), deep}) {
    write_file_atomically(folder_ / "results.json", facts);
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("results.json"),
                       [&] { (void)read(std::string(kHeader) + "x,Sad,Sad,0,1,0\n"); });
  }
}

TEST_F(ResultFiles, TakeNamesThatAreNoUtf8IntoTheFacts) {
  Results results = test::sample_results({"War"});
  results.facts = {{"weights", "caf\xe9.safetensors"}};
  write_results(file_, results);
  EXPECT_THAT(read_results(file_).facts.at("weights"), HasSubstr(".safetensors"));
}

TEST_F(ResultFiles, AreNotWrittenWhereTheirFactsWouldLie) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("results.json"),
                     [&] { write_results(folder_ / "results.json", test::sample_results({"War"})); });
}

TEST_F(ResultFiles, NeverCrashTheirReaderWhenMutated) {
  write_results(file_, test::sample_results({"War", "School"}));
  const std::string good = read_text_file(file_);
  constexpr std::string_view kTelling = ",\"\n\r.0-e\0";
  Random random(9);
  int read_count = 0;
  for (int round = 0; round < 1500; ++round) {
    std::string text = good.substr(0, random.chance(0.2) ? random.below(good.size()) : good.size());
    for (auto changes = 1 + random.below(3); changes > 0 && !text.empty(); --changes) {
      const std::size_t place = random.below(text.size());
      const char letter =
          random.chance(0.5) ? kTelling[random.below(kTelling.size())] : static_cast<char>(random.next());
      if (random.chance(0.7))
        text[place] = letter;
      else
        text.erase(place, 1 + random.below(40));
    }
    try {
      const Results results = read(text);
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
  EXPECT_GT(read_count, 50) << "mutations that keep a file whole are part of the test";
  EXPECT_LT(read_count, 1400);
}

}  // namespace
}  // namespace ferv::evaluation

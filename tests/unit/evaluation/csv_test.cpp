// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

#include "ferv/base/csv_field.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::evaluation {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

using Records = std::vector<std::vector<std::string>>;

Records all_records(std::string_view text) {
  CsvReader reader(text, "file.csv");
  Records records;
  std::vector<std::string> fields;
  while (reader.next(fields)) records.push_back(fields);
  return records;
}

TEST(CsvReader, SplitsFieldsAtCommasAndRecordsAtLineBreaks) {
  EXPECT_THAT(all_records("a,b\nc,,d\n"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "", "d")));
  EXPECT_THAT(all_records("a,b\nc,"), ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "")));
  EXPECT_TRUE(all_records("").empty());
}

TEST(CsvReader, UnderstandsQuotesCommasAndLineBreaksWithinThem) {
  EXPECT_THAT(all_records("\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\"\"\nnext\n"),
              ElementsAre(ElementsAre("a,b", "say \"hi\"", "two\nlines", ""), ElementsAre("next")));
}

TEST(CsvReader, ToleratesByteOrderMarkCrlfAndBlankLines) {
  EXPECT_THAT(all_records("\xef\xbb\xbf"
                          "a,b\r\n\r\n\nc,\"d\"\r\n\r\n"),
              ElementsAre(ElementsAre("a", "b"), ElementsAre("c", "d")));
}

TEST(CsvReader, KeepsACarriageReturnThatIsQuoted) {
  EXPECT_THAT(all_records("a,\"b\r\"\r\nc,\"\r\"\n"),
              ElementsAre(ElementsAre("a", "b\r"), ElementsAre("c", "\r")));
}

TEST(CsvReader, NamesTheLineWhereARecordBegins) {
  const std::string text = "one\n\n\"two\nand three\",x\r\nlast";
  CsvReader reader(text, "file.csv");
  std::vector<std::string> fields;
  std::vector<std::size_t> lines;
  while (reader.next(fields)) lines.push_back(reader.place().line);
  EXPECT_THAT(lines, ElementsAre(1U, 3U, 5U));
  EXPECT_THAT(reader.place().error("is odd").what(), HasSubstr("file.csv:5"));
}

TEST(CsvReader, RefusesAQuoteWithoutEnd) {
  test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("file.csv:2"), HasSubstr("no end")),
                     [] { (void)all_records("a,b\nc,\"d\ne,f\n"); });
}

TEST(CsvReader, RefusesARecordOverOneMebibyteButTakesALongFileOfShortOnes) {
  const std::string megabyte(std::size_t{1} << 20, 'x');
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("longer than 1 MiB"),
                     [&] { (void)all_records(megabyte + megabyte); });
  std::string lines;
  for (int i = 0; i < 300000; ++i) lines += "abcdefg\n";
  EXPECT_EQ(all_records(lines).size(), 300000U);
}

TEST(CsvField, ComesBackFromTheReaderWhateverItHolds) {
  constexpr std::string_view kLetters = "ab,\"\n\r ;";
  Random random(5);
  for (int round = 0; round < 2000; ++round) {
    Records records(1 + random.below(3), std::vector<std::string>(2 + random.below(3)));
    std::string text;
    for (auto& record : records) {
      for (std::size_t i = 0; i < record.size(); ++i) {
        for (auto length = random.below(5); length > 0; --length)
          record[i] += kLetters[random.below(kLetters.size())];
        text += (i > 0 ? "," : "") + csv_field(record[i]);
      }
      text += random.chance(0.5) ? "\n" : "\r\n";
    }
    ASSERT_EQ(all_records(text), records) << text;
  }
}

}  // namespace
}  // namespace ferv::evaluation

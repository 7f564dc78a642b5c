// SPDX-License-Identifier: Apache-2.0
#include "list_lines.h"

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(ListLines, PassesOverMarksBlanksAndLineEnds) {
  ListLines lines("\xef\xbb\xbf  a,1\r\n\n\t\nb,2\t\n\nc", "x.csv");
  EXPECT_EQ(lines.next(), "a,1");
  EXPECT_EQ(lines.next(), "b,2");
  EXPECT_EQ(lines.next(), "c");
  EXPECT_EQ(lines.next(), std::nullopt);
}

TEST(ListLines, NamesFileAndLineAndShowsItPrintable) {
  const std::string text = "a\n\nb\x01" + std::string(200, 'x');
  ListLines lines(text, "lists/x.csv");
  (void)lines.next();
  (void)lines.next();
  const std::string message = lines.refuse("wanted more").what();
  EXPECT_THAT(message, HasSubstr("lists/x.csv:3"));
  EXPECT_THAT(message, HasSubstr("wanted more, found 'b?xxx"));
  EXPECT_LT(message.size(), 160U);
}

TEST(ListLines, RefusesALineBeyondTheLimit) {
  const std::string text(5000, 'x');
  ListLines lines(text, "x.csv");
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("line of 5000 characters"),
                     [&] { (void)lines.next(); });
}

TEST(SplitFields, KeepsEmptyFieldsAndCutsBlanks) {
  EXPECT_THAT(split_fields("a, b ,,c", ','), ElementsAre("a", "b", "", "c"));
  EXPECT_THAT(split_fields("", ','), ElementsAre(""));
}

TEST(WholeNumber, IsAllOfTheFieldOrNothing) {
  EXPECT_EQ(whole_number("00042"), 42);
  for (const char* text : {"", "-1", "4x", "4.0", " 4", "99999999999999"})
    EXPECT_EQ(whole_number(text), std::nullopt);
}

TEST(SafeRelativePath, NeverLeadsOut) {
  EXPECT_EQ(safe_relative_path("./a\\b/c"), "a/b/c");
  for (const char* text : {"", "/etc", "../a", "a/../../b", "a//b", "a/./b", "a/", "..\\a", "a\x01"})
    EXPECT_EQ(safe_relative_path(text), "") << text;
}

TEST(SafeRelativePath, HoldsForRandomBytes) {
  Random random(4);
  for (int round = 0; round < 2000; ++round) {
    std::string text;
    for (std::uint64_t i = random.below(12); i > 0; --i) text += "./\\ab\x01\xff"[random.below(7)];
    const std::string path = safe_relative_path(text);
    if (path.empty()) continue;
    const auto normal = std::filesystem::path(path).lexically_normal();
    EXPECT_TRUE(normal.is_relative());
    EXPECT_NE(*normal.begin(), "..") << path;
  }
}

}  // namespace
}  // namespace ferv::data

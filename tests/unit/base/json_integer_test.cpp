// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/json_integer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

namespace ferv {
namespace {

using nlohmann::json;

TEST(JsonInteger, TakesWholeNumbersThatFit) {
  EXPECT_EQ(json_integer<int>(json::parse("-12")), -12);
  EXPECT_EQ(json_integer<std::int64_t>(json::parse("9223372036854775807")),
            std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(json_integer<std::uint64_t>(json::parse("18446744073709551615")),
            std::numeric_limits<std::uint64_t>::max());
}

TEST(JsonInteger, RefusesWhatGetWouldBend) {
  for (const char* text : {"4.6e19", "46116868018427387904", "2.5", "1.0", "true", "\"3\"", "null", "[1]"})
    EXPECT_THROW((void)json_integer<std::int64_t>(json::parse(text)), json::exception) << text;
  EXPECT_THROW((void)json_integer<int>(json::parse("2147483648")), json::exception);
  EXPECT_THROW((void)json_integer<std::uint64_t>(json::parse("-1")), json::exception);
}

TEST(JsonIntegers, ReadsAnArrayOfThemAndNothingElse) {
  EXPECT_THAT(json_integers<int>(json::parse("[1, -2]")), testing::ElementsAre(1, -2));
  EXPECT_TRUE(json_integers<int>(json::parse("[]")).empty());
  for (const char* text : {"[1, 2.5]", "{\"a\": 1}", "3", "\"12\""})
    EXPECT_THROW((void)json_integers<int>(json::parse(text)), json::exception) << text;
}

}  // namespace
}  // namespace ferv

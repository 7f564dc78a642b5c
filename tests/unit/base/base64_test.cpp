// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/base64.h"

#include <gtest/gtest.h>

#include <string_view>

namespace ferv {
namespace {

TEST(Base64, IsThatOfTheStandard) {
  const auto encoded = [](std::string_view text) {
    return encode_base64({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
  };
  EXPECT_EQ(encoded(""), "");
  EXPECT_EQ(encoded("f"), "Zg==");
  EXPECT_EQ(encoded("fo"), "Zm8=");
  EXPECT_EQ(encoded("foobar"), "Zm9vYmFy");
  EXPECT_EQ(encoded("\xff\xfe\xfd"), "//79");
}

}  // namespace
}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/error.h"

#include <cerrno>
#include <vector>

#include "matchers.h"

namespace ferv {
namespace {

TEST(Error, CarriesKindFileAndWhatWasWanted) {
  const Error error = not_found("data/x.csv", "a list of clips");
  EXPECT_EQ(error.kind(), ErrorKind::kNotFound);
  EXPECT_STREQ(error.what(), "data/x.csv: not found, wanted a list of clips");
}

TEST(Error, IoErrorsNameTheSystemsReason) {
  EXPECT_THAT(io_error("a", "cannot write", ENOSPC).what(), testing::HasSubstr("No space left"));
}

TEST(NearestWord, SuggestsTheClosestWithinReach) {
  const std::vector<std::string> words = {"train", "eval", "predict"};
  EXPECT_EQ(nearest_word("trian", words), "train");
  EXPECT_EQ(nearest_word("predcit", words), "predict");
  EXPECT_EQ(nearest_word("zzzzzzzz", words), "");
}

TEST(EditDistance, CountsInsertionsDeletionsAndSubstitutions) {
  EXPECT_EQ(edit_distance("", "abc"), 3U);
  EXPECT_EQ(edit_distance("kitten", "sitting"), 3U);
  EXPECT_EQ(edit_distance("same", "same"), 0U);
}

}  // namespace
}  // namespace ferv

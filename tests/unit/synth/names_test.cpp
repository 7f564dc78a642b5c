// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/names.h"

#include <algorithm>
#include <string>

#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

TEST(Names, OfExpressionsGoThereAndBack) {
  for (const Expression expression : kExpressions)
    EXPECT_EQ(expression_named(name_of(expression)), expression);
  EXPECT_EQ(expression_named("happy"), std::nullopt);
  EXPECT_EQ(expression_named(""), std::nullopt);
}

TEST(Names, OfScenesAre22InAlphabeticalOrder) {
  const auto names = scene_names();
  EXPECT_EQ(names.size(), 22U);
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  for (std::size_t i = 0; i < names.size(); ++i) EXPECT_EQ(scene_index(names[i]), i);
}

TEST(Names, UnknownSceneSuggestsTheNearest) {
  test::expect_error(ErrorKind::kInvalidArgument,
                     HasSubstr("'LiveShow', wanted one of the 22 scenes of FERV39k, did you mean 'Liveshow'"),
                     [] { (void)scene_index("LiveShow"); });
}

}  // namespace
}  // namespace ferv::synth

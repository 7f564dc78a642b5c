// SPDX-License-Identifier: Apache-2.0
// Sets of identities as planned.
#include <set>

#include "layout_plan.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

SynthOptions identities(int people, int pictures) {
  SynthOptions options;
  options.layout = "identities";
  options.identities = people;
  options.pictures_per_identity = pictures;
  return options;
}

TEST(IdentityLayout, HasAFolderAPersonWithDifferentPicturesOfThatPerson) {
  const LayoutPlan plan = plan_identities(identities(3, 12));
  ASSERT_EQ(plan.clips.size(), 3U);
  std::set<std::uint64_t> people;
  for (const PlannedFolders& person : plan.clips) {
    std::set<std::uint64_t> faces;
    std::set<std::uint64_t> settings;
    std::set<Expression> expressions;
    for (const Shot& shot : person.shots) {
      faces.insert(shot.recipe.identity_seed);
      settings.insert(shot.recipe.clip_seed);
      expressions.insert(shot.recipe.expression);
      EXPECT_EQ(shot.frames.size(), 1U);
    }
    EXPECT_EQ(faces.size(), 1U);
    EXPECT_EQ(settings.size(), 12U);
    EXPECT_GT(expressions.size(), 2U);
    people.insert(*faces.begin());
    EXPECT_EQ(person.folders[0].names.back(), "011.jpg");
  }
  EXPECT_EQ(people.size(), 3U);
  EXPECT_EQ(plan.clips[2].folders[0].path, "person_00002");
  EXPECT_EQ(plan.summary.frames, 36U);
}

TEST(IdentityLayout, RefusesSizesThatMakeNoSet) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("identities is 1"),
                     [] { (void)plan_identities(identities(1, 5)); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("pictures per identity is 0"),
                     [] { (void)plan_identities(identities(2, 0)); });
}

}  // namespace
}  // namespace ferv::synth

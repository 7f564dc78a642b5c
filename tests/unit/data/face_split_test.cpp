// SPDX-License-Identifier: Apache-2.0
// Who is held out from training on still faces.
#include <set>

#include "ferv/base/random.h"
#include "ferv/data/face_set.h"
#include "matchers.h"

namespace ferv::data {
namespace {

/// Persons with up to twelve pictures each, mostly of the first class, some of a rare one.
FaceSet people(std::size_t person_count) {
  FaceSet set;
  set.classes = {"Happy", "Neutral", "Fear"};
  Random random(3);
  for (std::size_t person = 0; person < person_count; ++person) {
    for (std::uint64_t i = 0; i < 1 + random.below(12); ++i) {
      Face face;
      face.label = random.chance(0.04) ? 2 : static_cast<std::int32_t>(random.below(2));
      face.path = set.classes[static_cast<std::size_t>(face.label)] + "/Person" + std::to_string(person) +
                  "_" + std::to_string(i) + ".jpg";
      set.faces.push_back(face);
    }
  }
  return set;
}

TEST(SplitExpressions, KeepsPeopleApartAndHoldsOutATenthOfEachClass) {
  const FaceSet set = people(200);
  const FaceSplit split = split_expressions(set, 0.1, 7);
  std::set<std::string> trained;
  std::vector<double> totals(3, 0);
  std::vector<double> held_out(3, 0);
  for (const std::size_t i : split.training) trained.insert(person_of(set.faces[i].path));
  for (const Face& face : set.faces) totals[static_cast<std::size_t>(face.label)] += 1;
  for (const std::size_t i : split.held_out) {
    EXPECT_FALSE(trained.contains(person_of(set.faces[i].path))) << set.faces[i].path;
    held_out[static_cast<std::size_t>(set.faces[i].label)] += 1;
  }
  EXPECT_EQ(split.training.size() + split.held_out.size(), set.faces.size());
  for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(held_out[k] / totals[k], 0.1, 0.03) << k;
  EXPECT_EQ(split_expressions(set, 0.1, 7).held_out, split.held_out);
  EXPECT_NE(split_expressions(set, 0.1, 8).held_out, split.held_out);
}

TEST(SplitIdentities, HoldsOutWholeIdentitiesAndLeavesOutSmallOnes) {
  FaceSet set;
  for (int k = 0; k < 30; ++k) {
    set.classes.push_back("person " + std::to_string(k));
    for (int i = 0; i < (k == 5 ? 1 : 3); ++i) set.faces.push_back({.path = "x", .label = k});
  }
  const FaceSplit split = split_identities(set, {.fraction = 0.2});
  std::set<int> trained;
  std::set<int> held_out;
  for (const std::size_t i : split.training) trained.insert(set.faces[i].label);
  for (const std::size_t i : split.held_out) held_out.insert(set.faces[i].label);
  EXPECT_EQ(held_out.size(), 6U);
  EXPECT_EQ(trained.size(), 23U);
  for (const int k : held_out) EXPECT_FALSE(trained.contains(k));
  EXPECT_FALSE(trained.contains(5) || held_out.contains(5));
  set.faces.resize(10);
  test::expect_error(ErrorKind::kCorruptData, testing::HasSubstr("identities have at least 2 pictures"),
                     [&] { (void)split_identities(set, {}); });
}

}  // namespace
}  // namespace ferv::data

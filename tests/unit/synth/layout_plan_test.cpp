// SPDX-License-Identifier: Apache-2.0
#include "layout_plan.h"

#include <map>
#include <numeric>
#include <set>

#include "matchers.h"

namespace ferv::synth {
namespace {

TEST(ShareOut, KeepsTheTotalAndTheLeastSize) {
  const std::vector<int> weights = {2445, 1894, 145};
  for (const int total : {16, 30, 100, 977}) {
    const std::vector<int> counts = share_out(total, weights, 5);
    EXPECT_EQ(std::accumulate(counts.begin(), counts.end(), 0), total);
    for (const int count : counts) EXPECT_GE(count, 5);
    EXPECT_GE(counts[0], counts[2]);
  }
  EXPECT_EQ(share_out(6, weights, 2), (std::vector<int>{2, 2, 2}));
}

TEST(DrawCast, KeepsPeopleInOneGroupAndAllClassesInEach) {
  const CastOptions cast{{Expression::kHappy, Expression::kSad}, {20, 6}, 3};
  const auto clips = draw_cast(cast, {});
  ASSERT_EQ(clips.size(), 26U);
  std::map<std::size_t, std::set<std::size_t>> groups_of_person;
  std::map<std::size_t, std::set<std::size_t>> labels_of_group;
  for (const CastClip& clip : clips) {
    groups_of_person[clip.identity].insert(clip.group);
    labels_of_group[clip.group].insert(clip.label);
    EXPECT_EQ(clip.recipe.expression, cast.expressions[clip.label]);
  }
  for (const auto& [person, groups] : groups_of_person) EXPECT_EQ(groups.size(), 1U);
  ASSERT_EQ(labels_of_group.size(), 3U);
  for (const auto& [group, labels] : labels_of_group) EXPECT_EQ(labels.size(), 2U);
}

TEST(OtherLayouts, PlanTheSameTwiceAndNeverAFolderTwice) {
  for (const Layout& layout : other_layouts()) {
    SynthOptions options;
    options.layout = layout.name;
    const LayoutPlan plan = layout.plan(options);
    const LayoutPlan again = layout.plan(options);
    std::set<std::string> folders;
    std::size_t frames = 0;
    for (std::size_t i = 0; i < plan.clips.size(); ++i) {
      EXPECT_EQ(plan.clips[i].shots[0].recipe.clip_seed, again.clips[i].shots[0].recipe.clip_seed);
      for (const PictureFolder& folder : plan.clips[i].folders) {
        EXPECT_TRUE(folders.insert(folder.path).second) << folder.path;
        EXPECT_EQ(folder.names.size(), folder.pictures.size());
        frames += folder.names.size();
      }
    }
    EXPECT_EQ(plan.summary.frames, frames) << layout.name;
    EXPECT_GT(plan.summary.identities, 1U) << layout.name;
  }
}

}  // namespace
}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
// Sets to train face recognition on: a folder a person, with pictures that differ in all but the person.
#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "layout_plan.h"

namespace ferv::synth {
namespace {

/// Long enough for an expression to come and go; one frame of it is kept.
constexpr int kShotFrames = 25;
constexpr int kMostPictures = 1000;
constexpr int kMostIdentities = 100000;

Shot draw_picture(const SynthOptions& options, std::uint64_t person, std::uint64_t picture) {
  Random random(derive_seed(options.seed, "identity picture", {person, picture}));
  Shot shot;
  shot.recipe.scene = random.below(scene_names().size());
  shot.recipe.expression = kExpressions[random.below(kExpressions.size())];
  shot.recipe.frame_count = kShotFrames;
  shot.recipe.identity_seed = derive_seed(options.seed, "identity set", {person});
  shot.recipe.clip_seed = random.next();
  shot.frames = {static_cast<int>(random.below(kShotFrames))};
  return shot;
}

}  // namespace

LayoutPlan plan_identities(const SynthOptions& options) {
  if (options.identities < 2 || options.identities > kMostIdentities) {
    throw invalid_argument("identities is " + std::to_string(options.identities) + ", wanted 2 to " +
                           std::to_string(kMostIdentities));
  }
  if (options.pictures_per_identity < 1 || options.pictures_per_identity > kMostPictures) {
    throw invalid_argument("pictures per identity is " + std::to_string(options.pictures_per_identity) +
                           ", wanted 1 to " + std::to_string(kMostPictures));
  }
  LayoutPlan plan;
  for (int person = 0; person < options.identities; ++person) {
    PlannedFolders planned;
    PictureFolder folder{"person_" + numbered(static_cast<std::size_t>(person), 5), {}, {}};
    for (int picture = 0; picture < options.pictures_per_identity; ++picture) {
      planned.shots.push_back(
          draw_picture(options, static_cast<std::uint64_t>(person), static_cast<std::uint64_t>(picture)));
      folder.pictures.push_back(static_cast<std::size_t>(picture));
      folder.names.push_back(numbered(static_cast<std::size_t>(picture), 3) + ".jpg");
    }
    planned.folders.push_back(std::move(folder));
    plan.clips.push_back(std::move(planned));
  }
  summarise(plan, {});
  plan.summary.identities = plan.summary.train_clips = plan.clips.size();
  return plan;
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "layout_plan.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <set>

#include "ferv/base/random.h"
#include "frame_histogram.h"

namespace ferv::synth {
namespace {

/// A person appears in about this many clips of a group.
constexpr std::size_t kClipsPerPerson = 4;

constexpr std::array kLayouts = {Layout{"dfew", plan_dfew},       Layout{"mafw", plan_mafw},
                                 Layout{"afew", plan_afew},       Layout{"caer", plan_caer},
                                 Layout{"crema-d", plan_crema_d}, Layout{"ravdess", plan_ravdess},
                                 Layout{"csv", plan_csv},         Layout{"folders", plan_folders},
                                 Layout{"lists", plan_lists},     Layout{"identities", plan_identities}};

}  // namespace

std::string numbered(std::size_t number, std::size_t digits) {
  std::string text = std::to_string(number);
  text.insert(0, digits - std::min(digits, text.size()), '0');
  return text;
}

std::vector<CastClip> draw_cast(const CastOptions& cast, const SynthOptions& options) {
  const int total = std::accumulate(cast.counts.begin(), cast.counts.end(), 0);
  const std::size_t per_group = static_cast<std::size_t>(total) / cast.group_count + 1;
  const std::size_t people = (per_group + kClipsPerPerson - 1) / kClipsPerPerson;
  std::vector<CastClip> clips;
  for (std::size_t label = 0; label < cast.counts.size(); ++label) {
    for (int number = 0; number < cast.counts[label]; ++number) {
      const auto place = static_cast<std::uint64_t>(number);
      Random random(derive_seed(options.seed, options.layout, {label, place}));
      CastClip clip;
      clip.label = label;
      clip.group = (place + label) % cast.group_count;
      clip.identity = clip.group * people + random.below(people);
      clip.recipe.scene = random.below(scene_names().size());
      clip.recipe.expression = cast.expressions[label];
      clip.recipe.frame_count = draw_frame_count(random);
      clip.recipe.identity_seed = derive_seed(options.seed, "identity", {clip.identity});
      clip.recipe.clip_seed = random.next();
      clips.push_back(clip);
    }
  }
  return clips;
}

std::vector<int> share_out(int total, std::span<const int> weights, int least) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<int> counts;
  for (const int weight : weights)
    counts.push_back(std::max(least, static_cast<int>(total * (weight / sum) + 0.5)));
  // Rounding and the least sizes are made up for by the largest classes.
  for (int rest = total - std::accumulate(counts.begin(), counts.end(), 0); rest != 0;) {
    int& largest = *std::max_element(counts.begin(), counts.end());
    const int step = rest > 0 ? 1 : -1;
    if (largest + step < least) break;
    largest += step;
    rest -= step;
  }
  return counts;
}

PlannedFolders whole_clip(const CastClip& clip, const std::string& path, const FrameNaming& naming) {
  PlannedFolders planned;
  Shot shot{clip.recipe, std::vector<int>(static_cast<std::size_t>(clip.recipe.frame_count))};
  std::iota(shot.frames.begin(), shot.frames.end(), 0);
  PictureFolder folder{path, {}, {}};
  for (const int frame : shot.frames) {
    folder.pictures.push_back(static_cast<std::size_t>(frame));
    folder.names.push_back(numbered(static_cast<std::size_t>(naming.first_number + frame), naming.digits) +
                           ".jpg");
  }
  planned.shots.push_back(std::move(shot));
  planned.folders.push_back(std::move(folder));
  return planned;
}

void summarise(LayoutPlan& plan, std::span<const CastClip> cast) {
  std::set<std::size_t> people;
  for (const CastClip& clip : cast) people.insert(clip.identity);
  plan.summary.identities = people.size();
  for (const PlannedFolders& clip : plan.clips) {
    for (const PictureFolder& folder : clip.folders) plan.summary.frames += folder.names.size();
  }
}

std::span<const Layout> other_layouts() {
  return kLayouts;
}

}  // namespace ferv::synth

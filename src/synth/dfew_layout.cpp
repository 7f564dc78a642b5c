// SPDX-License-Identifier: Apache-2.0
// DFEW as it is handed out: numbered clips, whole and interpolated to 16 frames, and lists of five folds.
#include <algorithm>
#include <array>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "layout_plan.h"

namespace ferv::synth {
namespace {

constexpr std::size_t kFolds = 5;
constexpr int kDefaultClips = 140;
/// Single-labelled clips with a face, by label 1 to 7; the order is that of kExpressions.
constexpr std::array<int, 7> kClassSizes = {2445, 1894, 2669, 2173, 1469, 145, 902};

/// The same clip stretched or squeezed to 16 pictures, 1.jpg to 16.jpg without leading zeros.
PictureFolder sixteen_frames(const std::string& name, int frame_count) {
  PictureFolder folder{"Clip/clip_224x224_16f/" + name, {}, {}};
  for (int i = 0; i < 16; ++i) {
    folder.pictures.push_back(static_cast<std::size_t>((i * (frame_count - 1) * 2 + 15) / 30));
    folder.names.push_back(std::to_string(i + 1) + ".jpg");
  }
  return folder;
}

}  // namespace

LayoutPlan plan_dfew(const SynthOptions& options) {
  const int total = options.clips == 0 ? kDefaultClips : options.clips;
  constexpr int kLeast = static_cast<int>(kFolds * kClassSizes.size());
  if (total < kLeast || total > 99999) {
    throw invalid_argument("clips is " + std::to_string(total) + ", wanted " + std::to_string(kLeast) +
                           " (each class in each fold) to 99999 (names have five digits)");
  }
  const CastOptions cast{{kExpressions.begin(), kExpressions.end()},
                         share_out(total, kClassSizes, static_cast<int>(kFolds)),
                         kFolds};
  std::vector<CastClip> clips = draw_cast(cast, options);
  // Numbers say nothing about classes and folds.
  Random(derive_seed(options.seed, "dfew order")).shuffle(std::span(clips));

  LayoutPlan plan;
  std::array<std::string, kFolds> train;
  std::array<std::string, kFolds> test;
  train.fill("video_name,label\n");
  test.fill("video_name,label\n");
  for (std::size_t i = 0; i < clips.size(); ++i) {
    const CastClip& clip = clips[i];
    const std::string name = numbered(i + 1, 5);
    PlannedFolders planned = whole_clip(clip, "Clip/clip_224x224/" + name, {.first_number = 1, .digits = 1});
    planned.folders.push_back(sixteen_frames(name, clip.recipe.frame_count));
    plan.clips.push_back(std::move(planned));
    for (std::size_t fold = 0; fold < kFolds; ++fold)
      (clip.group == fold ? test : train)[fold] += name + "," + std::to_string(clip.label + 1) + "\n";
    ++(clip.group == 0 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  for (std::size_t fold = 0; fold < kFolds; ++fold) {
    const std::string file = "/set_" + std::to_string(fold + 1) + ".csv";
    plan.lists.push_back({"EmoLabel_DataSplit/train(single-labeled)" + file, train[fold]});
    plan.lists.push_back({"EmoLabel_DataSplit/test(single-labeled)" + file, test[fold]});
  }
  summarise(plan, clips);
  return plan;
}

}  // namespace ferv::synth

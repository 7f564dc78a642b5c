// SPDX-License-Identifier: Apache-2.0
#include "check_lists.h"

#include <map>
#include <tuple>

#include "ferv/base/error.h"
#include "ferv/data/labels.h"
#include "ferv/data/published_counts.h"

namespace ferv::data {
namespace {

constexpr std::size_t kNearlyAll = std::size_t{kPublishedTrainClips + kPublishedTestClips} * 9 / 10;

/// Validation clips are training clips of the release.
Split release_split(const Clip& clip) {
  return clip.split == Split::kTest ? Split::kTest : Split::kTrain;
}

std::filesystem::path list_of(const ClipIndex& index, Split split) {
  return index.root / "4_setups/All_scenes" / (split == Split::kTest ? "test_All.csv" : "train_All.csv");
}

}  // namespace

bool counts_are_wanted(const ClipIndex& index, const std::string& wanted) {
  if (wanted != "on" && wanted != "off" && wanted != "auto")
    throw invalid_argument("published counts is '" + wanted + "', wanted auto, on or off");
  if (wanted == "on" && index.layout != "ferv39k")
    throw invalid_argument("there is no table of counts for layout " + index.layout + ", wanted ferv39k");
  if (wanted == "auto") return index.layout == "ferv39k" && index.clips.size() >= kNearlyAll;
  return wanted == "on";
}

std::vector<Problem> check_lists(const ClipIndex& index) {
  std::map<std::tuple<std::string_view, std::int32_t, Split>, int> found;
  std::map<Split, int> totals = {{Split::kTrain, 0}, {Split::kTest, 0}};
  for (const Clip& clip : index.clips) {
    ++found[{scene_of(clip), clip.label, release_split(clip)}];
    ++totals[release_split(clip)];
  }
  std::vector<Problem> problems;
  for (const auto& [split, wanted] :
       {std::pair{Split::kTrain, kPublishedTrainClips}, std::pair{Split::kTest, kPublishedTestClips}}) {
    if (totals[split] == wanted - 1) {
      problems.push_back({ProblemKind::kLostLine, list_of(index, split),
                          std::to_string(totals[split]) + " clips, the release has " +
                              std::to_string(wanted) +
                              ": its lists have no header line, and a reader that skips one loses a clip"});
    }
  }
  for (const PublishedScene& scene : published_scenes()) {
    for (std::size_t k = 0; k < scene.clips.size(); ++k) {
      const int test = published_test_clips(scene.clips[k]);
      for (const auto& [split, wanted] :
           {std::pair{Split::kTrain, scene.clips[k] - test}, std::pair{Split::kTest, test}}) {
        const int count = found[{scene.name, static_cast<std::int32_t>(k), split}];
        if (count == wanted) continue;
        problems.push_back({ProblemKind::kWrongCount, list_of(index, split),
                            std::string(scene.name) + "/" + expression_names()[k] + " has " +
                                std::to_string(count) + " clips, the release " + std::to_string(wanted)});
      }
    }
  }
  return problems;
}

}  // namespace ferv::data

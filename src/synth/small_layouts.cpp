// SPDX-License-Identifier: Apache-2.0
// Small copies of MAFW, AFEW, CAER, CREMA-D and RAVDESS, and of a user's own data in the forms that ferv
// reads.
#include <algorithm>
#include <array>
#include <numeric>

#include "ferv/base/error.h"
#include "layout_plan.h"

namespace ferv::synth {
namespace {

using enum Expression;

struct ClassName {
  std::string name;
  Expression acted_as;
};

constexpr std::size_t kMafwFolds = 5;

std::vector<ClassName> spelled(const std::vector<std::string>& names) {
  std::vector<ClassName> classes;
  for (std::size_t k = 0; k < names.size(); ++k) classes.push_back({names[k], kExpressions[k]});
  return classes;
}

/// As many clips of each class as `clips` says, or two a class and group.
std::vector<CastClip> equal_cast(const std::vector<ClassName>& classes, std::size_t groups,
                                 const SynthOptions& options) {
  const int least = static_cast<int>(groups);
  const int total = options.clips == 0 ? static_cast<int>(classes.size()) * least * 2 : options.clips;
  if (total < static_cast<int>(classes.size()) * least || total > 99999) {
    throw invalid_argument("clips is " + std::to_string(total) + ", wanted " +
                           std::to_string(classes.size() * groups) + " (each class in each part) to 99999");
  }
  CastOptions cast;
  for (const ClassName& name : classes) cast.expressions.push_back(name.acted_as);
  const std::vector<int> equal(classes.size(), 1);
  cast.counts = share_out(total, equal, least);
  cast.group_count = groups;
  return draw_cast(cast, options);
}

/// Class folders in the folders of splits, of which the first is for training; `test` says which is for test.
LayoutPlan class_folders(const std::vector<ClassName>& classes, const std::vector<std::string>& splits,
                         std::size_t test, const SynthOptions& options) {
  LayoutPlan plan;
  const auto cast = equal_cast(classes, splits.size(), options);
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::string path =
        splits[cast[i].group] + "/" + classes[cast[i].label].name + "/" + numbered(i + 1, 4);
    plan.clips.push_back(whole_clip(cast[i], path, {.first_number = 1, .digits = 5}));
    plan.summary.test_clips += cast[i].group == test ? 1 : 0;
  }
  plan.summary.train_clips = cast.size() - plan.summary.test_clips;
  summarise(plan, cast);
  return plan;
}

}  // namespace

LayoutPlan plan_mafw(const SynthOptions& options) {
  const std::vector<ClassName> classes = {
      {"anger", kAngry},     {"disgust", kDisgust},  {"fear", kFear},         {"happiness", kHappy},
      {"neutral", kNeutral}, {"sadness", kSad},      {"surprise", kSurprise}, {"contempt", kDisgust},
      {"anxiety", kFear},    {"helplessness", kSad}, {"disappointment", kSad}};
  LayoutPlan plan;
  const auto cast = equal_cast(classes, kMafwFolds, options);
  std::array<std::string, kMafwFolds> train;
  std::array<std::string, kMafwFolds> test;
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::string name = numbered(i + 1, 5);
    plan.clips.push_back(whole_clip(cast[i], "data/faces/" + name, {.first_number = 1, .digits = 5}));
    for (std::size_t fold = 0; fold < kMafwFolds; ++fold)
      (cast[i].group == fold ? test : train)[fold] += name + ".mp4 " + classes[cast[i].label].name + "\n";
    ++(cast[i].group == 0 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  for (std::size_t fold = 0; fold < kMafwFolds; ++fold) {
    const std::string folder = "Train & Test Set/single/no_caption/set_" + std::to_string(fold + 1);
    plan.lists.push_back({folder + "/train.txt", train[fold]});
    plan.lists.push_back({folder + "/test.txt", test[fold]});
  }
  summarise(plan, cast);
  return plan;
}

LayoutPlan plan_afew(const SynthOptions& options) {
  return class_folders(spelled({"Happiness", "Sadness", "Neutral", "Anger", "Surprise", "Disgust", "Fear"}),
                       {"AFEW_Face/train", "AFEW_Face/validation"}, 1, options);
}

LayoutPlan plan_caer(const SynthOptions& options) {
  return class_folders(spelled({"Happy", "Sad", "Neutral", "Anger", "Surprise", "Disgust", "Fear"}),
                       {"CAER/train", "CAER/validation", "CAER/test"}, 2, options);
}

LayoutPlan plan_folders(const SynthOptions& options) {
  return class_folders(spelled({"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"}),
                       {"train", "val", "test"}, 2, options);
}

LayoutPlan plan_lists(const SynthOptions& options) {
  // The other order than ferv's own: whoever reads them must not guess.
  const auto classes = spelled({"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"});
  constexpr std::array kAlphabetical = {3, 5, 4, 0, 6, 1, 2};
  LayoutPlan plan;
  const auto cast = equal_cast(classes, 2, options);
  std::array<std::string, 2> lists;
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::size_t label = cast[i].label;
    const std::string path = "clips/" + classes[label].name + "/" + numbered(i + 1, 4);
    plan.clips.push_back(whole_clip(cast[i], path, {}));
    lists[cast[i].group] += path + " " + std::to_string(cast[i].recipe.frame_count) + " " +
                            std::to_string(kAlphabetical[label]) + "\n";
    ++(cast[i].group == 1 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  plan.lists = {{"train.txt", lists[0]}, {"test.txt", lists[1]}};
  summarise(plan, cast);
  return plan;
}

LayoutPlan plan_csv(const SynthOptions& options) {
  const auto classes = spelled({"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"});
  const std::array<std::string, 3> splits = {"train", "val", "test"};
  LayoutPlan plan;
  std::string table = "clip,label,split,subject\n";
  const auto cast = equal_cast(classes, splits.size(), options);
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::string path = "clips/" + numbered(i + 1, 5);
    plan.clips.push_back(whole_clip(cast[i], path, {}));
    table += path + "," + classes[cast[i].label].name + "," + splits[cast[i].group] + ",person_" +
             std::to_string(cast[i].identity) + "\n";
    ++(cast[i].group == 2 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  plan.lists.push_back({"clips.csv", table});
  summarise(plan, cast);
  return plan;
}

LayoutPlan plan_crema_d(const SynthOptions& options) {
  const std::vector<ClassName> classes = {{"ANG", kAngry}, {"DIS", kDisgust}, {"FEA", kFear},
                                          {"HAP", kHappy}, {"NEU", kNeutral}, {"SAD", kSad}};
  constexpr std::array<const char*, 4> kSentences = {"DFA", "IEO", "IWW", "TIE"};
  constexpr std::size_t kActorsPerFold = 18;
  LayoutPlan plan;
  const auto cast = equal_cast(classes, 5, options);
  for (std::size_t i = 0; i < cast.size(); ++i) {
    // A fold's people are numbered within it: actors 1001 to 1018 are tested in the first.
    const std::size_t actor = 1001 + cast[i].group * kActorsPerFold + cast[i].identity % kActorsPerFold;
    const std::string sentence = kSentences[i % kSentences.size()];
    const std::string path = "frames/" + std::to_string(actor) + "_" + sentence + "_" +
                             classes[cast[i].label].name + "_T" + numbered(i, 3);
    plan.clips.push_back(whole_clip(cast[i], path, {.first_number = 1, .digits = 5}));
    ++(cast[i].group == 0 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  summarise(plan, cast);
  return plan;
}

LayoutPlan plan_ravdess(const SynthOptions& options) {
  const std::vector<ClassName> classes = {{"01", kNeutral}, {"02", kNeutral}, {"03", kHappy},
                                          {"04", kSad},     {"05", kAngry},   {"06", kFear},
                                          {"07", kDisgust}, {"08", kSurprise}};
  constexpr std::size_t kActorsPerFold = 4;
  if (options.clips > 100) {
    throw invalid_argument("clips is " + std::to_string(options.clips) +
                           ", wanted at most 100 of layout ravdess: repetitions have two digits");
  }
  LayoutPlan plan;
  const auto cast = equal_cast(classes, 6, options);
  for (std::size_t i = 0; i < cast.size(); ++i) {
    const std::string actor =
        numbered(1 + cast[i].group * kActorsPerFold + cast[i].identity % kActorsPerFold, 2);
    // Speech with sound, normal intensity; the repetition counts on so that no name comes twice.
    const std::string path = "Actor_" + actor + "/01-01-" + classes[cast[i].label].name + "-01-01-" +
                             numbered(i % 100, 2) + "-" + actor;
    plan.clips.push_back(whole_clip(cast[i], path, {.first_number = 1, .digits = 5}));
    ++(cast[i].group == 0 ? plan.summary.test_clips : plan.summary.train_clips);
  }
  summarise(plan, cast);
  return plan;
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/splits.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "ferv/data/labels.h"

namespace ferv::data {
namespace {

/// Clips of one subject, or of one cell, in the order of their hashes.
using Members = std::vector<std::pair<std::uint64_t, Clip*>>;

void sort_members(Members& members) {
  std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) {
    return a.first != b.first ? a.first < b.first : a.second->id < b.second->id;
  });
}

void hold_out_clips(std::vector<Clip*>& clips, double fraction, std::uint64_t seed) {
  std::map<std::pair<std::string, std::int32_t>, Members> cells;
  for (Clip* clip : clips)
    cells[{std::string(scene_of(*clip)), clip->label}].emplace_back(derive_seed(seed, clip->id), clip);
  for (auto& [cell, members] : cells) {
    sort_members(members);
    const auto wanted =
        static_cast<std::size_t>(std::ceil(fraction * static_cast<double>(members.size()) - 1e-9));
    const std::size_t count = std::min(wanted, members.size() - 1);
    for (std::size_t i = 0; i < count; ++i) members[i].second->split = Split::kValidation;
  }
}

/// How far `have` plus the clips of one subject is from `wanted`, over all classes.
double distance(const std::vector<double>& have, const std::vector<double>& wanted) {
  double sum = 0;
  for (std::size_t k = 0; k < have.size(); ++k) sum += std::abs(have[k] - wanted[k]);
  return sum;
}

void hold_out_subjects(std::vector<Clip*>& clips, std::size_t class_count, double fraction,
                       std::uint64_t seed) {
  std::map<std::string, std::vector<Clip*>> by_subject;
  std::vector<double> wanted(class_count, 0.0);
  for (Clip* clip : clips) {
    by_subject[clip->subject].push_back(clip);
    wanted[static_cast<std::size_t>(clip->label)] += fraction;
  }
  std::vector<std::pair<std::uint64_t, std::string>> order;
  for (const auto& [subject, members] : by_subject)
    order.emplace_back(derive_seed(seed, "subject " + subject), subject);
  std::sort(order.begin(), order.end());
  std::vector<double> have(class_count, 0.0);
  std::size_t moved = 0;
  for (const auto& [hash, subject] : order) {
    if (moved + 1 >= order.size()) break;
    std::vector<double> with = have;
    for (const Clip* clip : by_subject[subject]) with[static_cast<std::size_t>(clip->label)] += 1;
    // The first is taken whatever it has: an empty validation split is of no use.
    if (moved > 0 && distance(with, wanted) >= distance(have, wanted)) continue;
    have = std::move(with);
    ++moved;
    for (Clip* clip : by_subject[subject]) clip->split = Split::kValidation;
  }
}

/// Clips of each cell go round the folds; where a cell begins differs, so that small cells do not all end up
/// in the first folds.
std::vector<int> fold_of_clips(ClipIndex& index, const FoldOptions& options) {
  std::map<std::pair<std::string, std::int32_t>, Members> cells;
  for (Clip& clip : index.clips) {
    cells[{std::string(scene_of(clip)), clip.label}].emplace_back(
        derive_seed(options.seed, "fold " + clip.id), &clip);
  }
  std::vector<int> folds(index.clips.size());
  std::size_t next = 0;
  for (auto& [cell, members] : cells) {
    sort_members(members);
    for (const auto& [hash, clip] : members) {
      folds[static_cast<std::size_t>(clip - index.clips.data())] =
          static_cast<int>(next++ % static_cast<std::size_t>(options.fold_count)) + 1;
    }
  }
  return folds;
}

/// People with many clips first, each into the fold that has the fewest clips so far.
std::vector<int> fold_of_subjects(const ClipIndex& index, const FoldOptions& options) {
  std::map<std::string, std::vector<std::size_t>> by_subject;
  for (std::size_t i = 0; i < index.clips.size(); ++i) {
    if (index.clips[i].subject.empty())
      throw invalid_argument("clip " + index.clips[i].id +
                             " has no subject, wanted one for each to divide by subject");
    by_subject[index.clips[i].subject].push_back(i);
  }
  if (by_subject.size() < static_cast<std::size_t>(options.fold_count)) {
    throw invalid_argument("the data set has " + std::to_string(by_subject.size()) +
                           " subjects, wanted at least " + std::to_string(options.fold_count) +
                           ", one a fold");
  }
  std::vector<std::pair<std::uint64_t, const std::vector<std::size_t>*>> order;
  for (const auto& [subject, clips] : by_subject)
    order.emplace_back(derive_seed(options.seed, "fold of " + subject), &clips);
  std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) {
    return a.second->size() != b.second->size() ? a.second->size() > b.second->size() : a.first < b.first;
  });
  std::vector<std::size_t> sizes(static_cast<std::size_t>(options.fold_count));
  std::vector<int> folds(index.clips.size());
  for (const auto& [hash, clips] : order) {
    const auto smallest = std::min_element(sizes.begin(), sizes.end());
    *smallest += clips->size();
    for (const std::size_t i : *clips) folds[i] = static_cast<int>(smallest - sizes.begin()) + 1;
  }
  return folds;
}

/// Whether `scene` is, or belongs to, one of `names`.
bool is_among(const std::vector<std::string>& names, std::string_view scene) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& name) { return is_part_of(scene, name); });
}

void require_known(const std::vector<std::string>& names) {
  std::vector<std::string> known;
  for (const Scenario& scenario : scenarios()) known.push_back(scenario.short_name);
  known.insert(known.end(), scene_names().begin(), scene_names().end());
  for (const std::string& name : names) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::string near = nearest_word(name, known);
    throw invalid_argument("'" + name + "' is no scene and no scenario (DL11k ...)" +
                           (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
}

}  // namespace

void assign_fold(ClipIndex& index, const FoldOptions& options) {
  if (options.fold_count < 2 || options.fold_count > 1000)
    throw invalid_argument("number of folds is " + std::to_string(options.fold_count) + ", wanted 2 to 1000");
  if (options.fold < 1 || options.fold > options.fold_count) {
    throw invalid_argument("fold is " + std::to_string(options.fold) + ", wanted 1 to " +
                           std::to_string(options.fold_count));
  }
  const std::vector<int> folds =
      options.by_subject ? fold_of_subjects(index, options) : fold_of_clips(index, options);
  for (std::size_t i = 0; i < folds.size(); ++i)
    index.clips[i].split = folds[i] == options.fold ? Split::kTest : Split::kTrain;
}

void keep_cross_scenario(ClipIndex& index, const std::vector<std::string>& train_on,
                         const std::vector<std::string>& test_on) {
  require_known(train_on);
  require_known(test_on);
  for (const std::string& scene : scene_names()) {
    if (is_among(train_on, scene) && is_among(test_on, scene))
      throw invalid_argument("scene " + scene + " is on both sides, wanted it on one");
  }
  std::erase_if(index.clips, [&](const Clip& clip) {
    const std::string_view scene = scene_of(clip);
    if (clip.split == Split::kTest) return !is_among(test_on, scene);
    return train_on.empty() ? is_among(test_on, scene) : !is_among(train_on, scene);
  });
  for (const Split split : {Split::kTrain, Split::kTest}) {
    if (clips_of(index, split).empty())
      throw invalid_argument("no " + std::string(to_string(split)) +
                             " clip is left, wanted scenes that have some");
  }
}

void hold_out_validation(ClipIndex& index, double fraction, std::uint64_t seed) {
  if (!(fraction >= 0.0 && fraction < 1.0)) {
    throw invalid_argument("validation fraction is " + std::to_string(fraction) + ", wanted 0 to below 1");
  }
  if (fraction == 0.0) return;
  std::vector<Clip*> clips;
  for (Clip& clip : index.clips) {
    if (clip.split == Split::kTrain) clips.push_back(&clip);
  }
  const bool subjects_are_known =
      !clips.empty() &&
      std::none_of(clips.begin(), clips.end(), [](const Clip* clip) { return clip->subject.empty(); });
  if (subjects_are_known) {
    hold_out_subjects(clips, index.classes.size(), fraction, seed);
  } else {
    hold_out_clips(clips, fraction, seed);
  }
}

}  // namespace ferv::data

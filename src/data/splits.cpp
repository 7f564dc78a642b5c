// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/splits.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

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

}  // namespace

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

// SPDX-License-Identifier: Apache-2.0
// Which faces are held out: whole identities, or a share of every expression with no person in both parts.
#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "ferv/data/face_set.h"

namespace ferv::data {
namespace {

/// Two folds of two identities each: less gives no verification figure.
constexpr std::size_t kHeldOutIdentitiesMin = 4;

/// The pictures of one person.
struct Person {
  std::vector<std::size_t> positions;
  std::vector<std::size_t> counts;  ///< by class
};

std::vector<Person> persons_of(const FaceSet& set) {
  std::map<std::string, Person> persons;
  for (std::size_t i = 0; i < set.faces.size(); ++i) {
    Person& person = persons[person_of(face_id(set, i))];
    person.counts.resize(set.classes.size());
    person.positions.push_back(i);
    ++person.counts[static_cast<std::size_t>(set.faces[i].label)];
  }
  std::vector<Person> list;
  list.reserve(persons.size());
  for (auto& [name, person] : persons) list.push_back(std::move(person));
  return list;
}

/// The fewest pictures that any class of this person has in the whole set.
std::size_t rarity(const Person& person, const std::vector<std::size_t>& totals) {
  std::size_t least = ~std::size_t{0};
  for (std::size_t k = 0; k < totals.size(); ++k) {
    if (person.counts[k] > 0) least = std::min(least, totals[k]);
  }
  return least;
}

bool fits(const Person& person, const std::vector<std::size_t>& room) {
  for (std::size_t k = 0; k < room.size(); ++k) {
    if (person.counts[k] > room[k]) return false;
  }
  return true;
}

}  // namespace

FaceSplit split_identities(const FaceSet& set, const IdentitySplitOptions& options) {
  std::vector<int> counts(set.classes.size(), 0);
  for (const Face& face : set.faces) ++counts[static_cast<std::size_t>(face.label)];
  std::vector<std::size_t> usable;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    if (counts[k] >= std::max(2, options.faces_min)) usable.push_back(k);
  }
  const auto wanted =
      static_cast<std::size_t>(std::llround(options.fraction * static_cast<double>(usable.size())));
  const std::size_t held_out_count = std::max(wanted, kHeldOutIdentitiesMin);
  if (usable.size() < held_out_count + 2) {
    throw corrupt_data(set.tsv.empty() ? set.folder : set.tsv,
                       std::to_string(usable.size()) + " identities have at least " +
                           std::to_string(std::max(2, options.faces_min)) + " pictures, wanted " +
                           std::to_string(held_out_count + 2) + " or more");
  }
  Random(derive_seed(options.seed, "held-out identities")).shuffle(std::span(usable));
  std::vector<char> part(set.classes.size(), ' ');
  for (std::size_t i = 0; i < usable.size(); ++i) part[usable[i]] = i < held_out_count ? 'h' : 't';
  FaceSplit split;
  for (std::size_t i = 0; i < set.faces.size(); ++i) {
    const char belongs = part[static_cast<std::size_t>(set.faces[i].label)];
    if (belongs == 't') split.training.push_back(i);
    if (belongs == 'h') split.held_out.push_back(i);
  }
  return split;
}

FaceSplit split_expressions(const FaceSet& set, double fraction, std::uint64_t seed) {
  std::vector<std::size_t> totals(set.classes.size(), 0);
  for (const Face& face : set.faces) ++totals[static_cast<std::size_t>(face.label)];
  std::vector<std::size_t> room;
  for (const std::size_t total : totals) {
    const auto share = static_cast<std::size_t>(std::llround(fraction * static_cast<double>(total)));
    room.push_back(total < 2 ? 0 : std::max<std::size_t>(share, 1));
  }
  std::vector<Person> persons = persons_of(set);
  Random(derive_seed(seed, "held-out persons")).shuffle(std::span(persons));
  // Persons with rare expressions choose first: later the room of the common ones is full.
  std::stable_sort(persons.begin(), persons.end(),
                   [&](const Person& a, const Person& b) { return rarity(a, totals) < rarity(b, totals); });
  FaceSplit split;
  for (const Person& person : persons) {
    const bool is_held_out = fits(person, room);
    for (std::size_t k = 0; is_held_out && k < room.size(); ++k) room[k] -= person.counts[k];
    auto& part = is_held_out ? split.held_out : split.training;
    part.insert(part.end(), person.positions.begin(), person.positions.end());
  }
  std::sort(split.training.begin(), split.training.end());
  std::sort(split.held_out.begin(), split.held_out.end());
  return split;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "foreign_lists.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/data/labels.h"
#include "list_lines.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 3> kFrameFolders = {"2_clipsforfacecrop/", "2_clipforfacecrop/",
                                                           "clip_224x224/"};
constexpr std::array<std::string_view, 6> kHeaderWords = {"label", "labels",  "id",
                                                          "class", "emotion", "index"};

/// The clip's path below the frame folder; empty when there is none to be had.
std::string clip_id(std::string_view given) {
  std::string path(given);
  std::replace(path.begin(), path.end(), '\\', '/');
  while (path.ends_with('/')) path.pop_back();
  const std::string lower = lower_case(path);
  for (const std::string_view folder : kFrameFolders) {
    const std::size_t at = lower.rfind(folder);
    if (at != std::string::npos) return safe_relative_path(path.substr(at + folder.size()));
  }
  if (!path.starts_with('/')) return safe_relative_path(path);
  std::size_t begin = path.size();
  for (int parts = 0; parts < 3 && begin != 0 && begin != std::string::npos; ++parts)
    begin = path.rfind('/', begin - 1);
  return begin == std::string::npos ? std::string() : safe_relative_path(path.substr(begin + 1));
}

/// Path and label of a line; a frame count between them is of no interest: the disk has the frames.
std::optional<std::pair<std::string_view, std::string_view>> path_and_label(std::string_view line) {
  const bool has_commas = line.find(',') != std::string_view::npos;
  auto fields = split_fields(line, has_commas ? ',' : ' ');
  std::erase_if(fields, [](std::string_view field) { return field.empty(); });
  if (fields.size() != 2 && fields.size() != 3) return std::nullopt;
  if (fields.size() == 3 && !whole_number(fields[1])) return std::nullopt;
  return std::pair{fields.front(), fields.back()};
}

/// Which number stands for which class: told, or learned from lists whose clips lie in folders by class.
class ClassNumbers {
 public:
  ClassNumbers(const std::vector<std::string>& classes, bool has_order)
      : classes_(classes), has_order_(has_order) {}

  /// The class of `label`, a number or a name, of a clip whose folder's class is `named`.
  int class_of(std::string_view label, std::optional<int> named, const ListLines& lines) {
    const auto number = whole_number(label);
    if (!number) {
      const auto found = class_index(classes_, label);
      if (!found) throw lines.refuse("wanted a label that is one of the classes");
      return *found;
    }
    if (*number >= static_cast<int>(classes_.size()))
      throw lines.refuse("wanted a label from 0 to " + std::to_string(classes_.size() - 1));
    if (has_order_) return *number;
    if (!named) {
      throw invalid_argument(lines.refuse("has a number for a label and no class among its folders").what() +
                             std::string(": wanted a label order (dfew, alphabetical, ...), which differs "
                                         "between projects"));
    }
    const int known = class_of_number_.emplace(*number, *named).first->second;
    const int back = number_of_class_.emplace(*named, *number).first->second;
    if (known != *named || back != *number)
      throw lines.refuse("label " + std::to_string(*number) + " stands for " + name(known) + " elsewhere");
    return *named;
  }
  [[nodiscard]] const std::string& name(int label) const { return classes_[static_cast<std::size_t>(label)]; }

 private:
  const std::vector<std::string>& classes_;
  bool has_order_;
  std::map<int, int> class_of_number_;
  std::map<int, int> number_of_class_;
};

}  // namespace

std::vector<ListedClip> parse_foreign_list(std::string_view text, const fs::path& path,
                                           const std::vector<std::string>& classes, bool has_order) {
  std::vector<ListedClip> clips;
  ListLines lines(text, path);
  ClassNumbers numbers(classes, has_order);
  bool is_first = true;
  while (const auto line = lines.next()) {
    const auto fields = path_and_label(*line);
    if (!fields) throw lines.refuse("wanted `path frames label`, `path label` or `path,label`");
    const auto& [clip_path, label] = *fields;
    const bool is_header = is_first && std::find(kHeaderWords.begin(), kHeaderWords.end(),
                                                 lower_case(label)) != kHeaderWords.end();
    is_first = false;
    if (is_header) continue;
    ListedClip clip{clip_id(clip_path), 0};
    if (clip.id.empty()) throw lines.refuse("wanted the path of a clip first");
    const std::string folder = fs::path(clip.id).parent_path().filename().string();
    const auto named = class_index(classes, folder);
    clip.label = numbers.class_of(label, named, lines);
    if (named && *named != clip.label) {
      throw lines.refuse("label is " + numbers.name(clip.label) + " but the clip lies in " + folder +
                         ": another label order is wanted");
    }
    clips.push_back(std::move(clip));
  }
  if (clips.empty()) throw corrupt_data(path, "has no clips, wanted lines `path frames label`");
  return clips;
}

ClipIndex read_foreign_lists(const fs::path& folder, const DataSetOptions& options) {
  if (options.train_list.empty() && options.test_list.empty())
    throw invalid_argument("layout lists wants a train list, a test list or both");
  ClipIndex index;
  index.root = folder;
  const bool has_order = !options.label_order.empty();
  const std::vector<std::string> order =
      has_order ? class_order(options.label_order)
                : std::vector<std::string>(expression_names().begin(), expression_names().end());
  // Seven classes of FERV39k are put into ferv's own order, so that results fit those of other readers.
  const auto seven = expression_names();
  const bool are_the_seven = std::is_permutation(order.begin(), order.end(), seven.begin(), seven.end());
  index.classes = are_the_seven ? std::vector<std::string>(seven.begin(), seven.end()) : order;
  const fs::path release = find_folder(folder, 3, [](const fs::path& here) {
    return !child_named(here, {"2_ClipsforFaceCrop", "2_ClipforFaceCrop", "Clip"}).empty();
  });
  index.face_folder = nested_child_named(release, {"2_ClipsforFaceCrop", "2_ClipforFaceCrop"});
  if (index.face_folder.empty())
    index.face_folder = nested_child_named(child_named(release, {"Clip"}), {"clip_224x224"});
  if (index.face_folder.empty()) index.face_folder = folder;
  for (const auto& [split, path] :
       {std::pair{Split::kTrain, options.train_list}, std::pair{Split::kTest, options.test_list}}) {
    if (path.empty()) continue;
    for (ListedClip& listed : parse_foreign_list(read_list(path), path, order, has_order)) {
      Clip clip;
      clip.id = std::move(listed.id);
      clip.label = class_index(index.classes, order[static_cast<std::size_t>(listed.label)]).value();
      clip.split = split;
      index.clips.push_back(std::move(clip));
    }
  }
  return index;
}

}  // namespace ferv::data

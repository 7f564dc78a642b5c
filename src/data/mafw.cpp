// SPDX-License-Identifier: Apache-2.0
#include "mafw.h"

#include <array>

#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/data/labels.h"
#include "list_lines.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

const std::vector<std::string>& mafw_classes() {
  static const std::vector<std::string> kClasses = {"anger",   "disgust",      "fear",          "happiness",
                                                    "neutral", "sadness",      "surprise",      "contempt",
                                                    "anxiety", "helplessness", "disappointment"};
  return kClasses;
}

fs::path lists_in(const fs::path& folder) {
  return child_named(folder, {"Train & Test Set", "Train_Test_Set", "Train&Test Set"});
}

std::string mafw_clip_id(std::string_view field) {
  if (const std::size_t dot = field.find('.'); dot != std::string_view::npos) field = field.substr(0, dot);
  if (field.size() != 5 || !whole_number(field)) return {};
  return std::string(field);
}

}  // namespace

bool mafw_lies_in(const fs::path& folder) {
  return !lists_in(folder).empty();
}

std::vector<std::pair<std::string, int>> parse_mafw_list(std::string_view text, const fs::path& path) {
  std::vector<std::pair<std::string, int>> clips;
  ListLines lines(text, path);
  while (const auto line = lines.next()) {
    constexpr std::string_view kBlanks = " \t";
    const std::size_t name_end = line->find_first_of(kBlanks);
    if (name_end == std::string_view::npos) throw lines.refuse("wanted `00025.mp4 anger`");
    const std::size_t label_begin = line->find_first_not_of(kBlanks, name_end);
    const std::string_view label =
        line->substr(label_begin, line->find_first_of(kBlanks, label_begin) - label_begin);
    const std::string id = mafw_clip_id(line->substr(0, name_end));
    if (id.empty()) throw lines.refuse("wanted a clip of five digits first");
    const auto index = class_index(mafw_classes(), lower_case(label));
    if (!index) throw lines.refuse("wanted one of MAFW's eleven single labels after the clip");
    clips.emplace_back(id, *index);
  }
  if (clips.empty()) throw corrupt_data(path, "has no clips, wanted lines `00025.mp4 anger`");
  return clips;
}

ClipIndex read_mafw(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = folder;
  index.classes = mafw_classes();
  const fs::path data = child_named(folder, {"data"});
  const fs::path& parent = data.empty() ? folder : data;
  index.face_folder = nested_child_named(parent, {"faces"});
  if (index.face_folder.empty()) index.face_folder = nested_child_named(parent, {"frames"});
  const fs::path single = child_named(lists_in(folder), {"single"});
  fs::path lists = child_named(single, {"no_caption"});
  if (lists.empty()) lists = child_named(single, {"with_caption"});
  if (lists.empty())
    throw not_found(lists_in(folder) / "single/no_caption", "the lists of MAFW's single labels");
  for (const auto& [split, name] :
       {std::pair{Split::kTrain, "train.txt"}, std::pair{Split::kTest, "test.txt"}}) {
    const fs::path path = lists / ("set_" + std::to_string(options.fold)) / name;
    for (auto& [id, label] : parse_mafw_list(read_list(path), path)) {
      Clip clip;
      clip.id = std::move(id);
      clip.label = label;
      clip.split = split;
      index.clips.push_back(std::move(clip));
    }
  }
  return index;
}

}  // namespace ferv::data

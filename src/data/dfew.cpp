// SPDX-License-Identifier: Apache-2.0
#include "dfew.h"

#include <algorithm>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/data/labels.h"
#include "list_lines.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kIdDigits = 5;

/// "7", "00007", "00007.mp4" -> "00007"; empty for anything else.
std::string dfew_clip_id(std::string_view field) {
  if (field.ends_with(".mp4")) field.remove_suffix(4);
  if (field.size() > kIdDigits || !whole_number(field)) return {};
  return std::string(kIdDigits - field.size(), '0') + std::string(field);
}

fs::path label_folder(const fs::path& folder) {
  return nested_child_named(folder, {"EmoLabel_DataSplit"});
}

void append(ClipIndex& index, const fs::path& lists, Split split, int fold) {
  const fs::path folder = split == Split::kTrain
                              ? nested_child_named(lists, {"train(single-labeled)", "train(single_labeled)"})
                              : nested_child_named(lists, {"test(single-labeled)", "test(single_labeled)"});
  if (folder.empty())
    throw not_found(lists, std::string(to_string(split)) + "(single-labeled) with the lists of five folds");
  const fs::path path = folder / ("set_" + std::to_string(fold) + ".csv");
  for (auto& [id, label] : parse_dfew_list(read_list(path), path)) {
    Clip clip;
    clip.id = std::move(id);
    clip.label = label;
    clip.split = split;
    index.clips.push_back(std::move(clip));
  }
}

}  // namespace

bool dfew_lies_in(const fs::path& folder) {
  return !child_named(folder, {"EmoLabel_DataSplit"}).empty();
}

std::vector<std::pair<std::string, int>> parse_dfew_list(std::string_view text, const fs::path& path) {
  const auto class_count = static_cast<int>(expression_names().size());
  std::vector<std::pair<std::string, int>> clips;
  ListLines lines(text, path);
  bool is_first = true;
  while (const auto line = lines.next()) {
    const auto fields = split_fields(*line, ',');
    const bool may_be_header = is_first;
    is_first = false;
    // Only these words are a header; a first line with a clip is a clip.
    if (may_be_header && lower_case(fields[0]) == "video_name") continue;
    const std::string id = dfew_clip_id(fields[0]);
    if (fields.size() != 2 || id.empty()) throw lines.refuse("wanted `video_name,label`");
    const auto label = whole_number(fields[1]);
    if (!label || *label < 1 || *label > class_count)
      throw lines.refuse("wanted a label from 1 (Happy) to 7 (Fear)");
    clips.emplace_back(id, *label - 1);
  }
  if (clips.empty()) throw corrupt_data(path, "has no clips, wanted lines `video_name,label`");
  return clips;
}

ClipIndex read_dfew(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = folder;
  // DFEW's labels 1 to 7 are in ferv's own order.
  index.classes.assign(expression_names().begin(), expression_names().end());
  const fs::path clips = child_named(folder, {"Clip"});
  const fs::path& parent = clips.empty() ? folder : clips;
  index.face_folder = options.clips == "16f" ? nested_child_named(parent, {"clip_224x224_16f"})
                                             : nested_child_named(parent, {"clip_224x224", "jpg_256"});
  if (options.scan_frames && index.face_folder.empty()) {
    throw not_found(parent / (options.clips == "16f" ? "clip_224x224_16f" : "clip_224x224"),
                    "the frames of DFEW");
  }
  const fs::path lists = label_folder(folder);
  append(index, lists, Split::kTrain, options.fold);
  append(index, lists, Split::kTest, options.fold);
  return index;
}

}  // namespace ferv::data

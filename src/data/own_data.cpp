// SPDX-License-Identifier: Apache-2.0
#include "own_data.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "class_tree.h"
#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/data/labels.h"
#include "list_lines.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr const char* kTable = "clips.csv";

/// Where the columns of a table stand.
struct Columns {
  std::size_t clip = 0;
  std::size_t label = 0;
  std::optional<std::size_t> split;
  std::optional<std::size_t> subject;
  std::size_t count = 0;
};

Columns parse_header(const ListLines& lines, std::string_view header) {
  const auto names = split_fields(header, ',');
  const auto place = [&](std::string_view name) -> std::optional<std::size_t> {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](std::string_view field) { return lower_case(field) == name; });
    if (found == names.end()) return std::nullopt;
    return static_cast<std::size_t>(found - names.begin());
  };
  const auto clip = place("clip");
  const auto label = place("label");
  if (!clip || !label) throw lines.refuse("wanted a header with the columns clip and label");
  return {*clip, *label, place("split"), place("subject"), names.size()};
}

struct TableRow {
  Clip clip;
  std::string label;
};

TableRow parse_row(const ListLines& lines, std::string_view line, const Columns& columns) {
  const auto fields = split_fields(line, ',');
  if (fields.size() != columns.count)
    throw lines.refuse("wanted " + std::to_string(columns.count) + " fields as in the header");
  TableRow row;
  row.clip.id = safe_relative_path(fields[columns.clip]);
  if (row.clip.id.empty()) throw lines.refuse("wanted a clip's folder below that of the table");
  row.label = fields[columns.label];
  if (row.label.empty()) throw lines.refuse("wanted a label");
  if (columns.subject) row.clip.subject = fields[*columns.subject];
  if (columns.split) {
    const std::string_view split = fields[*columns.split];
    if (split != "train" && split != "val" && split != "test")
      throw lines.refuse("wanted split train, val or test");
    row.clip.split = split_from_name(split);
  }
  return row;
}

/// The split that a folder of class folders stands for.
std::optional<Split> split_of(const std::string& folder) {
  if (folder == "train") return Split::kTrain;
  if (folder == "val" || folder == "validation") return Split::kValidation;
  if (folder == "test") return Split::kTest;
  return std::nullopt;
}

}  // namespace

void parse_clip_table(std::string_view text, const fs::path& path, ClipIndex& index) {
  ListLines lines(text, path);
  const auto header = lines.next();
  if (!header) throw corrupt_data(path, "is empty, wanted a header `clip,label,split,subject`");
  const Columns columns = parse_header(lines, *header);
  const bool classes_are_given = !index.classes.empty();
  std::vector<TableRow> rows;
  std::set<std::string> labels;
  while (const auto line = lines.next()) {
    rows.push_back(parse_row(lines, *line, columns));
    if (classes_are_given && !class_index(index.classes, rows.back().label))
      throw lines.refuse("wanted a label that is one of the classes");
    labels.insert(rows.back().label);
  }
  if (rows.empty()) throw corrupt_data(path, "has a header and no clips");
  if (!classes_are_given) index.classes.assign(labels.begin(), labels.end());
  for (TableRow& row : rows) {
    row.clip.label = class_index(index.classes, row.label).value();
    index.clips.push_back(std::move(row.clip));
  }
}

ClipIndex read_clip_table(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = index.face_folder = folder;
  if (!options.label_order.empty()) index.classes = class_order(options.label_order);
  parse_clip_table(read_list(folder / kTable), folder / kTable, index);
  return index;
}

ClipIndex read_class_folders(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = index.face_folder = folder;
  std::vector<std::pair<std::string, Split>> parts;
  for (const fs::path& child : sub_folders(folder)) {
    const std::string name = child.filename().string();
    if (const auto split = split_of(name)) parts.emplace_back(name, *split);
  }
  if (parts.empty()) parts.emplace_back("", Split::kTrain);
  if (!options.label_order.empty()) {
    index.classes = class_order(options.label_order);
  } else {
    std::set<std::string> names;
    for (const auto& [part, split] : parts) {
      for (const fs::path& child : sub_folders(folder / part)) names.insert(child.filename().string());
    }
    index.classes.assign(names.begin(), names.end());
  }
  for (const auto& [part, split] : parts) {
    append_class_tree(index, part, split,
                      [&](const std::string& name) { return class_index(index.classes, name); });
  }
  if (index.clips.empty())
    throw not_found(folder, "clips in folders by class: <class>/<clip> or train/<class>/<clip>");
  return index;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "afew.h"

#include <algorithm>

#include "class_tree.h"
#include "ferv/base/error.h"
#include "ferv/data/labels.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

/// A class of ferv by either spelling that AFEW and CAER come in.
std::optional<int> expression_of(const std::string& folder) {
  if (folder == "Anger") return class_index(expression_names(), "Angry");
  if (folder == "Happiness") return class_index(expression_names(), "Happy");
  if (folder == "Sadness") return class_index(expression_names(), "Sad");
  return class_index(expression_names(), folder);
}

/// Five of the seven may be there before a folder counts as a split: other things are called train, too.
bool has_expressions(const fs::path& folder) {
  if (folder.empty()) return false;
  const auto folders = sub_folders(folder);
  return std::count_if(folders.begin(), folders.end(), [](const fs::path& child) {
           return expression_of(child.filename().string()).has_value();
         }) >= 5;
}

fs::path train_folder(const fs::path& folder) {
  return child_named(folder, {"train", "train_afew"});
}

fs::path validation_folder(const fs::path& folder) {
  return child_named(folder, {"validation", "val", "val_afew", "validation_afew"});
}

fs::path test_folder(const fs::path& folder) {
  return child_named(folder, {"test", "test_afew"});
}

ClipIndex empty_index(const fs::path& folder) {
  ClipIndex index;
  index.root = folder;
  index.face_folder = folder;
  index.classes.assign(expression_names().begin(), expression_names().end());
  return index;
}

void append_split(ClipIndex& index, const fs::path& split_folder, Split split) {
  append_class_tree(index, split_folder.filename().string(), split, expression_of);
}

}  // namespace

bool afew_lies_in(const fs::path& folder) {
  return has_expressions(train_folder(folder)) && has_expressions(validation_folder(folder)) &&
         !has_expressions(test_folder(folder));
}

ClipIndex read_afew(const fs::path& folder, const DataSetOptions& /*options*/) {
  ClipIndex index = empty_index(folder);
  append_split(index, train_folder(folder), Split::kTrain);
  append_split(index, validation_folder(folder), Split::kTest);
  return index;
}

bool caer_lies_in(const fs::path& folder) {
  return has_expressions(train_folder(folder)) && has_expressions(validation_folder(folder)) &&
         has_expressions(test_folder(folder));
}

ClipIndex read_caer(const fs::path& folder, const DataSetOptions& /*options*/) {
  ClipIndex index = empty_index(folder);
  append_split(index, train_folder(folder), Split::kTrain);
  append_split(index, validation_folder(folder), Split::kValidation);
  append_split(index, test_folder(folder), Split::kTest);
  return index;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "release_folders.h"

#include <algorithm>
#include <system_error>
#include "ferv/base/lower_case.h"

namespace ferv::data {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kChildLimit = 2000;

}  // namespace

std::vector<fs::path> sub_folders(const fs::path& folder) {
  std::vector<fs::path> children;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::error_code ignored;
    if (entry->is_directory(ignored)) children.push_back(entry->path());
    if (children.size() == kChildLimit) break;
  }
  std::sort(children.begin(), children.end());
  return children;
}

fs::path child_named(const fs::path& folder, std::initializer_list<const char*> names) {
  for (const fs::path& child : sub_folders(folder)) {
    const std::string found = lower_case(child.filename().string());
    for (const char* name : names) {
      if (found == lower_case(name)) return child;
    }
  }
  return {};
}

fs::path nested_child_named(const fs::path& folder, std::initializer_list<const char*> names) {
  const fs::path child = child_named(folder, names);
  if (child.empty()) return {};
  const fs::path nested = child_named(child, names);
  return nested.empty() ? child : nested;
}

std::vector<fs::path> folders_below(const std::vector<fs::path>& folders) {
  std::vector<fs::path> below;
  for (const fs::path& folder : folders) {
    for (fs::path& child : sub_folders(folder)) below.push_back(std::move(child));
    if (below.size() >= kChildLimit) break;
  }
  return below;
}

fs::path find_folder(const fs::path& root, int depth, const std::function<bool(const fs::path&)>& is_wanted) {
  std::vector<fs::path> level = {root};
  for (; depth >= 0; --depth) {
    for (const fs::path& folder : level) {
      if (is_wanted(folder)) return folder;
    }
    if (depth > 0) level = folders_below(level);
  }
  return {};
}

}  // namespace ferv::data

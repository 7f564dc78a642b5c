// SPDX-License-Identifier: Apache-2.0
#include "clip_folder.h"

#include <dirent.h>

#include <algorithm>
#include <cctype>
#include <memory>

#include "ferv/base/lower_case.h"

namespace ferv::data {
namespace {

bool ends_in(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() && lower_case(name.substr(name.size() - ending.size())) == ending;
}

/// Shorter numbers first, then by text: 2.jpg before 10.jpg, and 02.jpg before 10.jpg.
bool numeric_less(const std::string& a, const std::string& b) {
  const auto number = [](const std::string& name) {
    const std::size_t first = std::min(name.find_first_not_of('0'), name.find('.'));
    return std::string_view(name).substr(first, name.find('.') - first);
  };
  const std::string_view x = number(a);
  const std::string_view y = number(b);
  if (x.size() != y.size()) return x.size() < y.size();
  return x != y ? x < y : a < b;
}

bool is_number(const std::string& name) {
  const std::size_t dot = name.find('.');
  return dot > 0 && std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(dot),
                                [](unsigned char c) { return std::isdigit(c) != 0; });
}

bool is_regular(const std::vector<std::string>& names) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string wanted = (i < 10 ? "0" : "") + std::to_string(i) + ".jpg";
    if (names[i] != wanted) return false;
  }
  return true;
}

}  // namespace

void scan_clip_folder(const std::filesystem::path& folder, Clip& clip) {
  clip.frame_count = 0;
  clip.frame_names.clear();
  const std::filesystem::path path = folder / clip.id;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(path.c_str()), &::closedir);
  if (!directory) return;
  std::vector<std::string> names;
  std::vector<std::string> png_names;
  while (const dirent* entry = ::readdir(directory.get())) {
    const std::string_view name = entry->d_name;
    if (ends_in(name, ".jpg") || ends_in(name, ".jpeg")) names.emplace_back(name);
    if (ends_in(name, ".png")) png_names.emplace_back(name);
  }
  if (names.empty()) names = std::move(png_names);
  if (std::all_of(names.begin(), names.end(), is_number)) {
    std::sort(names.begin(), names.end(), numeric_less);
  } else {
    std::sort(names.begin(), names.end());
  }
  clip.frame_count = static_cast<std::int32_t>(names.size());
  if (!is_regular(names)) clip.frame_names = std::move(names);
}

}  // namespace ferv::data

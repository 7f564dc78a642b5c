// SPDX-License-Identifier: Apache-2.0
#include "list_lines.h"

#include <algorithm>
#include <charconv>

#include "ferv/base/files.h"

namespace ferv::data {
namespace {

constexpr std::size_t kFileLimit = std::size_t{256} << 20;
constexpr std::size_t kLineLimit = 4096;
constexpr std::size_t kShownCharacters = 80;

}  // namespace

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r";
  const std::size_t first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

ListLines::ListLines(std::string_view text, const std::filesystem::path& path) : rest_(text), path_(path) {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

std::optional<std::string_view> ListLines::next() {
  while (!rest_.empty()) {
    const std::size_t end = std::min(rest_.find('\n'), rest_.size());
    line_ = trimmed(rest_.substr(0, end));
    rest_.remove_prefix(std::min(end + 1, rest_.size()));
    ++number_;
    if (line_.size() > kLineLimit)
      throw refuse("line of " + std::to_string(line_.size()) + " characters, the limit is 4096");
    if (!line_.empty()) return line_;
  }
  return std::nullopt;
}

Error ListLines::refuse(const std::string& why) const {
  std::string shown;
  for (const char c : line_.substr(0, kShownCharacters)) shown += c >= ' ' && c <= '~' ? c : '?';
  if (line_.size() > kShownCharacters) shown += "...";
  return corrupt_data(path_.string() + ":" + std::to_string(number_), why + ", found '" + shown + "'");
}

std::vector<std::string_view> split_fields(std::string_view line, char separator) {
  std::vector<std::string_view> fields;
  while (true) {
    const std::size_t end = line.find(separator);
    fields.push_back(trimmed(line.substr(0, end)));
    if (end == std::string_view::npos) return fields;
    line.remove_prefix(end + 1);
  }
}

std::optional<int> whole_number(std::string_view field) {
  int value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || value < 0 || value > 999999999)
    return std::nullopt;
  return value;
}

std::string safe_relative_path(std::string_view given) {
  std::string path(given);
  std::replace(path.begin(), path.end(), '\\', '/');
  while (path.starts_with("./")) path.erase(0, 2);
  if (path.empty() || path.front() == '/') return {};
  std::string_view rest = path;
  while (true) {
    const std::size_t slash = rest.find('/');
    const std::string_view part = rest.substr(0, slash);
    const bool has_controls = std::any_of(
        part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
    if (part.empty() || part == "." || part == ".." || has_controls) return {};
    if (slash == std::string_view::npos) return path;
    rest.remove_prefix(slash + 1);
  }
}

std::string read_list(const std::filesystem::path& path) {
  return read_text_file(path, kFileLimit);
}

}  // namespace ferv::data

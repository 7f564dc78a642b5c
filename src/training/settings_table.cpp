// SPDX-License-Identifier: Apache-2.0
#include "settings_table.h"

#include <toml++/toml.h>
#include <charconv>

#include "ferv/base/files.h"

namespace ferv::training {
namespace {

template <typename Number>
Number parse_number(std::string_view name, const SettingRange& range, const std::string& text) {
  Number value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const auto as_double = static_cast<double>(value);
  if (error != std::errc() || end != text.data() + text.size() ||
      !(as_double >= range.low && as_double <= range.high)) {
    throw wrong_setting(name, text, allowed_numbers(range));
  }
  return value;
}

std::string text_of(const toml::node& node) {
  if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  if (const auto value = node.value_exact<double>()) return fmt::format("{}", *value);
  if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
  if (const auto value = node.value_exact<std::string>()) return *value;
  throw invalid_argument("wanted a number, true, false or a text");
}

}  // namespace

bool is_allowed_word(std::string_view words, std::string_view value) {
  while (!words.empty()) {
    const std::size_t bar = std::min(words.find('|'), words.size());
    if (words.substr(0, bar) == value) return true;
    words.remove_prefix(std::min(bar + 1, words.size()));
  }
  return false;
}

std::string quoted(const std::string& value) {
  std::string text = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

int parse_whole(std::string_view name, const SettingRange& range, const std::string& text) {
  return parse_number<int>(name, range, text);
}

double parse_real(std::string_view name, const SettingRange& range, const std::string& text) {
  return parse_number<double>(name, range, text);
}

Error wrong_setting(std::string_view name, const std::string& value, const std::string& allowed) {
  return invalid_argument(fmt::format("setting {} is '{}', wanted {}", name, value, allowed));
}

std::string allowed_numbers(const SettingRange& range) {
  return range.high >= kAnyHigh ? fmt::format("{} or more", range.low)
                                : fmt::format("{} to {}", range.low, range.high);
}

void for_each_toml_entry(const std::filesystem::path& path,
                         const std::function<void(std::string_view key, const std::string& value)>& apply) {
  const std::string text = read_text_file(path, 1 << 20);
  toml::table parsed;
  try {
    parsed = toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw corrupt_data(path.string() + ":" + std::to_string(error.source().begin.line),
                       "not valid TOML: " + std::string(error.description()));
  }
  for (const auto& [key, node] : parsed) {
    try {
      apply(key.str(), text_of(node));
    } catch (const Error& error) {
      throw invalid_argument(path.string() + ":" + std::to_string(node.source().begin.line) + ": " +
                             error.what());
    }
  }
}

}  // namespace ferv::training

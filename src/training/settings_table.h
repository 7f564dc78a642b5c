// SPDX-License-Identifier: Apache-2.0
// A table of settings over an options struct: one row a field; parsing, checks, TOML and help follow from it.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/training/options.h"

namespace ferv::training {

/// What a setting may be. `words` lists the allowed values of a text, separated by '|'; empty allows any.
struct SettingRange {
  double low = 0;
  double high = 0;
  const char* words = "";
};

/// No upper limit.
inline constexpr double kAnyHigh = 1e9;

[[nodiscard]] bool is_allowed_word(std::string_view words, std::string_view value);
[[nodiscard]] std::string quoted(const std::string& value);
/// Throws kInvalidArgument that names the setting and what it may be.
[[nodiscard]] int parse_whole(std::string_view name, const SettingRange& range, const std::string& text);
[[nodiscard]] double parse_real(std::string_view name, const SettingRange& range, const std::string& text);
[[nodiscard]] Error wrong_setting(std::string_view name, const std::string& value,
                                  const std::string& allowed);
[[nodiscard]] std::string allowed_numbers(const SettingRange& range);
/// Any of these words, separated by '|'.
[[nodiscard]] inline SettingRange words(const char* list) {
  return {.words = list};
}
/// Gives `apply` the top-level keys with their values as text. Throws kNotFound, kCorruptData for text that
/// is no TOML, kInvalidArgument for a value that is a table or list; puts "file:line: " before what `apply`
/// throws.
void for_each_toml_entry(const std::filesystem::path& path,
                         const std::function<void(std::string_view key, const std::string& value)>& apply);

template <typename Options>
class SettingsTable {
 public:
  using Member = std::variant<int Options::*, double Options::*, bool Options::*, std::string Options::*>;
  struct Row {
    const char* name;
    Member member;
    SettingRange range;
    const char* meaning;
  };

  explicit SettingsTable(std::vector<Row> rows) : rows_(std::move(rows)) {}

  [[nodiscard]] std::vector<SettingDescription> describe() const {
    std::vector<SettingDescription> descriptions;
    for (const Row& row : rows_)
      descriptions.push_back({row.name, value_text(Options(), row), allowed_text(row), row.meaning});
    return descriptions;
  }

  void apply(Options& options, std::string_view name, const std::string& value) const {
    const Row& row = find(name);
    if (const auto* whole = std::get_if<int Options::*>(&row.member)) {
      options.*(*whole) = parse_whole(name, row.range, value);
    } else if (const auto* real = std::get_if<double Options::*>(&row.member)) {
      options.*(*real) = parse_real(name, row.range, value);
    } else if (const auto* flag = std::get_if<bool Options::*>(&row.member)) {
      if (value != "true" && value != "false") throw wrong_setting(name, value, allowed_text(row));
      options.*(*flag) = value == "true";
    } else {
      if (*row.range.words != '\0' && !is_allowed_word(row.range.words, value))
        throw wrong_setting(name, value, allowed_text(row));
      options.*std::get<std::string Options::*>(row.member) = value;
    }
  }

  void apply_file(Options& options, const std::filesystem::path& path) const {
    for_each_toml_entry(path,
                        [&](std::string_view key, const std::string& value) { apply(options, key, value); });
  }

  /// `heading` without its '#'.
  [[nodiscard]] std::string to_toml(const Options& options, const std::string& heading) const {
    std::string text = "# " + heading + "\n";
    for (const Row& row : rows_) {
      const bool is_text = std::holds_alternative<std::string Options::*>(row.member);
      const std::string value = value_text(options, row);
      text += fmt::format("\n# {} ({})\n{} = {}\n", row.meaning, allowed_text(row), row.name,
                          is_text ? quoted(value) : value);
    }
    return text;
  }

  /// `name = value` of each setting that has not its default, a line each: the same from a version that knows
  /// more settings, or says other things about them.
  [[nodiscard]] std::string changed(const Options& options) const {
    std::string text;
    for (const Row& row : rows_) {
      const std::string value = value_text(options, row);
      if (value != value_text(Options(), row)) text += fmt::format("{} = {}\n", row.name, value);
    }
    return text;
  }

 private:
  [[nodiscard]] const Row& find(std::string_view name) const {
    std::vector<std::string> names;
    for (const Row& row : rows_) {
      if (name == row.name) return row;
      names.emplace_back(row.name);
    }
    const std::string near = nearest_word(name, names);
    throw invalid_argument("unknown setting '" + std::string(name) + "'" +
                           (near.empty() ? "" : ", did you mean '" + near + "'?"));
  }

  static std::string allowed_text(const Row& row) {
    if (std::holds_alternative<bool Options::*>(row.member)) return "true|false";
    if (std::holds_alternative<std::string Options::*>(row.member))
      return *row.range.words != '\0' ? row.range.words : "text";
    return allowed_numbers(row.range);
  }

  static std::string value_text(const Options& options, const Row& row) {
    if (const auto* whole = std::get_if<int Options::*>(&row.member))
      return std::to_string(options.*(*whole));
    if (const auto* flag = std::get_if<bool Options::*>(&row.member))
      return options.*(*flag) ? "true" : "false";
    if (const auto* real = std::get_if<double Options::*>(&row.member))
      return fmt::format("{}", options.*(*real));
    return options.*std::get<std::string Options::*>(row.member);
  }

  std::vector<Row> rows_;
};

}  // namespace ferv::training

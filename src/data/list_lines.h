// SPDX-License-Identifier: Apache-2.0
// The lines of a list that somebody else has written: with limits, and messages that name file and line.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/base/error.h"

namespace ferv::data {

/// Goes over the lines of a text. A byte-order mark, CRLF, blanks at the ends and blank lines are passed
/// over.
class ListLines {
 public:
  /// `text` must outlive this.
  ListLines(std::string_view text, const std::filesystem::path& path);
  /// The next line, or nullopt at the end. Throws kCorruptData for a line of over 4096 characters.
  [[nodiscard]] std::optional<std::string_view> next();
  /// An error at the line that next() gave last.
  [[nodiscard]] Error refuse(const std::string& why) const;

 private:
  std::string_view rest_;
  std::filesystem::path path_;
  std::string_view line_;
  std::size_t number_ = 0;
};

/// `text` without blanks at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// The fields between separators, blanks around them cut off.
[[nodiscard]] std::vector<std::string_view> split_fields(std::string_view line, char separator);

/// A whole field as a number from 0 to 999,999,999; nullopt for anything else.
[[nodiscard]] std::optional<int> whole_number(std::string_view field);

/// `path` with forward slashes and without "./" before it; empty for one that is empty, absolute, or holds
/// "..", empty parts or control characters: no list leads out of its data set.
[[nodiscard]] std::string safe_relative_path(std::string_view path);

/// Reads a list file of at most 256 MiB. Throws kNotFound, kIo, kCorruptData.
[[nodiscard]] std::string read_list(const std::filesystem::path& path);

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// Comma-separated text as RFC 4180 has it, with line numbers for messages.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/base/error.h"

namespace ferv::evaluation {

/// A line of a file, to make an error that names it.
struct CsvPlace {
  std::filesystem::path path;
  std::size_t line = 0;
  [[nodiscard]] Error error(const std::string& message) const {
    return corrupt_data(path.string() + ":" + std::to_string(line), message);
  }
};

/// Reads records one by one. Quotes, doubled quotes, line breaks within quotes, CRLF and a byte-order mark
/// are understood; blank lines are passed over. Throws kCorruptData for a quote without end or a record of
/// over 1 MiB.
class CsvReader {
 public:
  /// `text` must outlive the reader; `path` is for messages.
  CsvReader(std::string_view text, std::filesystem::path path);
  /// False at the end. `fields` is filled anew.
  bool next(std::vector<std::string>& fields);
  /// Where the record given last begins.
  [[nodiscard]] CsvPlace place() const { return {path_, record_line_}; }

 private:
  std::string_view rest_;
  std::filesystem::path path_;
  std::size_t line_ = 1;
  std::size_t record_line_ = 0;
};

}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
#include "csv.h"

namespace ferv::evaluation {
namespace {

constexpr std::size_t kRecordLimit = std::size_t{1} << 20;

}  // namespace

CsvReader::CsvReader(std::string_view text, std::filesystem::path path)
    : rest_(text), path_(std::move(path)) {
  if (rest_.starts_with("\xef\xbb\xbf")) rest_.remove_prefix(3);
}

bool CsvReader::next(std::vector<std::string>& fields) {
  while (!rest_.empty() && (rest_.front() == '\n' || rest_.starts_with("\r\n"))) {
    rest_.remove_prefix(rest_.front() == '\n' ? 1 : 2);
    ++line_;
  }
  fields.clear();
  if (rest_.empty()) return false;
  record_line_ = line_;
  std::string field;
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest_.size(); ++i) {
    if (i > kRecordLimit) throw place().error("record is longer than 1 MiB");
    const char c = rest_[i];
    if (quoted) {
      if (c == '\n') ++line_;
      if (c != '"') {
        field += c;
      } else if (i + 1 < rest_.size() && rest_[i + 1] == '"') {
        field += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"' && field.empty()) {
      quoted = true;
    } else if (c == ',') {
      fields.push_back(std::move(field));
      field.clear();
    } else if (c == '\n') {
      break;
    } else {
      field += c;
    }
  }
  if (quoted) throw place().error("a quoted field has no end");
  // Of CRLF, not of a quoted field: there a quote stands last.
  if (i > 0 && rest_[i - 1] == '\r') field.pop_back();
  fields.push_back(std::move(field));
  if (i < rest_.size()) {
    ++i;
    ++line_;
  }
  rest_.remove_prefix(i);
  return true;
}

}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/error.h"

#include <algorithm>
#include <numeric>
#include <system_error>
#include <vector>

namespace ferv {

Error invalid_argument(const std::string& message) {
  return {ErrorKind::kInvalidArgument, message};
}

Error not_found(const std::filesystem::path& path, std::string_view what_was_wanted) {
  return {ErrorKind::kNotFound, path.string() + ": not found, wanted " + std::string(what_was_wanted)};
}

Error corrupt_data(const std::filesystem::path& path, const std::string& message) {
  return {ErrorKind::kCorruptData, path.string() + ": " + message};
}

Error incompatible(const std::string& message) {
  return {ErrorKind::kIncompatible, message};
}

Error unsupported(const std::string& message) {
  return {ErrorKind::kUnsupported, message};
}

Error io_error(const std::filesystem::path& path, std::string_view message, int errno_value) {
  return {ErrorKind::kIo, path.string() + ": " + std::string(message) + ": " +
                              std::error_code(errno_value, std::generic_category()).message()};
}

Error failed(const std::string& message) {
  return {ErrorKind::kFailed, message};
}

Error internal_error(const std::string& message) {
  return {ErrorKind::kInternal, message};
}

std::string_view to_string(ErrorKind kind) noexcept {
  switch (kind) {
    case ErrorKind::kInvalidArgument:
      return "invalid-argument";
    case ErrorKind::kNotFound:
      return "not-found";
    case ErrorKind::kCorruptData:
      return "corrupt-data";
    case ErrorKind::kIncompatible:
      return "incompatible";
    case ErrorKind::kUnsupported:
      return "unsupported";
    case ErrorKind::kIo:
      return "io";
    case ErrorKind::kFailed:
      return "failed";
    case ErrorKind::kInternal:
      return "internal";
  }
  return "internal";
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  std::iota(previous.begin(), previous.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    current[0] = i + 1;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = previous[j] + (a[i] == b[j] ? 0 : 1);
      current[j + 1] = std::min({substituted, previous[j + 1] + 1, current[j] + 1});
    }
    std::swap(previous, current);
  }
  return previous.back();
}

}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
// The one exception type of ferv: a kind that a program can act on, and a sentence for a person.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ferv {

/// What went wrong, as far as a caller can act on it. The command maps each kind to its exit code.
enum class ErrorKind {
  kInvalidArgument,  ///< an option or argument has a value that makes no sense (exit code 2)
  kNotFound,         ///< an input file or folder is not there (3)
  kCorruptData,      ///< an input is there but cannot be what it should be (4)
  kIncompatible,     ///< weights, classes or shapes that don't fit the model (5)
  kUnsupported,      ///< valid, but this build or version cannot do it (1)
  kIo,               ///< the system refused to read or write: disk full, permission (1)
  kFailed,           ///< the work itself failed, e.g. a loss that is not finite (1)
  kInternal,         ///< a bug in ferv (1)
};

/// Throws nothing foreign: whatever leaves a room of ferv is this type.
/// The message holds the value found, the value wanted and the file, on one line, without a final full stop.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, const std::string& message) : std::runtime_error(message), kind_(kind) {}
  [[nodiscard]] ErrorKind kind() const noexcept { return kind_; }

 private:
  ErrorKind kind_;
};

[[nodiscard]] Error invalid_argument(const std::string& message);
[[nodiscard]] Error not_found(const std::filesystem::path& path, std::string_view what_was_wanted);
[[nodiscard]] Error corrupt_data(const std::filesystem::path& path, const std::string& message);
[[nodiscard]] Error incompatible(const std::string& message);
[[nodiscard]] Error unsupported(const std::string& message);
/// `message` says what was tried; the text of `errno_value` is appended.
[[nodiscard]] Error io_error(const std::filesystem::path& path, std::string_view message, int errno_value);
[[nodiscard]] Error failed(const std::string& message);
[[nodiscard]] Error internal_error(const std::string& message);

/// The stable lower-case name of a kind, for logs and JSON ("corrupt-data").
[[nodiscard]] std::string_view to_string(ErrorKind kind) noexcept;

/// The candidate nearest to `word` by edit distance, or "" when none is near: for "did you mean".
/// `candidates` is any range of strings.
[[nodiscard]] std::size_t edit_distance(std::string_view a, std::string_view b);
template <typename Range>
[[nodiscard]] std::string nearest_word(std::string_view word, const Range& candidates) {
  std::string best;
  std::size_t best_distance = word.size() / 3 + 2;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best_distance) {
      best_distance = distance;
      best = std::string(candidate);
    }
  }
  return best;
}

}  // namespace ferv

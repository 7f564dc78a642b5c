// SPDX-License-Identifier: Apache-2.0
// Writes the opcodes of pickle protocol 2, the one that torch.save uses by default.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::weights {

/// Each call appends one value or one step; the caller keeps their order right. Nothing is memoised, so the
/// same calls always give the same bytes.
class PickleWriter {
 public:
  PickleWriter();

  /// A class or function: "torch", "FloatStorage".
  void name(std::string_view module, std::string_view name);
  /// Throws kUnsupported beyond 4 GiB.
  void text(std::string_view text);
  void integer(std::int64_t value);
  void boolean(bool value);
  void integers(const std::vector<std::int64_t>& values);  ///< a tuple
  void mark();
  void tuple_since_mark();
  /// Calls the name below with the tuple on top.
  void call();
  /// Turns the tuple on top into the object that it stands for outside the pickle.
  void persistent_id();
  /// Puts the keys and values since the mark into the dict below.
  void set_items_since_mark();
  /// Calls the name on top without arguments.
  void call_without_arguments();

  /// The finished pickle.
  [[nodiscard]] std::string finish() &&;

 private:
  void number(std::uint64_t value, std::size_t size);

  std::string bytes_;
};

}  // namespace ferv::weights

// SPDX-License-Identifier: Apache-2.0
// Python's pickle as data: builds plain values, runs nothing, and refuses every name it was not told of.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::weights {

/// One value of a pickle. Values refer to each other by address and may be shared or form a cycle, so whoever
/// walks them bounds the walk.
struct PickleValue {
  enum class Kind : std::uint8_t {
    kNone,
    kBool,
    kInteger,
    kLongInteger,  ///< beyond 64 bits; `text` holds it little-endian, two's complement
    kReal,
    kText,
    kBytes,
    kTuple,
    kList,
    kSet,
    kDict,        ///< `items` is key, value, key, value...; `text` the class, "" for a plain dict
    kName,        ///< a class or function that was named, but not called
    kCall,        ///< what calling `text` with `items` would have made
    kPersistent,  ///< `items[0]` is the persistent id
  };
  Kind kind = Kind::kNone;
  std::int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<const PickleValue*> items;

  [[nodiscard]] bool is(Kind wanted) const { return kind == wanted; }
  /// The value of a text key, or null. Of several the last counts, as in Python.
  [[nodiscard]] const PickleValue* find(std::string_view key) const;
};

/// What a name that a pickle mentions may be used for.
enum class NameUse : std::uint8_t {
  kMention,  ///< it stands as it is and cannot be called
  kCall,     ///< calling it gives a kCall value
  kMapping,  ///< calling it gives a kDict value
};

struct AllowedName {
  std::string_view name;  ///< "module.name"
  NameUse use;
};

struct Pickle {
  std::deque<PickleValue> values;  ///< owns them; addresses stay
  const PickleValue* root = nullptr;
  std::vector<const PickleValue*> persistent;  ///< all values of that kind, in file order
  std::size_t size = 0;                        ///< bytes up to and with the STOP opcode
};

/// Reads one pickle of protocol 2 to 5 from the start of `bytes`. Throws std::runtime_error: a pickle that is
/// cut short or damaged, that names anything outside `allowed` (the message has the name), that would make or
/// change an object otherwise, or that goes beyond the limits on values, stack, marks and memo.
[[nodiscard]] Pickle read_pickle(std::span<const std::uint8_t> bytes, std::span<const AllowedName> allowed);

/// "a list", "text", ...: a kind of value, for a message.
[[nodiscard]] std::string_view describe(PickleValue::Kind kind);

}  // namespace ferv::weights

// SPDX-License-Identifier: Apache-2.0
// The stack machine that a pickle is a program for: its parts, without the table of opcodes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "pickle_reader.h"

namespace ferv::weights {

/// Each function does a part of what opcodes do; pickle_reader.cpp says which opcode does what. All throw
/// std::runtime_error with the place in the pickle. Nothing here calls itself, so no pickle is too deep.
class PickleMachine {
 public:
  using Kind = PickleValue::Kind;

  PickleMachine(std::span<const std::uint8_t> bytes, std::span<const AllowedName> allowed)
      : bytes_(bytes), allowed_(allowed) {}

  /// The next opcode; errors from now on name its place.
  std::uint8_t take_opcode();
  [[nodiscard]] bool is_finished() const { return pickle_.root != nullptr; }
  [[nodiscard]] Pickle finish() &&;

  [[nodiscard]] std::runtime_error wrong(const std::string& what) const;
  /// The error for a name that a weights file has no business with.
  [[nodiscard]] std::runtime_error refused(const std::string& name) const;

  // What follows an opcode.
  std::span<const std::uint8_t> take(std::uint64_t size);
  std::uint64_t take_number(std::size_t size);  ///< little-endian, of up to 8 bytes
  std::string take_line();
  void check_protocol();
  void check_frame();

  // The stack. What lies below a mark is out of reach until the mark is gone.
  void push(PickleValue* value);
  PickleValue* pop();
  void mark();
  std::vector<const PickleValue*> pop_to_mark();
  void duplicate();
  void stop();

  // New values.
  void push_none();
  void push_integer(Kind kind, std::int64_t number);
  void push_real();
  void push_long(std::uint64_t size);
  void push_text(Kind kind, std::uint64_t size);
  void push_items(Kind kind, std::vector<const PickleValue*> items);
  void push_tuple(std::size_t count);  ///< of the values on top
  void push_persistent();

  // Into the container on top.
  void append(const std::vector<const PickleValue*>& items);
  void set_item();
  void set_items(const std::vector<const PickleValue*>& items);

  // The memo.
  void remember(std::uint64_t index);
  void remember_next() { remember(memo_.size()); }
  void recall(std::uint64_t index);

  // Names and what would be done with them.
  void push_name(const std::string& module, const std::string& name);
  void push_name_from_stack();
  void call();
  void build();
  [[noreturn]] void refuse_instance(std::size_t class_depth);
  [[noreturn]] void refuse_object_since_mark();

 private:
  PickleValue& make(Kind kind, std::size_t item_count = 0);
  PickleValue& top(Kind wanted, Kind also);
  const AllowedName& allowed_name(const std::string& name) const;
  void fill_mapping(PickleValue& dict, const PickleValue& arguments);

  std::span<const std::uint8_t> bytes_;
  std::span<const AllowedName> allowed_;
  std::size_t at_ = 0;
  std::size_t opcode_at_ = 0;
  std::size_t made_ = 0;
  Pickle pickle_;
  // The machine alone changes values, and only those that it made itself.
  std::vector<PickleValue*> stack_;
  std::vector<std::size_t> marks_;
  std::vector<PickleValue*> memo_;
};

}  // namespace ferv::weights

// SPDX-License-Identifier: Apache-2.0
#include "pickle_reader.h"

#include <array>

#include "pickle_machine.h"

namespace ferv::weights {
namespace {

using Kind = PickleValue::Kind;
using Machine = PickleMachine;

struct Opcode {
  std::uint8_t code;
  void (*run)(Machine&);
};

void push_unsigned(Machine& machine, std::size_t size) {
  machine.push_integer(Kind::kInteger, static_cast<std::int64_t>(machine.take_number(size)));
}
void push_signed(Machine& machine) {
  machine.push_integer(Kind::kInteger, static_cast<std::int32_t>(machine.take_number(4)));
}
void make_dict(Machine& machine) {
  const std::vector<const PickleValue*> items = machine.pop_to_mark();
  machine.push_items(Kind::kDict, {});
  machine.set_items(items);
}
void name_from_lines(Machine& machine) {
  const std::string module = machine.take_line();
  machine.push_name(module, machine.take_line());
}
void instance_from_lines(Machine& machine) {
  const std::string module = machine.take_line();
  throw machine.refused(module + "." + machine.take_line());
}
void refuse_extension(Machine& machine, std::size_t size) {
  throw machine.refused("copyreg extension " + std::to_string(machine.take_number(size)));
}

/// Python's pickletools has the meaning of each. The text opcodes of protocols 0 and 1 are not here:
/// torch.save has always written protocol 2.
constexpr Opcode kOpcodes[] = {
    // Plain values. Python 2 wrote its names as byte strings ('T', 'U'): text to us.
    {'N', [](Machine& m) { m.push_none(); }},
    {0x88, [](Machine& m) { m.push_integer(Kind::kBool, 1); }},
    {0x89, [](Machine& m) { m.push_integer(Kind::kBool, 0); }},
    {'K', [](Machine& m) { push_unsigned(m, 1); }},
    {'M', [](Machine& m) { push_unsigned(m, 2); }},
    {'J', push_signed},
    {0x8a, [](Machine& m) { m.push_long(m.take_number(1)); }},
    {0x8b, [](Machine& m) { m.push_long(m.take_number(4)); }},
    {'G', [](Machine& m) { m.push_real(); }},
    {'U', [](Machine& m) { m.push_text(Kind::kText, m.take_number(1)); }},
    {'T', [](Machine& m) { m.push_text(Kind::kText, m.take_number(4)); }},
    {'X', [](Machine& m) { m.push_text(Kind::kText, m.take_number(4)); }},
    {0x8c, [](Machine& m) { m.push_text(Kind::kText, m.take_number(1)); }},
    {0x8d, [](Machine& m) { m.push_text(Kind::kText, m.take_number(8)); }},
    {'C', [](Machine& m) { m.push_text(Kind::kBytes, m.take_number(1)); }},
    {'B', [](Machine& m) { m.push_text(Kind::kBytes, m.take_number(4)); }},
    {0x8e, [](Machine& m) { m.push_text(Kind::kBytes, m.take_number(8)); }},
    {0x96, [](Machine& m) { m.push_text(Kind::kBytes, m.take_number(8)); }},
    // Containers.
    {']', [](Machine& m) { m.push_items(Kind::kList, {}); }},
    {'}', [](Machine& m) { m.push_items(Kind::kDict, {}); }},
    {')', [](Machine& m) { m.push_items(Kind::kTuple, {}); }},
    {0x8f, [](Machine& m) { m.push_items(Kind::kSet, {}); }},
    {'l', [](Machine& m) { m.push_items(Kind::kList, m.pop_to_mark()); }},
    {'t', [](Machine& m) { m.push_items(Kind::kTuple, m.pop_to_mark()); }},
    {0x91, [](Machine& m) { m.push_items(Kind::kSet, m.pop_to_mark()); }},
    {'d', make_dict},
    {0x85, [](Machine& m) { m.push_tuple(1); }},
    {0x86, [](Machine& m) { m.push_tuple(2); }},
    {0x87, [](Machine& m) { m.push_tuple(3); }},
    {'a', [](Machine& m) { m.append({m.pop()}); }},
    {'e', [](Machine& m) { m.append(m.pop_to_mark()); }},
    {0x90, [](Machine& m) { m.append(m.pop_to_mark()); }},
    {'s', [](Machine& m) { m.set_item(); }},
    {'u', [](Machine& m) { m.set_items(m.pop_to_mark()); }},
    // Stack, memo, framing.
    {'(', [](Machine& m) { m.mark(); }},
    {'0', [](Machine& m) { (void)m.pop(); }},
    {'1', [](Machine& m) { (void)m.pop_to_mark(); }},
    {'2', [](Machine& m) { m.duplicate(); }},
    {'q', [](Machine& m) { m.remember(m.take_number(1)); }},
    {'r', [](Machine& m) { m.remember(m.take_number(4)); }},
    {0x94, [](Machine& m) { m.remember_next(); }},
    {'h', [](Machine& m) { m.recall(m.take_number(1)); }},
    {'j', [](Machine& m) { m.recall(m.take_number(4)); }},
    {0x80, [](Machine& m) { m.check_protocol(); }},
    {0x95, [](Machine& m) { m.check_frame(); }},
    {'.', [](Machine& m) { m.stop(); }},
    // All that Python would look up or call.
    {'c', name_from_lines},
    {0x93, [](Machine& m) { m.push_name_from_stack(); }},
    {'R', [](Machine& m) { m.call(); }},
    {'b', [](Machine& m) { m.build(); }},
    {'Q', [](Machine& m) { m.push_persistent(); }},
    {'i', instance_from_lines},
    {'o', [](Machine& m) { m.refuse_object_since_mark(); }},
    {0x81, [](Machine& m) { m.refuse_instance(1); }},
    {0x92, [](Machine& m) { m.refuse_instance(2); }},
    {0x82, [](Machine& m) { refuse_extension(m, 1); }},
    {0x83, [](Machine& m) { refuse_extension(m, 2); }},
    {0x84, [](Machine& m) { refuse_extension(m, 4); }},
};

using OpcodeTable = std::array<void (*)(Machine&), 256>;
constexpr OpcodeTable kByCode = [] {
  OpcodeTable table{};
  for (const Opcode& opcode : kOpcodes) table[opcode.code] = opcode.run;
  return table;
}();

std::string in_hexadecimal(std::uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return std::string("0x") + kDigits[byte >> 4U] + kDigits[byte & 15U];
}

}  // namespace

Pickle read_pickle(std::span<const std::uint8_t> bytes, std::span<const AllowedName> allowed) {
  Machine machine(bytes, allowed);
  while (!machine.is_finished()) {
    const std::uint8_t code = machine.take_opcode();
    if (kByCode[code] == nullptr) {
      throw machine.wrong("opcode " + in_hexadecimal(code) + " is none that torch.save writes");
    }
    kByCode[code](machine);
  }
  return std::move(machine).finish();
}

const PickleValue* PickleValue::find(std::string_view key) const {
  const PickleValue* found = nullptr;
  if (!is(Kind::kDict)) return found;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is(Kind::kText) && items[i]->text == key) found = items[i + 1];
  }
  return found;
}

std::string_view describe(PickleValue::Kind kind) {
  switch (kind) {
    case Kind::kNone:
      return "None";
    case Kind::kBool:
      return "a bool";
    case Kind::kInteger:
    case Kind::kLongInteger:
      return "an integer";
    case Kind::kReal:
      return "a float";
    case Kind::kText:
      return "text";
    case Kind::kBytes:
      return "bytes";
    case Kind::kTuple:
      return "a tuple";
    case Kind::kList:
      return "a list";
    case Kind::kSet:
      return "a set";
    case Kind::kDict:
      return "a dict";
    case Kind::kName:
      return "a class";
    case Kind::kCall:
      return "an object";
    case Kind::kPersistent:
      return "a storage";
  }
  return "a value";
}

}  // namespace ferv::weights

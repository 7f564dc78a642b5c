// SPDX-License-Identifier: Apache-2.0
#include "pickle_reader.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <stdexcept>

#include "printable.h"

namespace ferv::weights {
namespace {

using Kind = PickleValue::Kind;

/// A checkpoint with 100 000 tensors makes about two million values.
constexpr std::size_t kValueLimit = 4'000'000;
constexpr std::size_t kStackLimit = 1'000'000;
constexpr std::size_t kMarkLimit = 1'000;
constexpr std::size_t kNameLimit = 1'000;
constexpr std::uint8_t kNewestProtocol = 5;

std::string byte_text(std::uint8_t byte) {
  constexpr char kDigits[] = "0123456789abcdef";
  return std::string("0x") + kDigits[byte >> 4U] + kDigits[byte & 15U];
}

/// The stack machine that a pickle is a program for.
class Machine {
 public:
  Machine(std::span<const std::uint8_t> bytes, std::span<const AllowedName> allowed)
      : bytes_(bytes), allowed_(allowed) {}

  Pickle run() {
    while (pickle_.root == nullptr) {
      opcode_at_ = at_;
      const std::uint8_t opcode = take(1)[0];
      if (!run_scalar(opcode) && !run_container(opcode) && !run_stack(opcode) && !run_object(opcode)) {
        throw wrong("opcode " + byte_text(opcode) + " is none that torch.save writes");
      }
    }
    pickle_.size = at_;
    return std::move(pickle_);
  }

 private:
  // Each of the four takes the opcodes of one group and says whether this was one.
  bool run_scalar(std::uint8_t opcode);
  bool run_container(std::uint8_t opcode);
  bool run_stack(std::uint8_t opcode);
  bool run_object(std::uint8_t opcode);

  [[nodiscard]] std::runtime_error wrong(const std::string& what) const {
    return std::runtime_error("pickle, byte " + std::to_string(opcode_at_) + ": " + what);
  }
  [[nodiscard]] std::runtime_error refused(const std::string& name) const {
    return wrong("would call '" + printable(name) +
                 "', which is refused; wanted tensors and plain data only, as in "
                 "torch.save(model.state_dict(), ...)");
  }

  std::span<const std::uint8_t> take(std::uint64_t size);
  std::uint64_t take_number(std::size_t size);
  std::string take_line();

  PickleValue& make(Kind kind, std::size_t item_count = 0);
  void push(PickleValue* value);
  PickleValue* pop();
  PickleValue& top(Kind wanted, Kind also);
  std::vector<const PickleValue*> pop_to_mark();
  void push_text(Kind kind, std::uint64_t size);
  void push_long(std::uint64_t size);
  void push_sequence(Kind kind, std::vector<const PickleValue*> items);
  void push_last(std::size_t count);
  void add_pairs(std::vector<const PickleValue*> items);

  void remember(std::uint64_t index);
  void recall(std::uint64_t index);

  const AllowedName& allowed_name(const std::string& name) const;
  void push_name(const std::string& module, const std::string& name);
  void call();
  void fill_mapping(PickleValue& dict, const PickleValue& arguments);
  void build();
  [[noreturn]] void refuse_instance(std::size_t class_depth);

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

std::span<const std::uint8_t> Machine::take(std::uint64_t size) {
  if (size > bytes_.size() - at_) {
    throw wrong("wants " + std::to_string(size) + " bytes more, " + std::to_string(bytes_.size() - at_) +
                " are left");
  }
  const auto taken = bytes_.subspan(at_, size);
  at_ += size;
  return taken;
}

/// Little-endian, of up to 8 bytes.
std::uint64_t Machine::take_number(std::size_t size) {
  const auto taken = take(size);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number |= std::uint64_t{taken[i]} << 8 * i;
  return number;
}

std::string Machine::take_line() {
  const auto rest = bytes_.subspan(at_, std::min(bytes_.size() - at_, kNameLimit));
  const auto end = std::find(rest.begin(), rest.end(), '\n');
  if (end == rest.end()) throw wrong("a name has no end within " + std::to_string(rest.size()) + " bytes");
  at_ += static_cast<std::size_t>(end - rest.begin()) + 1;
  return {rest.begin(), end};
}

/// Counts items that no opcode of their own put there, too: else a short pickle could copy a long list often.
PickleValue& Machine::make(Kind kind, std::size_t item_count) {
  made_ += 1 + item_count;
  if (made_ > kValueLimit) throw wrong("more than " + std::to_string(kValueLimit) + " values");
  pickle_.values.emplace_back();
  pickle_.values.back().kind = kind;
  return pickle_.values.back();
}

void Machine::push(PickleValue* value) {
  if (stack_.size() >= kStackLimit) throw wrong("more than " + std::to_string(kStackLimit) + " on the stack");
  stack_.push_back(value);
}

PickleValue* Machine::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) throw wrong("the stack is empty");
  PickleValue* value = stack_.back();
  stack_.pop_back();
  return value;
}

/// The top of the stack, which must be of one of two kinds.
PickleValue& Machine::top(Kind wanted, Kind also) {
  push(pop());  // checks that there is one
  PickleValue& value = *stack_.back();
  if (!value.is(wanted) && !value.is(also)) {
    throw wrong("adds to " + std::string(describe(value.kind)) + ", wanted " + std::string(describe(wanted)));
  }
  return value;
}

std::vector<const PickleValue*> Machine::pop_to_mark() {
  if (marks_.empty()) throw wrong("there is no mark on the stack");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<const PickleValue*> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

void Machine::push_text(Kind kind, std::uint64_t size) {
  const auto taken = take(size);
  PickleValue& value = make(kind);
  value.text.assign(taken.begin(), taken.end());
  push(&value);
}

void Machine::push_long(std::uint64_t size) {
  const auto taken = take(size);
  if (size > 8) {
    PickleValue& value = make(Kind::kLongInteger);
    value.text.assign(taken.begin(), taken.end());
    push(&value);
    return;
  }
  std::uint64_t number = size > 0 && taken[size - 1] >= 0x80 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = size; i-- > 0;) number = number << 8U | taken[i];
  PickleValue& value = make(Kind::kInteger);
  value.integer = static_cast<std::int64_t>(number);
  push(&value);
}

void Machine::push_sequence(Kind kind, std::vector<const PickleValue*> items) {
  PickleValue& value = make(kind);
  value.items = std::move(items);
  push(&value);
}

/// A tuple of the `count` values on top.
void Machine::push_last(std::size_t count) {
  std::vector<const PickleValue*> items(count);
  for (std::size_t i = count; i-- > 0;) items[i] = pop();
  push_sequence(Kind::kTuple, std::move(items));
}

void Machine::add_pairs(std::vector<const PickleValue*> items) {
  if (items.size() % 2 != 0) throw wrong("a key has no value");
  PickleValue& dict = top(Kind::kDict, Kind::kDict);
  dict.items.insert(dict.items.end(), items.begin(), items.end());
}

bool Machine::run_scalar(std::uint8_t opcode) {
  const auto push_integer = [&](Kind kind, std::int64_t number) {
    PickleValue& value = make(kind);
    value.integer = number;
    push(&value);
  };
  switch (opcode) {
    case 'N':
      push(&make(Kind::kNone));
      return true;
    case 0x88:
      push_integer(Kind::kBool, 1);
      return true;
    case 0x89:
      push_integer(Kind::kBool, 0);
      return true;
    case 'K':
      push_integer(Kind::kInteger, static_cast<std::int64_t>(take_number(1)));
      return true;
    case 'M':
      push_integer(Kind::kInteger, static_cast<std::int64_t>(take_number(2)));
      return true;
    case 'J':
      push_integer(Kind::kInteger, static_cast<std::int32_t>(take_number(4)));
      return true;
    case 0x8a:
      push_long(take_number(1));
      return true;
    case 0x8b:
      push_long(take_number(4));
      return true;
    case 'G': {
      const auto taken = take(8);
      std::uint64_t bits = 0;
      for (const std::uint8_t byte : taken) bits = bits << 8U | byte;
      PickleValue& value = make(Kind::kReal);
      value.real = std::bit_cast<double>(bits);
      push(&value);
      return true;
    }
    // Python 2 wrote its names as byte strings ('T', 'U'): text to us.
    case 'U':
    case 0x8c:
      push_text(Kind::kText, take_number(1));
      return true;
    case 'T':
    case 'X':
      push_text(Kind::kText, take_number(4));
      return true;
    case 0x8d:
      push_text(Kind::kText, take_number(8));
      return true;
    case 'C':
      push_text(Kind::kBytes, take_number(1));
      return true;
    case 'B':
      push_text(Kind::kBytes, take_number(4));
      return true;
    case 0x8e:
    case 0x96:
      push_text(Kind::kBytes, take_number(8));
      return true;
    default:
      return false;
  }
}

bool Machine::run_container(std::uint8_t opcode) {
  switch (opcode) {
    case ']':
      push_sequence(Kind::kList, {});
      return true;
    case '}':
      push_sequence(Kind::kDict, {});
      return true;
    case ')':
      push_sequence(Kind::kTuple, {});
      return true;
    case 0x8f:
      push_sequence(Kind::kSet, {});
      return true;
    case 'l':
      push_sequence(Kind::kList, pop_to_mark());
      return true;
    case 't':
      push_sequence(Kind::kTuple, pop_to_mark());
      return true;
    case 0x91:
      push_sequence(Kind::kSet, pop_to_mark());
      return true;
    case 'd': {
      std::vector<const PickleValue*> items = pop_to_mark();
      push_sequence(Kind::kDict, {});
      add_pairs(std::move(items));
      return true;
    }
    case 0x85:
      push_last(1);
      return true;
    case 0x86:
      push_last(2);
      return true;
    case 0x87:
      push_last(3);
      return true;
    case 'a': {
      const PickleValue* item = pop();
      top(Kind::kList, Kind::kList).items.push_back(item);
      return true;
    }
    case 'e':
    case 0x90: {
      const std::vector<const PickleValue*> added = pop_to_mark();
      PickleValue& target = top(Kind::kList, Kind::kSet);
      target.items.insert(target.items.end(), added.begin(), added.end());
      return true;
    }
    case 's': {
      const PickleValue* value = pop();
      const PickleValue* key = pop();
      add_pairs({key, value});
      return true;
    }
    case 'u':
      add_pairs(pop_to_mark());
      return true;
    default:
      return false;
  }
}

/// A pickler numbers what it remembers from 0 on, so no index can exceed the size of the pickle or the number
/// of values.
void Machine::remember(std::uint64_t index) {
  if (index >= std::min(bytes_.size(), kValueLimit)) {
    throw wrong("memo index " + std::to_string(index) + " in " + std::to_string(bytes_.size()) + " bytes");
  }
  push(pop());
  if (index >= memo_.size()) memo_.resize(index + 1, nullptr);
  memo_[index] = stack_.back();
}

void Machine::recall(std::uint64_t index) {
  if (index >= memo_.size() || memo_[index] == nullptr) {
    throw wrong("memo has nothing at index " + std::to_string(index));
  }
  push(memo_[index]);
}

bool Machine::run_stack(std::uint8_t opcode) {
  switch (opcode) {
    case '(':
      if (marks_.size() >= kMarkLimit) throw wrong("more than " + std::to_string(kMarkLimit) + " open marks");
      marks_.push_back(stack_.size());
      return true;
    case '0':
      (void)pop();
      return true;
    case '1':
      (void)pop_to_mark();
      return true;
    case '2': {
      PickleValue* value = pop();
      push(value);
      push(value);
      return true;
    }
    case 'q':
      remember(take_number(1));
      return true;
    case 'r':
      remember(take_number(4));
      return true;
    case 0x94:
      remember(memo_.size());
      return true;
    case 'h':
      recall(take_number(1));
      return true;
    case 'j':
      recall(take_number(4));
      return true;
    case 0x80: {
      const std::uint64_t protocol = take_number(1);
      if (protocol < 2 || protocol > kNewestProtocol) {
        throw wrong("protocol " + std::to_string(protocol) + ", wanted 2 to 5");
      }
      return true;
    }
    case 0x95: {
      const std::uint64_t size = take_number(8);
      if (size > bytes_.size() - at_) {
        throw wrong("a frame of " + std::to_string(size) + " bytes, " + std::to_string(bytes_.size() - at_) +
                    " are left");
      }
      return true;
    }
    case '.':
      pickle_.root = pop();
      if (!stack_.empty() || !marks_.empty()) throw wrong("ends with more than one value on the stack");
      return true;
    default:
      return false;
  }
}

const AllowedName& Machine::allowed_name(const std::string& name) const {
  const auto found =
      std::find_if(allowed_.begin(), allowed_.end(), [&](const AllowedName& a) { return a.name == name; });
  if (found == allowed_.end()) throw refused(name);
  return *found;
}

void Machine::push_name(const std::string& module, const std::string& name) {
  PickleValue& value = make(Kind::kName);
  value.text = allowed_name(module + "." + name).name;
  push(&value);
}

void Machine::call() {
  const PickleValue& arguments = *pop();
  const PickleValue& callee = *pop();
  if (!callee.is(Kind::kName)) throw wrong("calls " + std::string(describe(callee.kind)));
  if (!arguments.is(Kind::kTuple)) {
    throw wrong("calls '" + callee.text + "' with " + std::string(describe(arguments.kind)) +
                ", wanted a tuple");
  }
  const NameUse use = allowed_name(callee.text).use;
  if (use == NameUse::kMention) throw refused(callee.text);
  PickleValue& value = make(use == NameUse::kMapping ? Kind::kDict : Kind::kCall, arguments.items.size());
  value.text = callee.text;
  if (use == NameUse::kMapping) {
    fill_mapping(value, arguments);
  } else {
    value.items = arguments.items;
  }
  push(&value);
}

/// OrderedDict(), OrderedDict([(key, value), ...]) of Python 2, Counter({key: value}).
void Machine::fill_mapping(PickleValue& dict, const PickleValue& arguments) {
  if (arguments.items.empty()) return;
  const PickleValue& content = *arguments.items.front();
  if (arguments.items.size() > 1 || !(content.is(Kind::kList) || content.is(Kind::kDict))) {
    throw wrong("calls '" + dict.text + "' with arguments that it does not take");
  }
  made_ += 2 * content.items.size();
  if (made_ > kValueLimit) throw wrong("more than " + std::to_string(kValueLimit) + " values");
  if (content.is(Kind::kDict)) {
    dict.items = content.items;
    return;
  }
  for (const PickleValue* pair : content.items) {
    if (!(pair->is(Kind::kList) || pair->is(Kind::kTuple)) || pair->items.size() != 2) {
      throw wrong("calls '" + dict.text + "' with a list of other things than pairs");
    }
    dict.items.insert(dict.items.end(), pair->items.begin(), pair->items.end());
  }
}

/// torch.save hangs a module's `_metadata` on the OrderedDict of its state; it is of no use to us. All other
/// objects would run their own __setstate__.
void Machine::build() {
  (void)pop();
  PickleValue& target = *pop();
  if (!target.is(Kind::kDict) || target.text.empty()) {
    throw refused((target.text.empty() || target.is(Kind::kText) || target.is(Kind::kBytes)
                       ? std::string(describe(target.kind))
                       : target.text) +
                  ".__setstate__");
  }
  push(&target);
}

/// `class_depth`: how far the class lies below the top of the stack.
void Machine::refuse_instance(std::size_t class_depth) {
  if (class_depth >= stack_.size()) throw wrong("the stack is empty");
  const PickleValue& type = *stack_[stack_.size() - 1 - class_depth];
  throw refused((type.is(Kind::kName) ? type.text : std::string(describe(type.kind))) + ".__new__");
}

bool Machine::run_object(std::uint8_t opcode) {
  switch (opcode) {
    case 'c': {
      const std::string module = take_line();
      push_name(module, take_line());
      return true;
    }
    case 0x93: {
      const PickleValue& name = *pop();
      const PickleValue& module = *pop();
      if (!name.is(Kind::kText) || !module.is(Kind::kText)) throw wrong("a name is not text");
      push_name(module.text, name.text);
      return true;
    }
    case 'i': {
      const std::string module = take_line();
      throw refused(module + "." + take_line());
    }
    case 'o': {
      const std::vector<const PickleValue*> items = pop_to_mark();
      throw refused(items.empty() || !items[0]->is(Kind::kName) ? "an object" : items[0]->text);
    }
    case 0x81:
      refuse_instance(1);
    case 0x92:
      refuse_instance(2);
    case 0x82:
      throw refused("copyreg extension " + std::to_string(take_number(1)));
    case 0x83:
      throw refused("copyreg extension " + std::to_string(take_number(2)));
    case 0x84:
      throw refused("copyreg extension " + std::to_string(take_number(4)));
    case 'R':
      call();
      return true;
    case 'b':
      build();
      return true;
    case 'Q': {
      const PickleValue* id = pop();
      push_sequence(Kind::kPersistent, {id});
      pickle_.persistent.push_back(stack_.back());
      return true;
    }
    default:
      return false;
  }
}

}  // namespace

const PickleValue* PickleValue::find(std::string_view key) const {
  const PickleValue* found = nullptr;
  if (!is(Kind::kDict)) return found;
  for (std::size_t i = 0; i + 1 < items.size(); i += 2) {
    if (items[i]->is(Kind::kText) && items[i]->text == key) found = items[i + 1];
  }
  return found;
}

Pickle read_pickle(std::span<const std::uint8_t> bytes, std::span<const AllowedName> allowed) {
  return Machine(bytes, allowed).run();
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

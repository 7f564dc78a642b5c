// SPDX-License-Identifier: Apache-2.0
#include "pickle_machine.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "printable.h"

namespace ferv::weights {
namespace {

/// A checkpoint with 100 000 tensors makes about two million values.
constexpr std::size_t kValueLimit = 4'000'000;
constexpr std::size_t kStackLimit = 1'000'000;
constexpr std::size_t kMarkLimit = 1'000;
constexpr std::size_t kNameLimit = 1'000;
constexpr std::uint8_t kNewestProtocol = 5;

}  // namespace

std::uint8_t PickleMachine::take_opcode() {
  opcode_at_ = at_;
  return take(1)[0];
}

Pickle PickleMachine::finish() && {
  pickle_.size = at_;
  return std::move(pickle_);
}

std::runtime_error PickleMachine::wrong(const std::string& what) const {
  return std::runtime_error("pickle, byte " + std::to_string(opcode_at_) + ": " + what);
}

std::runtime_error PickleMachine::refused(const std::string& name) const {
  return wrong("would call '" + printable(name) +
               "', which is refused; wanted tensors and plain data only, as in "
               "torch.save(model.state_dict(), ...)");
}

std::span<const std::uint8_t> PickleMachine::take(std::uint64_t size) {
  if (size > bytes_.size() - at_) {
    throw wrong("wants " + std::to_string(size) + " bytes more, " + std::to_string(bytes_.size() - at_) +
                " are left");
  }
  const auto taken = bytes_.subspan(at_, size);
  at_ += size;
  return taken;
}

std::uint64_t PickleMachine::take_number(std::size_t size) {
  const auto taken = take(size);
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number |= std::uint64_t{taken[i]} << 8 * i;
  return number;
}

std::string PickleMachine::take_line() {
  const auto rest = bytes_.subspan(at_, std::min(bytes_.size() - at_, kNameLimit));
  const auto end = std::find(rest.begin(), rest.end(), '\n');
  if (end == rest.end()) throw wrong("a name has no end within " + std::to_string(rest.size()) + " bytes");
  at_ += static_cast<std::size_t>(end - rest.begin()) + 1;
  return {rest.begin(), end};
}

/// Counts items that no opcode of their own put there, too: else a short pickle could copy a long list often.
PickleValue& PickleMachine::make(Kind kind, std::size_t item_count) {
  made_ += 1 + item_count;
  if (made_ > kValueLimit) throw wrong("more than " + std::to_string(kValueLimit) + " values");
  pickle_.values.emplace_back();
  pickle_.values.back().kind = kind;
  return pickle_.values.back();
}

void PickleMachine::push(PickleValue* value) {
  if (stack_.size() >= kStackLimit) throw wrong("more than " + std::to_string(kStackLimit) + " on the stack");
  stack_.push_back(value);
}

PickleValue* PickleMachine::pop() {
  if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) throw wrong("the stack is empty");
  PickleValue* value = stack_.back();
  stack_.pop_back();
  return value;
}

/// The top of the stack, which must be of one of two kinds.
PickleValue& PickleMachine::top(Kind wanted, Kind also) {
  push(pop());  // checks that there is one
  PickleValue& value = *stack_.back();
  if (!value.is(wanted) && !value.is(also)) {
    throw wrong("adds to " + std::string(describe(value.kind)) + ", wanted " + std::string(describe(wanted)));
  }
  return value;
}

std::vector<const PickleValue*> PickleMachine::pop_to_mark() {
  if (marks_.empty()) throw wrong("there is no mark on the stack");
  const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
  std::vector<const PickleValue*> items(begin, stack_.end());
  stack_.erase(begin, stack_.end());
  marks_.pop_back();
  return items;
}

void PickleMachine::push_text(Kind kind, std::uint64_t size) {
  const auto taken = take(size);
  PickleValue& value = make(kind);
  value.text.assign(taken.begin(), taken.end());
  push(&value);
}

void PickleMachine::push_long(std::uint64_t size) {
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

void PickleMachine::push_items(Kind kind, std::vector<const PickleValue*> items) {
  PickleValue& value = make(kind);
  value.items = std::move(items);
  push(&value);
}

void PickleMachine::push_tuple(std::size_t count) {
  std::vector<const PickleValue*> items(count);
  for (std::size_t i = count; i-- > 0;) items[i] = pop();
  push_items(Kind::kTuple, std::move(items));
}

void PickleMachine::push_none() {
  push(&make(Kind::kNone));
}

void PickleMachine::push_integer(Kind kind, std::int64_t number) {
  PickleValue& value = make(kind);
  value.integer = number;
  push(&value);
}

/// The one number that a pickle holds with its first byte first.
void PickleMachine::push_real() {
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : take(8)) bits = bits << 8U | byte;
  PickleValue& value = make(Kind::kReal);
  value.real = std::bit_cast<double>(bits);
  push(&value);
}

void PickleMachine::push_persistent() {
  push_items(Kind::kPersistent, {pop()});
  pickle_.persistent.push_back(stack_.back());
}

void PickleMachine::append(const std::vector<const PickleValue*>& items) {
  PickleValue& target = top(Kind::kList, Kind::kSet);
  target.items.insert(target.items.end(), items.begin(), items.end());
}

void PickleMachine::set_item() {
  const PickleValue* value = pop();
  const PickleValue* key = pop();
  set_items({key, value});
}

void PickleMachine::set_items(const std::vector<const PickleValue*>& items) {
  if (items.size() % 2 != 0) throw wrong("a key has no value");
  PickleValue& dict = top(Kind::kDict, Kind::kDict);
  dict.items.insert(dict.items.end(), items.begin(), items.end());
}

void PickleMachine::check_protocol() {
  const std::uint64_t protocol = take_number(1);
  if (protocol < 2 || protocol > kNewestProtocol) {
    throw wrong("protocol " + std::to_string(protocol) + ", wanted 2 to 5");
  }
}

void PickleMachine::check_frame() {
  const std::uint64_t size = take_number(8);
  if (size > bytes_.size() - at_) {
    throw wrong("a frame of " + std::to_string(size) + " bytes, " + std::to_string(bytes_.size() - at_) +
                " are left");
  }
}

void PickleMachine::mark() {
  if (marks_.size() >= kMarkLimit) throw wrong("more than " + std::to_string(kMarkLimit) + " open marks");
  marks_.push_back(stack_.size());
}

void PickleMachine::duplicate() {
  PickleValue* value = pop();
  push(value);
  push(value);
}

void PickleMachine::stop() {
  pickle_.root = pop();
  if (!stack_.empty() || !marks_.empty()) throw wrong("ends with more than one value on the stack");
}

/// A pickler numbers what it remembers from 0 on, so no index can exceed the size of the pickle or the number
/// of values.
void PickleMachine::remember(std::uint64_t index) {
  if (index >= std::min(bytes_.size(), kValueLimit)) {
    throw wrong("memo index " + std::to_string(index) + " in " + std::to_string(bytes_.size()) + " bytes");
  }
  push(pop());
  if (index >= memo_.size()) memo_.resize(index + 1, nullptr);
  memo_[index] = stack_.back();
}

void PickleMachine::recall(std::uint64_t index) {
  if (index >= memo_.size() || memo_[index] == nullptr) {
    throw wrong("memo has nothing at index " + std::to_string(index));
  }
  push(memo_[index]);
}

const AllowedName& PickleMachine::allowed_name(const std::string& name) const {
  const auto found =
      std::find_if(allowed_.begin(), allowed_.end(), [&](const AllowedName& a) { return a.name == name; });
  if (found == allowed_.end()) throw refused(name);
  return *found;
}

void PickleMachine::push_name(const std::string& module, const std::string& name) {
  PickleValue& value = make(Kind::kName);
  value.text = allowed_name(module + "." + name).name;
  push(&value);
}

void PickleMachine::call() {
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
void PickleMachine::fill_mapping(PickleValue& dict, const PickleValue& arguments) {
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
void PickleMachine::build() {
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
void PickleMachine::refuse_instance(std::size_t class_depth) {
  if (class_depth >= stack_.size()) throw wrong("the stack is empty");
  const PickleValue& type = *stack_[stack_.size() - 1 - class_depth];
  throw refused((type.is(Kind::kName) ? type.text : std::string(describe(type.kind))) + ".__new__");
}

void PickleMachine::push_name_from_stack() {
  const PickleValue& name = *pop();
  const PickleValue& module = *pop();
  if (!name.is(Kind::kText) || !module.is(Kind::kText)) throw wrong("a name is not text");
  push_name(module.text, name.text);
}

void PickleMachine::refuse_object_since_mark() {
  const std::vector<const PickleValue*> items = pop_to_mark();
  throw refused(items.empty() || !items[0]->is(Kind::kName) ? "an object" : items[0]->text);
}

}  // namespace ferv::weights

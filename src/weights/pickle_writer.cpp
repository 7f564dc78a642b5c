// SPDX-License-Identifier: Apache-2.0
#include "pickle_writer.h"

#include <limits>
#include <utility>

#include "ferv/base/error.h"

namespace ferv::weights {

PickleWriter::PickleWriter() : bytes_("\x80\x02") {}

/// Little-endian.
void PickleWriter::number(std::uint64_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> 8 * i & 0xffU);
}

void PickleWriter::name(std::string_view module, std::string_view name) {
  bytes_ += 'c';
  bytes_.append(module).append("\n").append(name).append("\n");
}

void PickleWriter::text(std::string_view text) {
  if (text.size() > std::numeric_limits<std::uint32_t>::max()) {
    throw unsupported("text of " + std::to_string(text.size()) + " bytes in a pickle, wanted below 4 GiB");
  }
  bytes_ += 'X';
  number(text.size(), 4);
  bytes_ += text;
}

void PickleWriter::integer(std::int64_t value) {
  const auto bits = static_cast<std::uint64_t>(value);
  if (value >= std::numeric_limits<std::int32_t>::min() &&
      value <= std::numeric_limits<std::int32_t>::max()) {
    bytes_ += 'J';
    number(bits, 4);
  } else {
    bytes_ += "\x8a\x08";
    number(bits, 8);
  }
}

void PickleWriter::boolean(bool value) {
  bytes_ += value ? '\x88' : '\x89';
}

void PickleWriter::integers(const std::vector<std::int64_t>& values) {
  mark();
  for (const std::int64_t value : values) integer(value);
  tuple_since_mark();
}

void PickleWriter::mark() {
  bytes_ += '(';
}

void PickleWriter::tuple_since_mark() {
  bytes_ += 't';
}

void PickleWriter::call() {
  bytes_ += 'R';
}

void PickleWriter::persistent_id() {
  bytes_ += 'Q';
}

void PickleWriter::set_items_since_mark() {
  bytes_ += 'u';
}

void PickleWriter::call_without_arguments() {
  bytes_ += ")R";
}

std::string PickleWriter::finish() && {
  bytes_ += '.';
  return std::move(bytes_);
}

}  // namespace ferv::weights

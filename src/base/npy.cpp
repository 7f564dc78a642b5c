// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/npy.h"

#include <cctype>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv {
namespace {

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr std::size_t kHeaderLimit = 65536;
constexpr std::size_t kDimensionLimit = 16;

/// The text after `'key':` in the header, which is the literal of a Python dict.
std::optional<std::string_view> value_of(std::string_view header, std::string_view key) {
  const std::string quoted = "'" + std::string(key) + "':";
  const std::size_t at = header.find(quoted);
  if (at == std::string_view::npos) return std::nullopt;
  std::string_view rest = header.substr(at + quoted.size());
  while (!rest.empty() && rest.front() == ' ') rest.remove_prefix(1);
  return rest;
}

std::vector<std::int64_t> parse_shape(std::string_view text, const std::filesystem::path& path) {
  std::vector<std::int64_t> shape;
  if (text.empty() || text.front() != '(') throw corrupt_data(path, ".npy header has no shape tuple");
  std::size_t i = 1;
  while (i < text.size() && text[i] != ')') {
    if (std::isdigit(static_cast<unsigned char>(text[i])) != 0) {
      std::int64_t value = 0;
      while (i < text.size() && std::isdigit(static_cast<unsigned char>(text[i])) != 0) {
        if (value > (std::int64_t{1} << 40)) throw corrupt_data(path, ".npy dimension is too large");
        value = value * 10 + (text[i++] - '0');
      }
      shape.push_back(value);
      if (shape.size() > kDimensionLimit) throw corrupt_data(path, ".npy has more than 16 dimensions");
    } else if (text[i] == ',' || text[i] == ' ') {
      ++i;
    } else {
      throw corrupt_data(path, ".npy shape is not a tuple of numbers");
    }
  }
  if (i == text.size()) throw corrupt_data(path, ".npy shape tuple has no end");
  return shape;
}

}  // namespace

NpyArray parse_npy(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
  const std::string_view all(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  if (all.size() < 10 || all.substr(0, 6) != kMagic)
    throw corrupt_data(path, "is no .npy file (wrong first bytes)");
  const int major = bytes[6];
  if (major < 1 || major > 3)
    throw corrupt_data(path, ".npy version " + std::to_string(major) + ", wanted 1 to 3");
  std::size_t header_size = bytes[8] | (std::size_t{bytes[9]} << 8);
  std::size_t header_begin = 10;
  if (major >= 2) {
    if (all.size() < 12) throw corrupt_data(path, ".npy header is cut short");
    header_size |= (std::size_t{bytes[10]} << 16) | (std::size_t{bytes[11]} << 24);
    header_begin = 12;
  }
  if (header_size > kHeaderLimit || header_begin + header_size > all.size()) {
    throw corrupt_data(path,
                       ".npy header is cut short or too long (" + std::to_string(header_size) + " bytes)");
  }
  const std::string_view header = all.substr(header_begin, header_size);
  const auto descr = value_of(header, "descr");
  if (!descr || descr->substr(0, 5) != "'<f4'") {
    const std::string_view found = descr.value_or("missing");
    throw corrupt_data(path, ".npy dtype is " + std::string(found.substr(0, found.find(',')).substr(0, 16)) +
                                 ", wanted '<f4' (float32)");
  }
  const auto order = value_of(header, "fortran_order");
  if (!order || order->substr(0, 5) != "False")
    throw corrupt_data(path, ".npy is in Fortran order, wanted C order");
  const auto shape_text = value_of(header, "shape");
  if (!shape_text) throw corrupt_data(path, ".npy header has no shape");

  NpyArray array;
  array.shape = parse_shape(*shape_text, path);
  const std::size_t payload = all.size() - header_begin - header_size;
  std::size_t count = 1;
  for (const std::int64_t dimension : array.shape) {
    // Compared before multiplying: the product cannot overflow while it is at most the payload.
    if (dimension != 0 && count > payload / static_cast<std::size_t>(dimension)) {
      throw corrupt_data(path, ".npy shape needs more data than the file holds");
    }
    count *= static_cast<std::size_t>(dimension);
  }
  if (count * sizeof(float) != payload) {
    throw corrupt_data(path, ".npy holds " + std::to_string(payload) + " data bytes, its shape wants " +
                                 std::to_string(count * sizeof(float)));
  }
  array.values.resize(count);
  if (count > 0) std::memcpy(array.values.data(), all.data() + header_begin + header_size, payload);
  return array;
}

NpyArray read_npy(const std::filesystem::path& path) {
  return parse_npy(read_file(path), path);
}

void write_npy(const std::filesystem::path& path, const NpyArray& array) {
  std::size_t count = 1;
  std::string shape = "(";
  for (const std::int64_t dimension : array.shape) {
    count *= static_cast<std::size_t>(dimension);
    shape += std::to_string(dimension) + ",";
  }
  shape += ")";
  if (count != array.values.size()) {
    throw invalid_argument("array has " + std::to_string(array.values.size()) + " values, its shape wants " +
                           std::to_string(count));
  }
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': " + shape + ", }";
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header += '\n';
  std::string prefix(kMagic);
  prefix += {'\x01', '\x00', static_cast<char>(header.size() & 0xff), static_cast<char>(header.size() >> 8)};
  AtomicFile file(path);
  file.write(prefix + header);
  file.write(std::span(reinterpret_cast<const std::uint8_t*>(array.values.data()), count * sizeof(float)));
  file.commit();
}

}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/hash.h"

#include <xxhash.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <memory>
#include <vector>

#include "ferv/base/error.h"

namespace ferv {
namespace {

std::string to_hex(XXH128_hash_t hash) {
  char text[64];
  std::snprintf(text, sizeof text, "xxh3:%016llx%016llx", static_cast<unsigned long long>(hash.high64),
                static_cast<unsigned long long>(hash.low64));
  return text;
}

constexpr std::array<std::uint32_t, 256> make_crc32c_table() {
  constexpr std::uint32_t kCastagnoliReversed = 0x82F63B78U;
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t remainder = byte;
    for (int bit = 0; bit < 8; ++bit)
      remainder = (remainder >> 1U) ^ ((remainder & 1U) != 0 ? kCastagnoliReversed : 0U);
    table[byte] = remainder;
  }
  return table;
}

}  // namespace

std::uint64_t hash64(std::span<const std::uint8_t> bytes, std::uint64_t seed) {
  return XXH3_64bits_withSeed(bytes.data(), bytes.size(), seed);
}

std::uint64_t hash64(std::string_view text, std::uint64_t seed) {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

std::string hash_bytes(std::span<const std::uint8_t> bytes) {
  return to_hex(XXH3_128bits(bytes.data(), bytes.size()));
}

std::string hash_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    if (!std::filesystem::exists(path)) throw not_found(path, "a file");
    throw io_error(path, "cannot open", errno);
  }
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state(XXH3_createState(), &XXH3_freeState);
  XXH3_128bits_reset(state.get());
  std::vector<char> buffer(1 << 20);
  while (file.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || file.gcount() > 0) {
    XXH3_128bits_update(state.get(), buffer.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (file.bad()) throw io_error(path, "cannot read", errno);
  return to_hex(XXH3_128bits_digest(state.get()));
}

std::uint32_t crc32c(std::span<const std::uint8_t> bytes) {
  static constexpr std::array<std::uint32_t, 256> kTable = make_crc32c_table();
  std::uint32_t remainder = 0xFFFFFFFFU;
  for (const std::uint8_t byte : bytes) remainder = (remainder >> 8U) ^ kTable[(remainder ^ byte) & 0xFFU];
  return ~remainder;
}

}  // namespace ferv

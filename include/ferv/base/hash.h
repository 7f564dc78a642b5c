// SPDX-License-Identifier: Apache-2.0
// Content hashes (XXH3): fast, stable across machines, not for security. And the checksum of record files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ferv {

[[nodiscard]] std::uint64_t hash64(std::span<const std::uint8_t> bytes, std::uint64_t seed = 0);
[[nodiscard]] std::uint64_t hash64(std::string_view text, std::uint64_t seed = 0);

/// 32 hexadecimal digits of the file's 128-bit XXH3, prefixed "xxh3:". Throws kNotFound, kIo.
[[nodiscard]] std::string hash_file(const std::filesystem::path& path);

/// The same over bytes in memory.
[[nodiscard]] std::string hash_bytes(std::span<const std::uint8_t> bytes);

/// CRC-32C (Castagnoli), as iSCSI (RFC 3720) and TFRecord files have it. For what is small: a table, a byte
/// at a time.
[[nodiscard]] std::uint32_t crc32c(std::span<const std::uint8_t> bytes);

}  // namespace ferv

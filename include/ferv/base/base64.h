// SPDX-License-Identifier: Apache-2.0
// Bytes as text, for pages that carry their pictures and films with them.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace ferv {

/// Standard base64 with padding (RFC 4648).
[[nodiscard]] std::string encode_base64(std::span<const std::uint8_t> bytes);

}  // namespace ferv

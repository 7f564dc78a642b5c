// SPDX-License-Identifier: Apache-2.0
// The MS-Celeb-1M tables: identity in the first of seven columns, a base64 JPEG in the last.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/data/face_set.h"

namespace ferv::data {

/// True when the first line of the file has MS-Celeb-1M's seven columns.
[[nodiscard]] bool looks_like_face_tsv(const std::filesystem::path& path);

/// Fills `set` in one pass; see read_face_set().
void index_face_tsv(const std::filesystem::path& path, FaceSet& set);

/// Decodes standard base64 (RFC 4648) with its padding. Throws kCorruptData, calling the text `name`.
[[nodiscard]] std::vector<std::uint8_t> decode_base64(std::string_view text, const std::string& name);

/// Counts a line that cannot be used, and names it while there are few.
void note_damaged_line(FaceSet& set, std::uint64_t line_number, std::string_view reason);

}  // namespace ferv::data

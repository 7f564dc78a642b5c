// SPDX-License-Identifier: Apache-2.0
// Folders of pictures that appear whole or not at all.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

namespace ferv::media {

/// "00.jpg", "01.jpg" ...: the names in FERV39k's clip folders, [frame_count].
[[nodiscard]] std::vector<std::string> frame_names(int frame_count);

/// Writes a file without sync and rename; for folders that are renamed as a whole. Throws kIo.
void write_picture(const std::filesystem::path& path, std::span<const std::uint8_t> bytes);

/// True when `folder` holds the pictures `names`, each with JPEG's end marker, and nothing else.
[[nodiscard]] bool folder_is_complete(const std::filesystem::path& folder,
                                      std::span<const std::string> names);

/// Renames a finished folder; what was at `to` is removed. Throws kIo.
void move_into_place(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace ferv::media

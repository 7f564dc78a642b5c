// SPDX-License-Identifier: Apache-2.0
// The bytes of a pack, apart from files: header, parts, and the index of a part. See docs/file-formats.md.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"
#include "ferv/data/pack.h"

namespace ferv::data {

inline constexpr std::size_t kPartHeaderBytes = 48;

/// What the file's header says.
struct PackFacts {
  std::vector<std::string> classes;
  PackOptions options;
};

/// One clip in the index of a part.
struct PackedClip {
  Clip clip;
  std::uint64_t checksum = 0;              ///< XXH3 of all its frames' bytes
  std::vector<std::uint32_t> frame_bytes;  ///< [stream, frame], in the order in which they are stored
  std::uint64_t begin = 0;                 ///< of its first frame in the file
  [[nodiscard]] std::uint64_t byte_count() const;
};

struct PartHeader {
  std::uint32_t clip_count = 0;
  /// Clips in the file when the run that wrote this part is through: tells a cut between two parts.
  std::uint32_t planned_clip_count = 0;
  std::uint64_t index_bytes = 0;
  std::uint64_t data_bytes = 0;
  std::uint64_t index_hash = 0;
};

/// What was found in a file.
struct PackContents {
  PackFacts facts;
  std::vector<PackedClip> clips;
  std::uint64_t whole_bytes = 0;  ///< end of the last whole part: where appending goes on
  std::string warning;
};

[[nodiscard]] std::vector<std::uint8_t> encode_pack_header(const PackFacts& facts);
/// Header and index of one part; data follow. Fills nothing in but what `clips` hold.
[[nodiscard]] std::vector<std::uint8_t> encode_part(std::span<const PackedClip> clips,
                                                    std::size_t planned_clip_count);

[[nodiscard]] bool begins_as_pack(std::span<const std::uint8_t> bytes);
/// Reads all but the frames. `path` is for messages. Throws kCorruptData with the place.
[[nodiscard]] PackContents parse_pack(std::span<const std::uint8_t> bytes, const std::filesystem::path& path);

}  // namespace ferv::data

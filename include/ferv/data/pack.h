// SPDX-License-Identifier: Apache-2.0
// The packed store: a whole data set in one file, at training size, read by mapping it into memory.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/batch_loader.h"
#include "ferv/data/clip_index.h"
#include "ferv/data/frame_store.h"

namespace ferv::data {

/// How the frames of a pack are kept.
enum class PackEncoding : std::uint8_t {
  kJpeg,      ///< resized and encoded anew
  kRaw,       ///< resized, RGB pixels
  kOriginal,  ///< the bytes of the source's JPEG files
};

[[nodiscard]] std::string_view to_string(PackEncoding encoding) noexcept;  ///< "jpeg", "raw", "original"

struct PackOptions {
  PackEncoding encoding = PackEncoding::kJpeg;
  int size_px = 112;  ///< width and height of the frames; not used by kOriginal
  int jpeg_quality = 95;
  std::vector<Stream> streams = {Stream::kFace};  ///< kFace first; kScene and kFlow as the source has them
  int threads = 0;                                ///< 0 = all cores this process may use
};

struct PackSummary {
  std::size_t clips_written = 0;
  std::size_t clips_kept = 0;  ///< there from an earlier run
  std::size_t frames_written = 0;
  std::vector<BadClip> bad;  ///< clips that could not be read, in order of position; they are left out
  bool complete = false;     ///< false when asked to stop; the same call goes on
};

/// Writes the clips of `index` (folders, another pack or a tar) to `path`. Where there is a pack already,
/// clips that it lacks are appended: what is written is never changed again, so a stop or crash at any time
/// leaves a readable pack and the same call goes on. Throws kInvalidArgument for impossible options, or ones
/// that are not those of the pack there; kNotFound when the source lacks a stream; kCorruptData when `path`
/// is no pack; kIo.
[[nodiscard]] PackSummary write_pack(const ClipIndex& index, const std::filesystem::path& path,
                                     const PackOptions& options, const Observer& observer);

/// True for a file that begins as a pack does.
[[nodiscard]] bool is_pack(const std::filesystem::path& path);

/// A pack as a data set: its index with ClipIndex::store set, for BatchLoader and all else that takes an
/// index.
struct OpenedPack {
  ClipIndex index;
  PackOptions options;  ///< as it was written; threads is 0
  /// What is missing at the end ("" when nothing is): a truncated pack opens up to its last whole clip.
  std::string warning;
};

/// `setup` is "all", a scene or a scenario's short name, as in Ferv39kOptions. Throws kNotFound, kCorruptData
/// for a file that is no pack, an index that is damaged, or one that holds no clip. A damaged clip is found
/// when it is first read: kCorruptData with its name.
[[nodiscard]] OpenedPack open_pack(const std::filesystem::path& path, const std::string& setup = "all");

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <atomic>
#include <fstream>
#include <unordered_map>

#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/data/pack.h"
#include "mapped_file.h"
#include "pack_format.h"
#include "setup_filter.h"

namespace ferv::data {
namespace {

class Pack : public FrameStore {
 public:
  explicit Pack(const std::filesystem::path& path) : path_(path), file_(path) {}

  /// Keeps what frame() needs; the clips' names stay in the index alone.
  void adopt(const PackContents& contents) {
    options_ = contents.facts.options;
    entries_.reserve(contents.clips.size());
    for (const PackedClip& packed : contents.clips) {
      Entry entry;
      entry.checksum = packed.checksum;
      entry.begins.reserve(packed.frame_bytes.size() + 1);
      std::uint64_t begin = packed.begin;
      for (const std::uint32_t size : packed.frame_bytes) {
        entry.begins.push_back(begin);
        begin += size;
      }
      entry.begins.push_back(begin);
      by_id_.emplace(packed.clip.id, entries_.size());
      entries_.push_back(std::move(entry));
    }
    is_verified_ = std::vector<std::atomic<bool>>(entries_.size());
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return file_.bytes(); }

  [[nodiscard]] StoredFrame frame(const FrameAddress& address) const override {
    const auto found = by_id_.find(address.clip.id);
    const auto stream = std::find(options_.streams.begin(), options_.streams.end(), address.stream);
    if (found == by_id_.end() || stream == options_.streams.end()) {
      throw not_found(path_ / address.clip.id,
                      "a clip of the pack with stream " + std::string(to_string(address.stream)));
    }
    const Entry& entry = entries_[found->second];
    const std::size_t frame_count = (entry.begins.size() - 1) / options_.streams.size();
    const auto place = static_cast<std::size_t>(stream - options_.streams.begin()) * frame_count +
                       static_cast<std::size_t>(address.frame);
    if (address.frame < 0 || static_cast<std::size_t>(address.frame) >= frame_count)
      throw not_found(path_ / address.clip.id, "frame " + std::to_string(address.frame));
    verify(entry, found->second, address.clip.id);
    StoredFrame frame;
    frame.bytes = file_.bytes().subspan(entry.begins[place], entry.begins[place + 1] - entry.begins[place]);
    frame.name = (path_ / address.clip.id).string() + " " + std::string(to_string(address.stream)) +
                 " frame " + std::to_string(address.frame);
    if (options_.encoding == PackEncoding::kRaw) {
      frame.raw_size_px = options_.size_px;
      const auto size = static_cast<std::size_t>(options_.size_px);
      if (frame.bytes.size() != size * size * 3) {
        throw Error(ErrorKind::kCorruptData, frame.name + ": has " + std::to_string(frame.bytes.size()) +
                                                 " bytes, wanted " + std::to_string(size * size * 3));
      }
    }
    return frame;
  }

 private:
  struct Entry {
    std::uint64_t checksum = 0;
    std::vector<std::uint64_t> begins;  ///< of each frame, [stream, frame], and the end of the last
  };

  /// Once a clip and opening: later reads trust the memory.
  void verify(const Entry& entry, std::size_t number, const std::string& id) const {
    if (is_verified_[number].load(std::memory_order_relaxed)) return;
    const std::uint64_t begin = entry.begins.front();
    if (hash64(file_.bytes().subspan(begin, entry.begins.back() - begin)) != entry.checksum)
      throw corrupt_data(path_ / id,
                         "the clip's bytes in the pack are not those that were written (checksum)");
    is_verified_[number].store(true, std::memory_order_relaxed);
  }

  std::filesystem::path path_;
  MappedFile file_;
  PackOptions options_;
  std::vector<Entry> entries_;
  std::unordered_map<std::string, std::size_t> by_id_;
  mutable std::vector<std::atomic<bool>> is_verified_;
};

bool holds(const PackOptions& options, Stream stream) {
  return std::find(options.streams.begin(), options.streams.end(), stream) != options.streams.end();
}

}  // namespace

std::string_view to_string(PackEncoding encoding) noexcept {
  switch (encoding) {
    case PackEncoding::kJpeg:
      return "jpeg";
    case PackEncoding::kRaw:
      return "raw";
    case PackEncoding::kOriginal:
      return "original";
  }
  return "jpeg";
}

bool is_pack(const std::filesystem::path& path) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return false;
  std::uint8_t start[8] = {};
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(start), sizeof start);
  return file && begins_as_pack(start);
}

OpenedPack open_pack(const std::filesystem::path& path, const std::string& setup) {
  auto pack = std::make_shared<Pack>(path);
  const PackContents contents = parse_pack(pack->bytes(), path);
  OpenedPack opened;
  opened.options = contents.facts.options;
  opened.warning = contents.warning;
  ClipIndex& index = opened.index;
  index.root = path;
  index.face_folder = path;
  if (holds(opened.options, Stream::kScene)) index.scene_folder = path;
  if (holds(opened.options, Stream::kFlow)) index.flow_folder = path;
  index.classes = contents.facts.classes;
  for (const PackedClip& packed : contents.clips) index.clips.push_back(packed.clip);
  keep_setup(index, setup);
  if (index.clips.empty()) throw corrupt_data(path, "the pack holds no whole clip of setup " + setup);
  pack->adopt(contents);
  index.store = std::move(pack);
  return opened;
}

}  // namespace ferv::data

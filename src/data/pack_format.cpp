// SPDX-License-Identifier: Apache-2.0
#include "pack_format.h"

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <numeric>
#include <unordered_set>

#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/base/json_integer.h"
#include "ferv/base/version.h"

namespace ferv::data {
namespace {

constexpr char kFileMagic[] = "FERVPACK";
constexpr char kPartMagic[] = "FERVPART";
constexpr std::size_t kMagicBytes = 8;
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kFileHeaderBytes = 24;  // before the JSON
constexpr std::uint32_t kFactsLimit = 1U << 20;
constexpr std::uint64_t kIndexLimit = std::uint64_t{256} << 20;
constexpr std::size_t kIdLimit = 1024;
constexpr std::size_t kFrameCountLimit = 100000;

/// Appends numbers, least significant byte first.
class ByteWriter {
 public:
  template <typename T>
  void number(T value) {
    for (std::size_t i = 0; i < sizeof(T); ++i)
      bytes_.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  void text(std::string_view text) { bytes_.insert(bytes_.end(), text.begin(), text.end()); }
  void hash_from(std::size_t begin) { number(hash64(std::span(bytes_).subspan(begin))); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::vector<std::uint8_t> take() { return std::move(bytes_); }

 private:
  std::vector<std::uint8_t> bytes_;
};

/// Takes numbers from the front; `what` and the path name what ends too early.
class ByteReader {
 public:
  ByteReader(std::span<const std::uint8_t> bytes, const std::filesystem::path& path)
      : bytes_(bytes), path_(path) {}

  template <typename T>
  T number() {
    const auto taken = take(sizeof(T));
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= std::uint64_t{taken[i]} << (8 * i);
    return static_cast<T>(value);
  }
  std::string text(std::size_t size) {
    const auto taken = take(size);
    return {taken.begin(), taken.end()};
  }
  std::span<const std::uint8_t> take(std::size_t size) {
    if (size > bytes_.size()) throw corrupt_data(path_, "the pack's index ends within an entry");
    const auto taken = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return taken;
  }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size(); }

 private:
  std::span<const std::uint8_t> bytes_;
  const std::filesystem::path& path_;
};

nlohmann::json to_json(const PackFacts& facts) {
  nlohmann::json streams = nlohmann::json::array();
  for (const Stream stream : facts.options.streams) streams.push_back(std::string(to_string(stream)));
  return {{"format", "ferv-pack"},
          {"ferv_version", std::string(version())},
          {"classes", facts.classes},
          {"encoding", std::string(to_string(facts.options.encoding))},
          {"size", facts.options.size_px},
          {"jpeg_quality", facts.options.jpeg_quality},
          {"streams", streams}};
}

PackFacts facts_from_json(std::span<const std::uint8_t> text, const std::filesystem::path& path) {
  try {
    const nlohmann::json json = nlohmann::json::parse(text.begin(), text.end());
    PackFacts facts;
    facts.classes = json.at("classes").get<std::vector<std::string>>();
    facts.options.size_px = json_integer<int>(json.at("size"));
    facts.options.jpeg_quality = json_integer<int>(json.at("jpeg_quality"));
    facts.options.streams.clear();
    for (const auto& name : json.at("streams"))
      facts.options.streams.push_back(stream_from_name(name.get<std::string>()));
    const auto encoding = json.at("encoding").get<std::string>();
    const PackEncoding encodings[] = {PackEncoding::kJpeg, PackEncoding::kRaw, PackEncoding::kOriginal};
    const auto* found = std::find_if(std::begin(encodings), std::end(encodings),
                                     [&](PackEncoding e) { return to_string(e) == encoding; });
    if (found == std::end(encodings) || facts.options.streams.empty() || facts.classes.empty() ||
        facts.options.size_px < 1 || facts.options.size_px > 4096)
      throw corrupt_data(path, "the pack's header makes no sense: " + json.dump().substr(0, 200));
    facts.options.encoding = *found;
    return facts;
  } catch (const nlohmann::json::exception& error) {
    throw corrupt_data(path, std::string("the pack's header cannot be read: ") + error.what());
  } catch (const Error& error) {
    throw corrupt_data(path, error.what());
  }
}

/// The end of the file's header.
std::size_t parse_file_header(std::span<const std::uint8_t> bytes, const std::filesystem::path& path,
                              PackFacts& facts) {
  if (!begins_as_pack(bytes)) throw corrupt_data(path, "is no pack, wanted the first 8 bytes to be FERVPACK");
  if (bytes.size() < kFileHeaderBytes) throw corrupt_data(path, "ends within the pack's header");
  ByteReader reader(bytes.subspan(kMagicBytes), path);
  const auto found_version = reader.number<std::uint32_t>();
  if (found_version != kVersion) {
    throw corrupt_data(path, "is a pack of version " + std::to_string(found_version) +
                                 ", this ferv reads version " + std::to_string(kVersion));
  }
  const auto size = reader.number<std::uint32_t>();
  const auto hash = reader.number<std::uint64_t>();
  if (size > kFactsLimit || size > reader.remaining())
    throw corrupt_data(path, "ends within the pack's header");
  const auto text = reader.take(size);
  if (hash64(text) != hash) throw corrupt_data(path, "the pack's header is damaged (checksum)");
  facts = facts_from_json(text, path);
  return kFileHeaderBytes + size;
}

PartHeader parse_part_header(std::span<const std::uint8_t> bytes, const std::filesystem::path& path,
                             std::uint64_t at) {
  ByteReader reader(bytes, path);
  const std::string magic = reader.text(kMagicBytes);
  PartHeader header;
  header.clip_count = reader.number<std::uint32_t>();
  header.planned_clip_count = reader.number<std::uint32_t>();
  header.index_bytes = reader.number<std::uint64_t>();
  header.data_bytes = reader.number<std::uint64_t>();
  header.index_hash = reader.number<std::uint64_t>();
  const std::uint64_t wanted = hash64(bytes.first(kPartHeaderBytes - sizeof(std::uint64_t)));
  if (magic != kPartMagic || reader.number<std::uint64_t>() != wanted || header.index_bytes > kIndexLimit)
    throw corrupt_data(path, "the header of the pack's part at byte " + std::to_string(at) + " is damaged");
  return header;
}

PackedClip parse_clip(ByteReader& reader, const PackFacts& facts, const std::filesystem::path& path) {
  PackedClip packed;
  const auto id_bytes = reader.number<std::uint16_t>();
  if (id_bytes == 0 || id_bytes > kIdLimit) throw corrupt_data(path, "a clip's name in the pack is too long");
  packed.clip.id = reader.text(id_bytes);
  const auto label = reader.number<std::uint16_t>();
  const auto split = reader.number<std::uint8_t>();
  const auto frame_count = reader.number<std::uint32_t>();
  packed.checksum = reader.number<std::uint64_t>();
  if (label >= facts.classes.size() || split > 2 || frame_count == 0 || frame_count > kFrameCountLimit) {
    throw corrupt_data(path, "clip " + packed.clip.id + " has label " + std::to_string(label) + ", split " +
                                 std::to_string(split) + " and " + std::to_string(frame_count) + " frames");
  }
  packed.clip.label = label;
  packed.clip.split = static_cast<Split>(split);
  packed.clip.frame_count = static_cast<std::int32_t>(frame_count);
  const std::size_t count = frame_count * facts.options.streams.size();
  // The bytes are there before the memory is taken.
  if (count > reader.remaining() / sizeof(std::uint32_t))
    throw corrupt_data(path, "the pack's index ends within clip " + packed.clip.id);
  packed.frame_bytes.resize(count);
  for (std::uint32_t& size : packed.frame_bytes) size = reader.number<std::uint32_t>();
  return packed;
}

}  // namespace

std::uint64_t PackedClip::byte_count() const {
  return std::accumulate(frame_bytes.begin(), frame_bytes.end(), std::uint64_t{0});
}

std::vector<std::uint8_t> encode_pack_header(const PackFacts& facts) {
  const std::string text = to_json(facts).dump();
  ByteWriter writer;
  writer.text(std::string_view(kFileMagic, kMagicBytes));
  writer.number(kVersion);
  writer.number(static_cast<std::uint32_t>(text.size()));
  writer.number(hash64(text));
  writer.text(text);
  return writer.take();
}

std::vector<std::uint8_t> encode_part(std::span<const PackedClip> clips, std::size_t planned_clip_count) {
  ByteWriter index;
  std::uint64_t data_bytes = 0;
  for (const PackedClip& packed : clips) {
    index.number(static_cast<std::uint16_t>(packed.clip.id.size()));
    index.text(packed.clip.id);
    index.number(static_cast<std::uint16_t>(packed.clip.label));
    index.number(static_cast<std::uint8_t>(packed.clip.split));
    index.number(static_cast<std::uint32_t>(packed.clip.frame_count));
    index.number(packed.checksum);
    for (const std::uint32_t size : packed.frame_bytes) index.number(size);
    data_bytes += packed.byte_count();
  }
  const std::vector<std::uint8_t> index_bytes = index.take();
  ByteWriter part;
  part.text(std::string_view(kPartMagic, kMagicBytes));
  part.number(static_cast<std::uint32_t>(clips.size()));
  part.number(static_cast<std::uint32_t>(planned_clip_count));
  part.number(static_cast<std::uint64_t>(index_bytes.size()));
  part.number(data_bytes);
  part.number(hash64(index_bytes));
  part.hash_from(0);
  std::vector<std::uint8_t> bytes = part.take();
  bytes.insert(bytes.end(), index_bytes.begin(), index_bytes.end());
  return bytes;
}

bool begins_as_pack(std::span<const std::uint8_t> bytes) {
  return bytes.size() >= kMagicBytes && std::memcmp(bytes.data(), kFileMagic, kMagicBytes) == 0;
}

PackContents parse_pack(std::span<const std::uint8_t> bytes, const std::filesystem::path& path) {
  PackContents contents;
  std::uint64_t at = parse_file_header(bytes, path, contents.facts);
  contents.whole_bytes = at;
  std::unordered_set<std::string> seen;
  std::size_t planned = 0;
  bool is_cut = false;
  while (at < bytes.size() && !is_cut) {
    const std::uint64_t remaining = bytes.size() - at;
    if (remaining < kPartHeaderBytes) {
      is_cut = true;
      break;
    }
    const PartHeader header = parse_part_header(bytes.subspan(at, kPartHeaderBytes), path, at);
    planned = header.planned_clip_count;
    if (header.index_bytes > remaining - kPartHeaderBytes) {
      is_cut = true;
      break;
    }
    const auto index = bytes.subspan(at + kPartHeaderBytes, header.index_bytes);
    if (hash64(index) != header.index_hash)
      throw corrupt_data(
          path, "the index of the pack's part at byte " + std::to_string(at) + " is damaged (checksum)");
    ByteReader reader(index, path);
    std::uint64_t begin = at + kPartHeaderBytes + header.index_bytes;
    const std::uint64_t data_begin = begin;
    for (std::uint32_t i = 0; i < header.clip_count; ++i) {
      PackedClip packed = parse_clip(reader, contents.facts, path);
      packed.begin = begin;
      begin += packed.byte_count();
      if (begin > bytes.size()) {
        is_cut = true;
        break;
      }
      if (!seen.insert(packed.clip.id).second)
        throw corrupt_data(path, "clip " + packed.clip.id + " is in the pack twice");
      contents.clips.push_back(std::move(packed));
    }
    if (is_cut) break;
    if (begin - data_begin != header.data_bytes || reader.remaining() != 0) {
      throw corrupt_data(
          path, "the index of the pack's part at byte " + std::to_string(at) + " does not fit its size");
    }
    at = begin;
    contents.whole_bytes = at;
  }
  if (is_cut || contents.clips.size() < planned) {
    contents.warning = path.string() + ": the pack is cut off, " + std::to_string(contents.clips.size()) +
                       (planned > 0 ? " of " + std::to_string(planned) : std::string()) + " clips are whole";
  }
  return contents;
}

}  // namespace ferv::data

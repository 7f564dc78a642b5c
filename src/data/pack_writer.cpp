// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <unordered_map>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/parallel.h"
#include "ferv/data/pack.h"
#include "ferv/media/jpeg.h"
#include "mapped_file.h"
#include "pack_format.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

/// A part is made in memory: so many clips at most, and about so many bytes.
constexpr std::size_t kPartClips = 256;
constexpr std::uint64_t kPartBytes = std::uint64_t{64} << 20;

void validate(const ClipIndex& index, const PackOptions& options) {
  if (options.size_px < 8 || options.size_px > 4096)
    throw invalid_argument("pack size is " + std::to_string(options.size_px) + " pixels, wanted 8 to 4096");
  if (options.jpeg_quality < 1 || options.jpeg_quality > 100)
    throw invalid_argument("JPEG quality is " + std::to_string(options.jpeg_quality) + ", wanted 1 to 100");
  if (options.streams.empty() || options.streams.front() != Stream::kFace)
    throw invalid_argument("a pack holds the stream face first");
  for (const Stream stream : options.streams) {
    if (stream == Stream::kDiff || std::count(options.streams.begin(), options.streams.end(), stream) > 1)
      throw invalid_argument("a pack holds each of face, scene and flow once at most, found " +
                             std::string(to_string(stream)));
    const fs::path& folder = stream == Stream::kScene  ? index.scene_folder
                             : stream == Stream::kFlow ? index.flow_folder
                                                       : index.face_folder;
    if (folder.empty())
      throw not_found(index.root, "the pictures of stream " + std::string(to_string(stream)));
  }
}

/// Appends to a file, whole parts at a time.
class PartFile {
 public:
  PartFile(const fs::path& path, std::uint64_t begin) : path_(path) {
    make_folder(path.parent_path());
    file_ = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (file_ < 0) throw io_error(path, "cannot open", errno);
    // What a stopped run left of a part goes; the same place is written again.
    if (::ftruncate(file_, static_cast<off_t>(begin)) != 0 || ::lseek(file_, 0, SEEK_END) < 0)
      throw io_error(path, "cannot cut to its last whole part", errno);
  }
  ~PartFile() { ::close(file_); }
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  void append(std::span<const std::uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) throw io_error(path_, "cannot write", errno);
      bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
  }
  void sync() {
    if (::fsync(file_) != 0 && errno != EINVAL) throw io_error(path_, "cannot write", errno);
  }

 private:
  fs::path path_;
  int file_ = -1;
};

struct EncodedClip {
  PackedClip packed;
  std::vector<std::uint8_t> bytes;
};

/// One clip from its source to the bytes of the pack.
class ClipEncoder {
 public:
  ClipEncoder(const ClipIndex& index, const PackOptions& options) : index_(index), options_(options) {}

  [[nodiscard]] EncodedClip encode(const Clip& clip) {
    if (clip.frame_count < 1)
      throw not_found(index_.face_folder / clip.id, "a folder with frames of this clip");
    EncodedClip encoded;
    for (const Stream stream : options_.streams) {
      for (int frame = 0; frame < clip.frame_count; ++frame) {
        const StoredFrame stored = stored_frame(index_, {clip, stream, frame}, buffer_);
        append_frame(stored, stream, encoded);
      }
    }
    encoded.packed.clip = clip;
    encoded.packed.clip.frame_names.clear();
    encoded.packed.checksum = hash64(std::span<const std::uint8_t>(encoded.bytes));
    return encoded;
  }

 private:
  void append_frame(const StoredFrame& stored, Stream stream, EncodedClip& encoded) {
    std::span<const std::uint8_t> bytes = stored.bytes;
    std::vector<std::uint8_t> made;
    if (options_.encoding == PackEncoding::kOriginal) {
      if (stored.raw_size_px > 0)
        throw invalid_argument(stored.name +
                               ": raw pixels have no original JPEG to keep; choose another encoding");
      (void)jpeg_decoder_.read_header(bytes, stored.name);
    } else {
      made = resized(stored, stream);
      bytes = made;
    }
    encoded.packed.frame_bytes.push_back(static_cast<std::uint32_t>(bytes.size()));
    encoded.bytes.insert(encoded.bytes.end(), bytes.begin(), bytes.end());
  }

  [[nodiscard]] std::vector<std::uint8_t> resized(const StoredFrame& stored, Stream stream) {
    if (stored.raw_size_px > 0) {
      picture_.width_px = picture_.height_px = stored.raw_size_px;
      picture_.pixels.assign(stored.bytes.begin(), stored.bytes.end());
    } else {
      // As the loader decodes what it shows at this size.
      decoder_.decode(stored.bytes, stored.name, picture_,
                      {.shown_side_px = stream == Stream::kFlow ? 0 : options_.size_px});
    }
    const media::Rectangle whole{0, 0, double(picture_.width_px), double(picture_.height_px)};
    media::Image small = media::crop_and_resize(picture_, whole, options_.size_px, options_.size_px);
    if (options_.encoding == PackEncoding::kRaw) return std::move(small.pixels);
    // Flow has no colours that an eye could miss.
    const media::Chroma chroma = stream == Stream::kFlow ? media::Chroma::kFull : media::Chroma::kHalf;
    return media::encode_jpeg(small, options_.jpeg_quality, chroma);
  }

  const ClipIndex& index_;
  const PackOptions& options_;
  media::JpegDecoder jpeg_decoder_;
  media::PictureDecoder decoder_;
  media::Image picture_;
  std::vector<std::uint8_t> buffer_;
};

/// Refuses to add clips that were made otherwise.
void require_equal_facts(const PackFacts& found, const PackFacts& wanted, const fs::path& path) {
  const auto refuse = [&](const std::string& what) {
    throw invalid_argument(path.string() + ": the pack there has other " + what + "; choose another file");
  };
  if (found.classes != wanted.classes) refuse("classes");
  if (found.options.encoding != wanted.options.encoding) {
    refuse("encoding (" + std::string(to_string(found.options.encoding)) + ", wanted " +
           std::string(to_string(wanted.options.encoding)) + ")");
  }
  if (found.options.streams != wanted.options.streams) refuse("streams");
  if (wanted.options.encoding == PackEncoding::kOriginal) return;
  if (found.options.size_px != wanted.options.size_px) {
    refuse("size (" + std::to_string(found.options.size_px) + ", wanted " +
           std::to_string(wanted.options.size_px) + ")");
  }
  if (wanted.options.encoding == PackEncoding::kJpeg &&
      found.options.jpeg_quality != wanted.options.jpeg_quality)
    refuse("JPEG quality");
}

class PackWriter {
 public:
  PackWriter(const ClipIndex& index, const fs::path& path, const PackOptions& options)
      : index_(index), path_(path), options_(options) {}

  [[nodiscard]] PackSummary write(const Observer& observer) {
    const std::uint64_t begin = look_at_what_is_there();
    PartFile file(path_, begin);
    if (begin == 0) file.append(encode_pack_header({index_.classes, options_}));
    std::size_t next = 0;
    while (next < pending_.size() && !observer.should_stop()) {
      const std::size_t count = part_length(next);
      write_part(file, std::span(pending_).subspan(next, count), pending_.size() - next - count);
      next += count;
      const std::size_t done = summary_.clips_kept + summary_.clips_written + summary_.bad.size();
      observer.progress({"pack", done, index_.clips.size(), "clips", ""});
    }
    file.sync();
    summary_.complete = next == pending_.size();
    return std::move(summary_);
  }

 private:
  /// Where to go on in the file; fills `pending_` with the clips that it lacks.
  std::uint64_t look_at_what_is_there() {
    std::unordered_map<std::string, Clip> there;
    std::uint64_t begin = 0;
    if (fs::exists(path_) && fs::file_size(path_) > 0) {
      const MappedFile mapped(path_);
      const PackContents contents = parse_pack(mapped.bytes(), path_);
      require_equal_facts(contents.facts, {index_.classes, options_}, path_);
      begin = contents.whole_bytes;
      // Clips of a part that was cut off are written again with it.
      for (const PackedClip& packed : contents.clips) {
        if (packed.begin + packed.byte_count() <= begin) there.emplace(packed.clip.id, packed.clip);
      }
    }
    for (std::size_t i = 0; i < index_.clips.size(); ++i) {
      const Clip& clip = index_.clips[i];
      const auto found = there.find(clip.id);
      if (found == there.end()) {
        pending_.push_back(i);
        continue;
      }
      if (found->second.label != clip.label || found->second.split != clip.split) {
        throw invalid_argument(path_.string() + ": clip " + clip.id +
                               " is there with another label or split; choose another file");
      }
      ++summary_.clips_kept;
    }
    clips_in_file_ = there.size();
    return begin;
  }

  /// How many of the pending clips from `first` on make the next part.
  [[nodiscard]] std::size_t part_length(std::size_t first) const {
    const auto side = static_cast<std::uint64_t>(options_.size_px);
    // Only to bound memory: a JPEG of a face has about a bit a pixel and channel.
    const std::uint64_t frame_bytes = options_.encoding == PackEncoding::kOriginal
                                          ? 20000
                                          : side * side * (options_.encoding == PackEncoding::kRaw ? 3 : 1);
    std::uint64_t bytes = 0;
    std::size_t count = 0;
    while (first + count < pending_.size() && count < kPartClips && bytes < kPartBytes) {
      const Clip& clip = index_.clips[pending_[first + count]];
      bytes += frame_bytes * static_cast<std::uint64_t>(clip.frame_count) * options_.streams.size();
      ++count;
    }
    return count;
  }

  void write_part(PartFile& file, std::span<const std::size_t> positions, std::size_t clips_after) {
    std::vector<std::optional<EncodedClip>> encoded(positions.size());
    std::vector<std::optional<BadClip>> bad(positions.size());
    parallel_for(positions.size(), options_.threads, [&](std::size_t i) {
      try {
        encoded[i] = ClipEncoder(index_, options_).encode(index_.clips[positions[i]]);
      } catch (const Error& error) {
        // Bad data of one clip is a row of the summary; anything else is not.
        if (error.kind() != ErrorKind::kNotFound && error.kind() != ErrorKind::kCorruptData) throw;
        bad[i] = BadClip{positions[i], error.what(), 0, std::nullopt};
      }
    });
    std::vector<PackedClip> packed;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      if (bad[i]) summary_.bad.push_back(*bad[i]);
      if (encoded[i]) packed.push_back(encoded[i]->packed);
    }
    // An empty last part tells that the clips which earlier parts promised will not come.
    if (packed.empty() && clips_after > 0) return;
    clips_in_file_ += packed.size();
    file.append(encode_part(packed, clips_in_file_ + clips_after));
    for (const auto& clip : encoded) {
      if (!clip) continue;
      file.append(clip->bytes);
      ++summary_.clips_written;
      summary_.frames_written += clip->packed.frame_bytes.size();
    }
    file.sync();
  }

  const ClipIndex& index_;
  fs::path path_;
  PackOptions options_;
  std::vector<std::size_t> pending_;  ///< positions in the index
  std::size_t clips_in_file_ = 0;
  PackSummary summary_;
};

}  // namespace

PackSummary write_pack(const ClipIndex& index, const fs::path& path, const PackOptions& options,
                       const Observer& observer) {
  validate(index, options);
  return PackWriter(index, path, options).write(observer);
}

}  // namespace ferv::data

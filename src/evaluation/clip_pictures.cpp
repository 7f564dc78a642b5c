// SPDX-License-Identifier: Apache-2.0
#include "clip_pictures.h"

#include <algorithm>
#include <vector>

#include "ferv/base/base64.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/ferv39k.h"
#include "ferv/media/image.h"
#include "ferv/media/jpeg.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr int kJpegQuality = 70;
constexpr std::size_t kFrameFileLimit = std::size_t{32} << 20;

std::vector<fs::path> frames_in(const fs::path& folder) {
  std::vector<fs::path> frames;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".jpg") frames.push_back(entry.path());
  }
  std::sort(frames.begin(), frames.end());
  return frames;
}

/// `frame` scaled into the square at `place` of the strip.
void paste(const media::Image& frame, int place, media::Image& strip) {
  constexpr int kSize = ClipPictures::kFrameSize;
  const media::Rectangle whole{0, 0, static_cast<double>(frame.width_px),
                               static_cast<double>(frame.height_px)};
  const media::Image small = media::crop_and_resize(frame, whole, kSize, kSize);
  for (int y = 0; y < kSize; ++y)
    std::copy_n(small.row(y), small.row_bytes(),
                strip.row(y) + static_cast<std::size_t>(place) * small.row_bytes());
}

}  // namespace

ClipPictures::ClipPictures(const fs::path& data) {
  data::Ferv39kOptions options;
  options.scan_frames = false;
  index_ = data::read_ferv39k(data, options);
  for (const data::Clip& clip : index_.clips) clip_of_id_.emplace(clip.id, &clip);
}

std::optional<ClipStrip> ClipPictures::strip_of(const std::string& clip) const {
  // Only clips that the release names: an id out of a result file must not lead elsewhere on the disk.
  const auto found = clip_of_id_.find(clip);
  if (found == clip_of_id_.end()) return std::nullopt;
  const std::vector<fs::path> frames = frames_in(index_.face_folder / found->second->id);
  if (frames.empty()) return std::nullopt;
  const int count = std::min(static_cast<int>(frames.size()), kMostFrames);
  try {
    media::Image strip(count * kFrameSize, kFrameSize);
    media::JpegDecoder decoder;
    media::Image frame;
    for (int i = 0; i < count; ++i) {
      const std::size_t last = frames.size() - 1;
      const std::size_t at =
          count > 1 ? last * static_cast<std::size_t>(i) / static_cast<std::size_t>(count - 1) : 0;
      decoder.decode(read_file(frames[at], kFrameFileLimit), frames[at].string(), frame);
      paste(frame, i, strip);
    }
    return ClipStrip{encode_base64(media::encode_jpeg(strip, kJpegQuality)), count};
  } catch (const Error&) {
    return std::nullopt;  // `ferv data check` is where damaged frames are reported
  }
}

}  // namespace ferv::evaluation

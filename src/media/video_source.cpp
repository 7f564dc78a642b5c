// SPDX-License-Identifier: Apache-2.0
// Which source a path is, and the two sources that read pictures.
#include "ferv/media/video_source.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <vector>

#include "camera_input.h"
#include "ferv/base/error.h"
#include "ferv/media/file_names.h"
#include "ferv/media/jpeg.h"
#include "ferv/media/video_reader.h"

namespace ferv::media {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Pictures one after another at a fixed rate; also a single one.
class PictureSource : public VideoSource {
 public:
  PictureSource(std::vector<std::filesystem::path> paths, double rate_hz, std::string format)
      : paths_(std::move(paths)), rate_hz_(rate_hz) {
    metadata_.format = std::move(format);
    metadata_.frame_count_from_header = static_cast<std::int64_t>(paths_.size());
    if (paths_.size() > 1) {
      metadata_.frame_rate_hz_from_header = rate_hz;
      metadata_.duration_s_from_header = static_cast<double>(paths_.size()) / rate_hz;
    }
    first_ = read_picture(paths_.front());
    metadata_.width_px = first_.width_px;
    metadata_.height_px = first_.height_px;
  }

  bool read(VideoFrame& frame) override {
    if (next_ == paths_.size()) return false;
    frame.image = next_ == 0 ? std::move(first_) : read_picture(paths_[next_]);
    frame.index = static_cast<std::int64_t>(next_);
    frame.timestamp_s = static_cast<double>(next_) / rate_hz_;
    ++next_;
    return true;
  }

  [[nodiscard]] const VideoMetadata& metadata() const override { return metadata_; }

 private:
  std::vector<std::filesystem::path> paths_;
  double rate_hz_;
  VideoMetadata metadata_;
  Image first_;
  std::size_t next_ = 0;
};

/// By content, as read_picture does it: names lie.
bool is_picture(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  unsigned char head[4] = {};
  stream.read(reinterpret_cast<char*>(head), sizeof(head));
  const bool jpeg = head[0] == 0xff && head[1] == 0xd8 && head[2] == 0xff;
  const bool png = head[0] == 0x89 && head[1] == 'P' && head[2] == 'N' && head[3] == 'G';
  return stream.gcount() == sizeof(head) && (jpeg || png);
}

std::vector<std::filesystem::path> pictures_of(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> paths;
  std::error_code status;
  for (std::filesystem::directory_iterator entry(folder, status), end; !status && entry != end;
       entry.increment(status)) {
    if (is_picture_name(entry->path().filename().string())) paths.push_back(entry->path());
  }
  if (status) throw io_error(folder, "cannot list", status.value());
  if (paths.empty())
    throw corrupt_data(folder, "no picture in this folder, wanted .jpg, .jpeg or .png files");
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) {
    return natural_less(a.filename().string(), b.filename().string());
  });
  return paths;
}

}  // namespace

bool natural_less(const std::string& a, const std::string& b) {
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    if (!is_digit(a[i]) || !is_digit(b[j])) {
      if (a[i] != b[j]) return static_cast<unsigned char>(a[i]) < static_cast<unsigned char>(b[j]);
      ++i, ++j;
      continue;
    }
    // Numbers of any length: without leading zeros the longer one is larger, then the digits decide.
    while (i < a.size() && a[i] == '0') ++i;
    while (j < b.size() && b[j] == '0') ++j;
    std::size_t i_end = i, j_end = j;
    while (i_end < a.size() && is_digit(a[i_end])) ++i_end;
    while (j_end < b.size() && is_digit(b[j_end])) ++j_end;
    if (i_end - i != j_end - j) return i_end - i < j_end - j;
    const int order = a.compare(i, i_end - i, b, j, j_end - j);
    if (order != 0) return order < 0;
    i = i_end;
    j = j_end;
  }
  if ((i == a.size()) != (j == b.size())) return i == a.size();
  return a < b;  // the same but for leading zeros: still one fixed order
}

bool is_camera(const std::filesystem::path& path) {
  return camera_device(path).has_value();
}

std::unique_ptr<VideoSource> open_video_source(const std::filesystem::path& path,
                                               const VideoSourceOptions& options) {
  if (!std::isfinite(options.picture_rate_hz) || options.picture_rate_hz <= 0) {
    throw invalid_argument("picture rate is " + std::to_string(options.picture_rate_hz) +
                           ", wanted a positive number");
  }
  if (is_camera(path))
    return std::make_unique<VideoReader>(path, VideoReaderOptions{options.decoder_threads});
  std::error_code status;
  if (!std::filesystem::exists(path, status))
    throw not_found(path, "a film, a picture, a folder of pictures or a camera");
  if (std::filesystem::is_directory(path, status)) {
    return std::make_unique<PictureSource>(pictures_of(path), options.picture_rate_hz, "folder of pictures");
  }
  if (std::filesystem::is_regular_file(path, status) && is_picture(path)) {
    return std::make_unique<PictureSource>(std::vector{path}, options.picture_rate_hz, "picture");
  }
  return std::make_unique<VideoReader>(path, VideoReaderOptions{options.decoder_threads});
}

}  // namespace ferv::media

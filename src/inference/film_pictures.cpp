// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_pictures.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/media/video_writer.h"

namespace ferv::inference {
namespace {

/// Two frames must not share a tick of the writer's clock of 1/90000 s.
constexpr double kSmallestStepS = 2e-5;
/// Jumping to a moment decodes from the key frame before it.
constexpr int kKeyframeInterval = 12;

int even(double value) {
  return std::max(2, static_cast<int>(value) / 2 * 2);
}

/// One of the films, begun with its first frame.
class PictureWriter {
 public:
  PictureWriter(std::filesystem::path path, int side_px, double last_step_s)
      : path_(std::move(path)), side_px_(side_px), last_step_s_(last_step_s) {}

  void write(const media::Image& image, double timestamp_s) {
    if (!writer_) begin(image);
    last_s_ = std::max(timestamp_s, last_s_ + kSmallestStepS);
    writer_->write_at(fitted(image), last_s_);
  }

  void finish() {
    if (!writer_) throw corrupt_data(path_, "no frame could be read a second time");
    writer_->finish();
  }

 private:
  void begin(const media::Image& image) {
    const double scale =
        std::min(1.0, side_px_ / static_cast<double>(std::max(image.width_px, image.height_px)));
    width_px_ = even(scale * image.width_px);
    height_px_ = even(scale * image.height_px);
    media::VideoWriterOptions options;
    options.width_px = width_px_;
    options.height_px = height_px_;
    options.variable_frame_rate = true;
    options.frame_rate_hz = std::clamp(1 / last_step_s_, 0.01, 1000.0);
    options.keyframe_interval = kKeyframeInterval;
    options.quality = 23;
    writer_ = std::make_unique<media::VideoWriter>(path_, options);
  }

  [[nodiscard]] media::Image fitted(const media::Image& image) const {
    if (image.width_px == width_px_ && image.height_px == height_px_) return image;
    // An odd size loses its last line instead of being blurred.
    const bool loses_a_line = image.width_px / 2 * 2 == width_px_ && image.height_px / 2 * 2 == height_px_;
    const media::Rectangle shown{0, 0, static_cast<double>(loses_a_line ? width_px_ : image.width_px),
                                 static_cast<double>(loses_a_line ? height_px_ : image.height_px)};
    return media::crop_and_resize(image, shown, width_px_, height_px_);
  }

  std::filesystem::path path_;
  int side_px_;
  double last_step_s_;
  std::unique_ptr<media::VideoWriter> writer_;
  int width_px_ = 0;
  int height_px_ = 0;
  double last_s_ = -kSmallestStepS;
};

}  // namespace

void write_film_pictures(media::VideoSource& source, const FilmRecord& record, const FramePainter& painter,
                         const FilmPicturesOptions& options,
                         const std::function<void(std::size_t)>& progress) {
  std::optional<PictureWriter> annotated, plain;
  if (!options.annotated.empty())
    annotated.emplace(options.annotated, options.annotated_side_px, record.last_step_s());
  if (!options.plain.empty()) plain.emplace(options.plain, options.plain_side_px, record.last_step_s());
  std::size_t index = 0;
  for (media::VideoFrame frame; index < record.frame_count() && source.read(frame); ++index) {
    painter.hide_faces(frame.image, index);
    if (plain) plain->write(frame.image, frame.timestamp_s);
    if (annotated) {
      painter.annotate(frame.image, index);
      annotated->write(frame.image, frame.timestamp_s);
    }
    progress(index + 1);
  }
  if (plain) plain->finish();
  if (annotated) annotated->finish();
}

}  // namespace ferv::inference

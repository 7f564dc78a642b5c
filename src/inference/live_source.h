// SPDX-License-Identifier: Apache-2.0
// A camera goes on for ever: this is one that ends.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "ferv/base/progress.h"
#include "ferv/media/video_source.h"

namespace ferv::inference {

/// The frames of `source` until the observer wants an end, which is none of an error here, or the time is
/// over.
class LiveSource : public media::VideoSource {
 public:
  /// `duration_s`: 0 = until the observer wants an end. `observer` must outlive this.
  LiveSource(std::unique_ptr<media::VideoSource> source, const Observer& observer, double duration_s)
      : source_(std::move(source)), observer_(observer), duration_s_(duration_s) {}

  [[nodiscard]] bool read(media::VideoFrame& frame) override {
    if (observer_.should_stop() || !source_->read(frame)) return false;
    return duration_s_ == 0 || frame.timestamp_s < duration_s_;
  }
  [[nodiscard]] const media::VideoMetadata& metadata() const override { return source_->metadata(); }
  [[nodiscard]] std::string warning() const override { return source_->warning(); }

 private:
  std::unique_ptr<media::VideoSource> source_;
  const Observer& observer_;
  double duration_s_;
};

}  // namespace ferv::inference

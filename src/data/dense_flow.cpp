// SPDX-License-Identifier: Apache-2.0
#include "dense_flow.h"

#include <algorithm>
#include <cmath>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>
#include <opencv2/video/tracking.hpp>
#include <string>

#include "ferv/base/error.h"
#include "stream_pixels.h"

namespace ferv::data {
namespace {

/// The estimator's coarsest grid of patches needs some room: smaller pictures count as still.
constexpr int kSmallestSide_px = 16;

std::uint8_t code(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::lround(value), 0L, 255L));
}

cv::Mat grey(const media::Image& image) {
  // OpenCV's view is not const-correct; the conversion only reads.
  const cv::Mat rgb(image.height_px, image.width_px, CV_8UC3, const_cast<std::uint8_t*>(image.row(0)));
  cv::Mat result;
  cv::cvtColor(rgb, result, cv::COLOR_RGB2GRAY);
  return result;
}

std::string size_of(const media::Image& image) {
  return std::to_string(image.width_px) + "x" + std::to_string(image.height_px);
}

}  // namespace

struct DenseFlow::State {
  cv::Ptr<cv::DISOpticalFlow> estimator = cv::DISOpticalFlow::create(cv::DISOpticalFlow::PRESET_MEDIUM);
  cv::Mat flow;
};

DenseFlow::DenseFlow() : state_(std::make_unique<State>()) {
  // The estimator cuts a picture into one stripe a thread, and what it finds depends on the stripes.
  cv::setNumThreads(1);
}

DenseFlow::~DenseFlow() = default;

media::Image DenseFlow::estimate(const media::Image& before, const media::Image& after, double scale) {
  if (before.width_px != after.width_px || before.height_px != after.height_px) {
    throw invalid_argument("optical flow wants two pictures of one size, found " + size_of(before) + " and " +
                           size_of(after));
  }
  media::Image coded(after.width_px, after.height_px);
  const bool is_too_small = std::min(after.width_px, after.height_px) < kSmallestSide_px;
  try {
    if (is_too_small) {
      state_->flow = cv::Mat::zeros(after.height_px, after.width_px, CV_32FC2);
    } else {
      state_->estimator->calc(grey(before), grey(after), state_->flow);
    }
  } catch (const cv::Exception& error) {
    throw internal_error("optical flow of " + size_of(after) + " pictures: " + error.err);
  }
  for (int y = 0; y < coded.height_px; ++y) {
    const auto* motion = state_->flow.ptr<cv::Vec2f>(y);
    std::uint8_t* to = coded.row(y);
    for (int x = 0; x < coded.width_px; ++x, to += 3) {
      const double u = motion[x][0];
      const double v = motion[x][1];
      to[0] = code(kStillCode + scale * u);
      to[1] = code(kStillCode + scale * v);
      to[2] = code(scale * std::hypot(u, v));
    }
  }
  return coded;
}

}  // namespace ferv::data

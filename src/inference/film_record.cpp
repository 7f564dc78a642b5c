// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_record.h"

#include <string>
#include <utility>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

constexpr double kPictureS = 0.04;

}  // namespace

void FilmRecord::add(TimelineRow row) {
  const auto frame = static_cast<std::size_t>(row.frame);
  if (frame == timestamps_s_.size()) {
    timestamps_s_.push_back(row.timestamp_s);
    first_face_.push_back(faces_.size());
  } else if (frame + 1 != timestamps_s_.size()) {
    throw internal_error("frame " + std::to_string(frame) + " follows frame " +
                         std::to_string(timestamps_s_.size()) + " of a film");
  }
  if (row.face_id == 0) return;
  if (!keep_landmarks_) row.landmarks = {};
  faces_.push_back(std::move(row));
}

double FilmRecord::last_step_s() const {
  const std::size_t count = timestamps_s_.size();
  const double step_s = count > 1 ? timestamps_s_[count - 1] - timestamps_s_[count - 2] : 0;
  return step_s > 0 ? step_s : kPictureS;
}

std::span<const TimelineRow> FilmRecord::faces_of(std::size_t frame) const {
  if (frame >= first_face_.size()) return {};
  const std::size_t begin = first_face_[frame];
  const std::size_t end = frame + 1 < first_face_.size() ? first_face_[frame + 1] : faces_.size();
  return std::span(faces_).subspan(begin, end - begin);
}

}  // namespace ferv::inference

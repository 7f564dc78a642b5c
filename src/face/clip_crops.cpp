// SPDX-License-Identifier: Apache-2.0
#include "clip_crops.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace ferv::face {
namespace {

/// Frames [begin, end) of one shot, and whose face is taken in it.
struct ShotChoice {
  std::size_t begin = 0;
  std::size_t end = 0;
  int id = 0;                    ///< 0: nobody is seen
  std::int64_t frame_count = 0;  ///< that show the chosen one
};

/// How much of a shot somebody is seen in, and how large.
struct Presence {
  std::int64_t frame_count = 0;
  double area = 0;  ///< sum over frames
};

ShotChoice choose_face(const std::vector<FrameCandidates>& frames, std::size_t begin, std::size_t end,
                       FaceChoice choice) {
  std::map<int, Presence> people;
  for (std::size_t i = begin; i < end; ++i) {
    for (const auto& face : frames[i].faces) {
      ++people[face.id].frame_count;
      people[face.id].area += face.area;
    }
  }
  const auto rank = [choice](const Presence& one) {
    const auto count = static_cast<double>(one.frame_count);
    const double mean = one.area / count;
    return choice == FaceChoice::kLongest ? std::tuple(count, mean) : std::tuple(mean, count);
  };
  ShotChoice shot{begin, end, 0, 0};
  const auto best = std::max_element(people.begin(), people.end(), [&](const auto& a, const auto& b) {
    return rank(a.second) < rank(b.second);
  });
  if (best != people.end()) {
    shot.id = best->first;
    shot.frame_count = best->second.frame_count;
  }
  return shot;
}

std::vector<ShotChoice> choose_shots(const std::vector<FrameCandidates>& frames,
                                     const CropFilmsOptions& options) {
  std::vector<ShotChoice> shots;
  for (std::size_t begin = 0; begin < frames.size();) {
    std::size_t end = begin + 1;
    while (end < frames.size() && frames[end].shot == frames[begin].shot) ++end;
    shots.push_back(choose_face(frames, begin, end, options.choice));
    begin = end;
  }
  if (options.cuts == CutPolicy::kLongestShot && shots.size() > 1) {
    const auto longest = std::max_element(shots.begin(), shots.end(), [](const auto& a, const auto& b) {
      return a.frame_count < b.frame_count;
    });
    shots = {*longest};
  }
  return shots;
}

/// Gives frames of the shot without a place that of the nearest frame that has one, an earlier one first.
void repeat_nearest(std::vector<std::optional<CropPlacement>>& placements, const ShotChoice& shot) {
  std::vector<std::size_t> known;
  for (std::size_t i = shot.begin; i < shot.end; ++i) {
    if (placements[i]) known.push_back(i);
  }
  std::size_t nearest = 0;
  for (std::size_t i = shot.begin; i < shot.end; ++i) {
    const auto away = [&](std::size_t k) { return std::max(i, known[k]) - std::min(i, known[k]); };
    while (nearest + 1 < known.size() && away(nearest + 1) < away(nearest)) ++nearest;
    placements[i] = placements[known[nearest]];
  }
}

}  // namespace

ClipCrops choose_crops(const std::vector<FrameCandidates>& frames, const CropFilmsOptions& options) {
  ClipCrops crops;
  crops.placements.resize(frames.size());
  for (const ShotChoice& shot : choose_shots(frames, options)) {
    for (std::size_t i = shot.begin; i < shot.end; ++i) {
      const auto& faces = frames[i].faces;
      crops.frames_with_several_faces += faces.size() > 1;
      const auto own =
          std::find_if(faces.begin(), faces.end(), [&](const auto& face) { return face.id == shot.id; });
      if (own != faces.end()) {
        crops.placements[i] = own->placement;
      } else {
        ++crops.frames_without_face;
      }
    }
    if (options.no_face == NoFacePolicy::kRepeat && shot.id != 0) repeat_nearest(crops.placements, shot);
  }
  if (options.no_face == NoFacePolicy::kFail && crops.frames_without_face > 0)
    std::fill(crops.placements.begin(), crops.placements.end(), std::nullopt);
  return crops;
}

}  // namespace ferv::face

// SPDX-License-Identifier: Apache-2.0
// Thumbnails of clips for a report: a few frames of each as one strip, small enough to embed.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "ferv/data/clip_index.h"

namespace ferv::evaluation {

/// Frames side by side, each kFrameSize x kFrameSize.
struct ClipStrip {
  std::string jpeg_base64;
  int frame_count = 0;
};

/// Finds the frames of clips in a FERV39k release.
class ClipPictures {
 public:
  static constexpr int kFrameSize = 96;
  static constexpr int kMostFrames = 12;

  /// Throws as data::read_ferv39k.
  explicit ClipPictures(const std::filesystem::path& data);

  /// Frames at equal distances, first and last among them. nullopt for a clip that the release does not name,
  /// or whose frames are missing or damaged: a report does without.
  [[nodiscard]] std::optional<ClipStrip> strip_of(const std::string& clip) const;

 private:
  data::ClipIndex index_;
  std::unordered_map<std::string_view, const data::Clip*> clip_of_id_;
};

}  // namespace ferv::evaluation

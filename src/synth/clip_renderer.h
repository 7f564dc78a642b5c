// SPDX-License-Identifier: Apache-2.0
// Renders one clip, picture by picture.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "ferv/media/image.h"
#include "ferv/synth/names.h"

namespace ferv::synth {

inline constexpr int kSceneWidthPx = 400;
inline constexpr int kSceneHeightPx = 300;

/// Everything that a clip's pictures follow from: equal recipes give equal pictures.
struct ClipRecipe {
  std::size_t scene = 0;  ///< position in scene_names()
  Expression expression = Expression::kNeutral;
  std::uint64_t identity_seed = 0;
  std::uint64_t clip_seed = 0;
  int frame_count = 0;
};

/// What a camera saw at one time, whole and cut to the face.
struct RenderedFrame {
  media::Image scene;      ///< kSceneHeightPx x kSceneWidthPx
  media::Image face_crop;  ///< face_size x face_size
};

/// Not thread-safe; one a clip.
class ClipRenderer {
 public:
  /// `face_size_px` is the edge of the face crop. Throws kInvalidArgument for sizes or frame counts below 1.
  ClipRenderer(const ClipRecipe& recipe, int face_size_px);
  ~ClipRenderer();
  ClipRenderer(const ClipRenderer&) = delete;
  ClipRenderer& operator=(const ClipRenderer&) = delete;

  /// Renders the next picture into `frame`, whose memory is used again. Call at most frame_count times.
  void render_next(RenderedFrame& frame);

  /// Passes over `frames` pictures without painting them.
  void skip(int frames);

  /// JPEG quality that goes with the scene, drawn for this clip.
  [[nodiscard]] int jpeg_quality() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::synth

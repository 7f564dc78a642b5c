// SPDX-License-Identifier: Apache-2.0
// What a model wants to see: the one thing on which `data` and `models` agree.
#pragma once

#include <array>
#include <string>

namespace ferv {

/// Shape and normalisation of a clip. Canonical layout of a batch: uint8 [B, T, H, W, C] from the loader,
/// float [B, C, T, H, W] into a model, C = 3 in RGB order.
struct ClipSpec {
  int frame_count = 16;  ///< T
  int height_px = 112;   ///< H
  int width_px = 112;    ///< W
  /// value = (pixel / 255 - mean) / deviation, per channel RGB. Default: RGB/255 as Former-DFER has it.
  std::array<float, 3> mean = {0.0F, 0.0F, 0.0F};
  std::array<float, 3> deviation = {1.0F, 1.0F, 1.0F};

  friend bool operator==(const ClipSpec&, const ClipSpec&) = default;
};

/// Throws kInvalidArgument for sizes that are not positive or absurd (over 1024 frames or 4096 px), or a
/// deviation that is not positive.
void validate(const ClipSpec& spec);

/// "16x112x112".
[[nodiscard]] std::string to_string(const ClipSpec& spec);

/// One line of JSON, as stored in weights: {"frames":16,"height":112,"width":112,"mean":[...],"std":[...]}.
[[nodiscard]] std::string to_json(const ClipSpec& spec);
/// The reverse. Throws kCorruptData with the offending text.
[[nodiscard]] ClipSpec clip_spec_from_json(const std::string& json);

}  // namespace ferv

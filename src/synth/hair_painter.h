// SPDX-License-Identifier: Apache-2.0
// Paints hair and beards.
#pragma once

#include "feature_painter.h"

namespace ferv::synth {

/// What hangs or stands behind the head.
void paint_hair_behind(const FacePicture& picture);
/// What lies on the skull and frames the face.
void paint_hair(const FacePicture& picture);
/// Stubble or beard on cheeks and chin; before the mouth.
void paint_beard(const FacePicture& picture);
/// Hair on the upper lip; after the mouth.
void paint_moustache(const FacePicture& picture);

}  // namespace ferv::synth

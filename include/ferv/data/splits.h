// SPDX-License-Identifier: Apache-2.0
// Divisions of a data set that its release lacks.
#pragma once

#include <cstdint>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Moves a deterministic `fraction` of the training clips to Split::kValidation, stratified by (scene,
/// class): in every cell ceil(fraction * n), but at least one clip stays for training. Chosen by a hash of
/// seed and clip id, so adding clips does not reshuffle the others.
///
/// Where every training clip has a subject, whole subjects are moved instead, so that nobody is on both
/// sides: about `fraction` of each class, at least one subject and never all.
void hold_out_validation(ClipIndex& index, double fraction, std::uint64_t seed);

}  // namespace ferv::data

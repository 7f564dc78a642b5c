// SPDX-License-Identifier: Apache-2.0
// The lists of a data set that was cropped: which clips are for training, which for testing.
#pragma once

#include "ferv/face/crop_films.h"

namespace ferv::face {

/// Writes 4_setups/All_scenes/{train,test}_All.csv: lines `Scene/Label/NNNN Label` of all clips written that
/// have a label. Of clips that CropFilmsOptions::is_test does not name, ceil(test_share n) of each (scene,
/// label) are tested, none where there is only one. A list without clips is not written.
void write_crop_lists(const CropFilmsOptions& options, const CropFilmsSummary& summary);

}  // namespace ferv::face

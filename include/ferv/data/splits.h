// SPDX-License-Identifier: Apache-2.0
// Divisions of a data set that its release lacks.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Moves a deterministic `fraction` of the training clips to Split::kValidation, stratified by (scene,
/// class): in every cell ceil(fraction * n), but at least one clip stays for training. Chosen by a hash of
/// seed and clip id, so adding clips does not reshuffle the others.
///
/// Where every training clip has a subject, whole subjects are moved instead, so that nobody is on both
/// sides: about `fraction` of each class, at least one subject and never all.
void hold_out_validation(ClipIndex& index, double fraction, std::uint64_t seed);

struct FoldOptions {
  int fold_count = 5;
  int fold = 1;  ///< counted from 1
  std::uint64_t seed = 0;
  bool by_subject = false;  ///< whole people go into a fold
};

/// Divides all clips anew: those of one fold are Split::kTest, all others Split::kTrain. Each clip is in one
/// fold. Folds are stratified by (scene, class); with `by_subject` they share nobody and are of about equal
/// size. Throws kInvalidArgument for impossible numbers, and for by_subject where a clip has no subject.
void assign_fold(ClipIndex& index, const FoldOptions& options);

/// Keeps the training and validation clips of `train_on` and the test clips of `test_on`, which are scenes
/// and scenarios by name; without `train_on`, all that are not in `test_on` are trained on. Throws
/// kInvalidArgument for unknown names, a scene on both sides, and when one side stays empty.
void keep_cross_scenario(ClipIndex& index, const std::vector<std::string>& train_on,
                         const std::vector<std::string>& test_on);

}  // namespace ferv::data

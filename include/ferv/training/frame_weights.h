// SPDX-License-Identifier: Apache-2.0
// Which of the frames that a model was shown mattered for what it said.
#pragma once

#include <torch/types.h>

#include <span>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"
#include "ferv/evaluation/frame_weights.h"
#include "ferv/models/zoo.h"
#include "ferv/training/evaluator.h"

namespace ferv::training {

/// The class activation over time of one clip, [T], 0 or more, the largest 1 (all 0 where nothing speaks for
/// the class). `streams`: float [1, 3, T, H, W] each.
///
/// Framewise rows: Grad-CAM (Selvaraju et al. 2017) with frames in the place of pixels, max(0, sum over d of
/// f_td * dy/df_td) for the features f_t of frame t and the class's logit y; for rows that average frames it
/// is the frame's share of the logit. Rows that look at whole clips have no features of a frame: for them it
/// is the sum over the frame's pixels of |x * dy/dx|, all streams together (gradient times input).
///
/// The model must be in evaluation mode; its gradients are left alone.
[[nodiscard]] std::vector<double> class_activation(models::Model& model,
                                                   std::span<const torch::Tensor> streams, int class_index);

/// Of the clips that a report of `results` shows, for the class that was said. Throws as evaluate().
[[nodiscard]] evaluation::FrameWeights frame_weights_of(models::Model& model, const data::ClipIndex& index,
                                                        const evaluation::Results& results,
                                                        const EvaluationOptions& options,
                                                        const Observer& observer);

}  // namespace ferv::training

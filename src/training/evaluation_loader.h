// SPDX-License-Identifier: Apache-2.0
// From the options of an evaluation to those of the loader that feeds it.
#pragma once

#include "ferv/base/clip_spec.h"
#include "ferv/data/batch_loader.h"
#include "ferv/training/evaluator.h"

namespace ferv::training {

/// One window of time and one part of the picture.
struct View {
  int window = 0;
  int crop = 0;
};

/// Test batches of one view, in the order of the positions.
[[nodiscard]] data::LoaderOptions loader_options_of(const EvaluationOptions& options, const ClipSpec& spec,
                                                    const View& view);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// From a batch of the loader to what a model takes.
#pragma once

#include <torch/types.h>

#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/batch_loader.h"

namespace ferv::training {

/// One float32 [B, 3, T, H, W] a stream on `device`, normalised there by `spec`, channels last in memory.
/// What is copied to a GPU must be left alone until a result has come back from it: see nn::copied_to().
[[nodiscard]] std::vector<torch::Tensor> clips_of(const data::Batch& batch, const ClipSpec& spec,
                                                  torch::Device device = torch::kCPU);

/// int64 [B]; on the processor a view of the batch's labels, valid as long as they are.
[[nodiscard]] torch::Tensor labels_of(const data::Batch& batch, torch::Device device = torch::kCPU);

/// The streams that `text` names ("face,scene"), or those of the row's card where it is empty. Throws
/// kInvalidArgument for unknown words and for another number of streams than the row has.
[[nodiscard]] std::vector<data::Stream> streams_of(const std::string& text, const std::string& model_id);

/// "face,scene".
[[nodiscard]] std::string to_text(const std::vector<data::Stream>& streams);

}  // namespace ferv::training

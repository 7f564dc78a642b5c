// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/frame_weights.h"

#include <torch/torch.h>

#include <algorithm>
#include <unordered_map>

#include "batch_tensors.h"
#include "evaluation_loader.h"
#include "evaluation_mode.h"
#include "ferv/base/error.h"
#include "ferv/data/batch_loader.h"
#include "ferv/nn/device.h"
#include "ferv/nn/layout.h"

namespace ferv::training {
namespace {

/// [T], of the features of the frames.
torch::Tensor activation_of_features(models::Model& model, const torch::Tensor& clip, int class_index) {
  torch::Tensor features;
  {
    const torch::NoGradGuard no_grad;
    features = model.frame_features(nn::fold_frames(clip)).to(torch::kFloat32).unsqueeze(0);
  }
  features.requires_grad_(true);
  const torch::Tensor logit = model.join_frames(features)[0][class_index];
  const torch::Tensor gradient = torch::autograd::grad({logit}, {features})[0];
  return (features.detach() * gradient).sum(torch::IntArrayRef{0, 2}).clamp_min(0);
}

/// [T], of the pixels of the frames.
torch::Tensor activation_of_pixels(models::Model& model, std::span<const torch::Tensor> streams,
                                   int class_index) {
  std::vector<torch::Tensor> inputs;
  for (const torch::Tensor& stream : streams) inputs.push_back(stream.detach().requires_grad_(true));
  const torch::Tensor logit = model.forward(inputs)[0][class_index];
  const auto gradients = torch::autograd::grad({logit}, inputs);
  torch::Tensor sum;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const torch::Tensor part = (inputs[i].detach() * gradients[i]).abs().sum(torch::IntArrayRef{0, 1, 3, 4});
    sum = sum.defined() ? sum + part : part;
  }
  return sum;
}

/// Where the clips of the rows are in the index.
std::vector<std::size_t> positions_of(const data::ClipIndex& index, const evaluation::Results& results,
                                      const std::vector<std::size_t>& rows) {
  std::unordered_map<std::string, std::size_t> position_of;
  for (std::size_t i = 0; i < index.clips.size(); ++i) position_of.emplace(index.clips[i].id, i);
  std::vector<std::size_t> positions;
  for (const std::size_t row : rows) positions.push_back(position_of.at(results.rows[row].clip));
  return positions;
}

}  // namespace

std::vector<double> class_activation(models::Model& model, std::span<const torch::Tensor> streams,
                                     int class_index) {
  const torch::AutoGradMode gradients(true);
  torch::Tensor activation = model.is_framewise() ? activation_of_features(model, streams[0], class_index)
                                                  : activation_of_pixels(model, streams, class_index);
  activation = activation.to(torch::kCPU, torch::kFloat64).contiguous();
  const double largest = activation.max().item<double>();
  if (largest > 0) activation /= largest;
  const double* values = activation.data_ptr<double>();
  return {values, values + activation.numel()};
}

evaluation::FrameWeights frame_weights_of(models::Model& model, const data::ClipIndex& index,
                                          const evaluation::Results& results,
                                          const EvaluationOptions& options, const Observer& observer) {
  const EvaluationMode mode(model.module());
  const std::vector<std::size_t> rows = evaluation::rows_shown(results);
  if (rows.empty()) return {};
  EvaluationOptions one_view = options;
  one_view.view_count = 1;
  one_view.crop_count = 1;
  one_view.batch_size = 1;
  data::BatchLoader loader(index, positions_of(index, results, rows),
                           loader_options_of(one_view, model.options().spec, {}));
  loader.start_epoch(0);
  evaluation::FrameWeights weights;
  // Test batches come in the order of the positions.
  for (const std::size_t row : rows) {
    const data::Batch* batch = loader.next();
    if (batch == nullptr) throw internal_error("a clip that was evaluated is gone");
    if (observer.should_stop()) throw failed("stopped while evaluating; nothing was written");
    const std::vector<torch::Tensor> clips =
        clips_of(*batch, model.options().spec, nn::device_of(model.module()));
    weights.emplace(results.rows[row].clip, class_activation(model, clips, results.rows[row].predicted));
  }
  return weights;
}

}  // namespace ferv::training

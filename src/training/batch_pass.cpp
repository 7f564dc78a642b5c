// SPDX-License-Identifier: Apache-2.0
#include "batch_pass.h"

#include <torch/torch.h>

#include <utility>

#include "batch_tensors.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"

namespace ferv::training {

BatchPass::BatchPass(models::Model& model, const LossScale& loss_scale, BatchPassOptions options)
    : model_(model),
      loss_scale_(loss_scale),
      device_(nn::device_of(model.module())),
      precision_(options.precision),
      loss_(std::move(options.loss)),
      is_recorded_(options.recorder != nullptr),
      work_([this](const std::vector<torch::Tensor>& inputs) { return answer_and_gradients(inputs); },
            std::move(options.recorder)) {
  // Copies from the processor's memory cannot be recorded.
  for (torch::Tensor* values : {&loss_.class_weights, &loss_.logit_offsets})
    if (values->defined()) *values = values->to(device_);
}

const BatchPass::Answer& BatchPass::forward(const data::Batch& batch) {
  std::vector<torch::Tensor> inputs = clips_of(batch, model_.options().spec, device_);
  const torch::Tensor labels = labels_of(batch, device_);
  if (!is_recorded_) {
    answer_ = answer(inputs, labels);
    return answer_;
  }
  inputs.push_back(labels);
  inputs.push_back(torch::full({}, loss_scale_.factor(), torch::TensorOptions(device_)));
  gradients_ = work_(inputs);
  answer_ = {gradients_[0], gradients_[1]};
  gradients_.erase(gradients_.begin(), gradients_.begin() + 2);
  return answer_;
}

void BatchPass::backward(double share) {
  if (!is_recorded_) {
    const torch::Tensor loss = std::exchange(answer_.loss, {});
    loss_scale_.scaled(share == 1.0 ? loss : loss * share).backward();
    return;
  }
  const torch::NoGradGuard no_grad;
  const std::vector<torch::Tensor> parameters = learning_parameters();
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (!gradients_[i].defined()) continue;
    torch::Tensor& sum = parameters[i].mutable_grad();
    // Not the tensor itself: the next batch's gradients will lie in its memory.
    sum.defined() ? sum.add_(gradients_[i], share) : sum = gradients_[i] * share;
  }
}

void BatchPass::forget() {
  work_.forget();
}

BatchPass::Answer BatchPass::answer(const std::vector<torch::Tensor>& clips, const torch::Tensor& labels) {
  torch::Tensor logits;
  {
    const nn::AutocastScope autocast(precision_, device_.type());
    logits = model_.forward(clips);
  }
  return {logits, classification_loss(logits, labels, loss_)};
}

/// `inputs`: clips, a tensor a stream, then labels, then the factor of the loss.
std::vector<torch::Tensor> BatchPass::answer_and_gradients(const std::vector<torch::Tensor>& inputs) {
  const std::vector<torch::Tensor> clips(inputs.begin(), inputs.end() - 2);
  const Answer result = answer(clips, *(inputs.end() - 2));
  std::vector<torch::Tensor> outputs{result.logits.detach(), result.loss.detach()};
  const std::vector<torch::Tensor> gradients =
      torch::autograd::grad({result.loss * inputs.back()}, learning_parameters(), /*grad_outputs=*/{},
                            /*retain_graph=*/{}, /*create_graph=*/false, /*allow_unused=*/true);
  outputs.insert(outputs.end(), gradients.begin(), gradients.end());
  return outputs;
}

std::vector<torch::Tensor> BatchPass::learning_parameters() const {
  std::vector<torch::Tensor> parameters;
  for (const torch::Tensor& parameter : model_.module().parameters())
    if (parameter.requires_grad()) parameters.push_back(parameter);
  return parameters;
}

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "gradient_sum.h"

#include <torch/torch.h>

#include "ferv/base/error.h"
#include "ferv/nn/device.h"

namespace ferv::training {
namespace {

/// Long enough that the network's speed counts and not its delay, short enough that several are on their way
/// at a time.
constexpr std::int64_t kBucketValues = 25 << 18;  // 25 MiB

}  // namespace

GradientSum::GradientSum(torch::nn::Module& module, nn::Communicator& communicator)
    : communicator_(communicator), parameters_(module.parameters()) {
  if (communicator.is_alone()) return;
  const torch::ScalarType type = parameters_.empty() ? torch::kFloat32 : parameters_.front().scalar_type();
  std::int64_t room = 0;
  std::vector<std::int64_t> lengths;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor& parameter = parameters_[i];
    if (parameter.scalar_type() != type || !parameter.is_non_overlapping_and_dense()) {
      throw incompatible(
          "a parameter is not dense or has another type than the first: gradients cannot be summed over "
          "ranks");
    }
    if (buckets_.empty() || parameter.numel() > room) {
      buckets_.emplace_back();
      lengths.push_back(0);
      room = kBucketValues;
    }
    buckets_.back().parameters.push_back(i);
    lengths.back() += parameter.numel();
    room -= parameter.numel();
  }
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    Bucket& bucket = buckets_[i];
    bucket.memory = torch::zeros({lengths[i]}, parameters_[bucket.parameters.front()].options());
    std::int64_t offset = 0;
    for (const std::size_t parameter : bucket.parameters) {
      const torch::Tensor& own = parameters_[parameter];
      views_.push_back(bucket.memory.as_strided(own.sizes(), own.strides(), offset));
      offset += own.numel();
    }
  }
  auto small_count = static_cast<std::int64_t>(parameters_.size());
  for (const torch::Tensor& buffer : module.buffers()) {
    if (!buffer.is_floating_point()) continue;
    buffers_.push_back(buffer);
    small_count += buffer.numel();
  }
  small_ = torch::zeros({small_count}, torch::TensorOptions(nn::device_of(module)).dtype(type));
}

void GradientSum::pack() {
  std::vector<double> defined(parameters_.size(), 0.0);
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const torch::Tensor& gradient = parameters_[i].grad();
    if (gradient.defined()) {
      defined[i] = 1.0;
      views_[i].copy_(gradient);
    } else {
      views_[i].zero_();
    }
  }
  auto offset = static_cast<std::int64_t>(parameters_.size());
  small_.slice(0, 0, offset).copy_(torch::tensor(defined, torch::kFloat64));
  for (const torch::Tensor& buffer : buffers_) {
    small_.slice(0, offset, offset + buffer.numel()).copy_(buffer.flatten());
    offset += buffer.numel();
  }
}

void GradientSum::unpack() {
  auto offset = static_cast<std::int64_t>(parameters_.size());
  const torch::Tensor ranks = small_.slice(0, 0, offset).to(torch::kCPU, torch::kFloat64);
  const auto ranks_with_gradient = ranks.accessor<double, 1>();
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    // No copy back: until the next backward pass the gradient lies in the bucket.
    if (ranks_with_gradient[static_cast<std::int64_t>(i)] > 0) parameters_[i].mutable_grad() = views_[i];
  }
  const double share = 1.0 / communicator_.size();
  for (torch::Tensor& buffer : buffers_) {
    buffer.copy_((small_.slice(0, offset, offset + buffer.numel()) * share).view_as(buffer));
    offset += buffer.numel();
  }
}

void GradientSum::exchange() {
  if (communicator_.is_alone()) return;
  const torch::NoGradGuard no_grad;
  pack();
  std::vector<torch::Tensor> messages{small_};
  for (const Bucket& bucket : buckets_) messages.push_back(bucket.memory);
  communicator_.sum(messages);
  unpack();
}

void broadcast_all(nn::Communicator& communicator, const weights::NamedTensors& state) {
  if (communicator.is_alone()) return;
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> tensors;
  for (const auto& [name, tensor] : state.tensors) tensors.push_back(tensor);
  communicator.broadcast(tensors);
}

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/batch_norm.h"

#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "batch_normalisation.h"
#include "ferv/nn/communicator.h"

namespace ferv::nn {
namespace {

/// All dimensions but the channels'.
std::vector<std::int64_t> dimensions_of_a_channel(const torch::Tensor& input) {
  std::vector<std::int64_t> dimensions{0};
  for (std::int64_t i = 2; i < input.dim(); ++i) dimensions.push_back(i);
  return dimensions;
}

/// [C] -> [1, C, 1, ...], to be spread over `input`.
torch::Tensor spread(const torch::Tensor& values, const torch::Tensor& input) {
  std::vector<std::int64_t> shape(static_cast<std::size_t>(input.dim()), 1);
  shape[1] = values.size(0);
  return values.view(shape);
}

/// What `input` is calculated in.
torch::ScalarType exact_type(const torch::Tensor& input) {
  return input.scalar_type() == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32;
}

/// In the exact type of the input.
struct JointStatistics {
  double count = 0;        ///< of values a channel, over all ranks
  torch::Tensor mean;      ///< [C]
  torch::Tensor variance;  ///< [C], of the batch: divided by `count`
};

/// One exchange. Sums travel as float64, so that the variance survives the difference of two large sums.
JointStatistics joint_statistics(const torch::Tensor& input, Communicator& communicator) {
  const std::int64_t channels = input.size(1);
  const double own_count = static_cast<double>(input.numel()) / static_cast<double>(channels);
  const auto [own_variance, own_mean] =
      torch::var_mean(input.to(exact_type(input)), dimensions_of_a_channel(input), /*unbiased=*/false);
  const torch::Tensor mean = own_mean.to(torch::kFloat64);
  const torch::Tensor square = own_variance.to(torch::kFloat64) + mean * mean;
  torch::Tensor sums =
      torch::cat({mean * own_count, square * own_count, torch::full({1}, own_count, mean.options())});
  communicator.sum({sums});
  JointStatistics joint;
  joint.count = sums[2 * channels].item<double>();
  const torch::Tensor joint_mean = sums.slice(0, 0, channels) / joint.count;
  const torch::Tensor joint_square = sums.slice(0, channels, 2 * channels) / joint.count;
  joint.mean = joint_mean.to(exact_type(input));
  joint.variance = (joint_square - joint_mean * joint_mean).clamp_min(0).to(exact_type(input));
  return joint;
}

/// y = (x - mean) / sqrt(variance + epsilon) * weight + bias, with the gradient that counts that mean and
/// variance depend on the values of all ranks (Ioffe and Szegedy 2015, section 3).
class JointNormalisation : public torch::autograd::Function<JointNormalisation> {
 public:
  struct Statistics {
    const JointStatistics& joint;
    double epsilon;
    Communicator& communicator;
  };

  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& input,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const Statistics& statistics) {
    const auto& [joint, epsilon, communicator] = statistics;
    const torch::Tensor inverse_deviation = (joint.variance + epsilon).rsqrt();
    context->save_for_backward({input, weight, joint.mean, inverse_deviation});
    context->saved_data["count"] = joint.count;
    context->saved_data["communicator"] = reinterpret_cast<std::int64_t>(&communicator);
    return torch::batch_norm(input, weight, bias, joint.mean, joint.variance, /*training=*/false,
                             /*momentum=*/0.0, epsilon, /*cudnn_enabled=*/false);
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& input = saved[0];
    const torch::Tensor& weight = saved[1];
    const torch::Tensor& inverse_deviation = saved[3];
    auto& communicator = *reinterpret_cast<Communicator*>(context->saved_data["communicator"].toInt());
    const double count = context->saved_data["count"].toDouble();

    const torch::Tensor slope = gradients[0].to(exact_type(input));
    const torch::Tensor normalised =
        (input.to(exact_type(input)) - spread(saved[2], input)) * spread(inverse_deviation, input);
    const std::vector<std::int64_t> dimensions = dimensions_of_a_channel(input);
    const torch::Tensor bias_gradient = slope.sum(dimensions);
    const torch::Tensor weight_gradient = (slope * normalised).sum(dimensions);
    // Parameters get this rank's part of their gradient; whoever sums gradients over ranks adds them up.
    torch::Tensor sums = torch::cat({bias_gradient, weight_gradient}).to(torch::kFloat64);
    communicator.sum({sums});
    sums = (sums / count).to(exact_type(input));
    const std::int64_t channels = input.size(1);
    torch::Tensor scale = inverse_deviation;
    if (weight.defined()) scale = scale * weight;
    const torch::Tensor input_gradient = (slope - spread(sums.slice(0, 0, channels), input) -
                                          normalised * spread(sums.slice(0, channels, 2 * channels), input)) *
                                         spread(scale, input);
    return {input_gradient.to(input.scalar_type()), weight_gradient, bias_gradient, torch::Tensor()};
  }
};

/// Share of the newest batch in the running statistics; counts the batch.
double count_batch(BatchNormImpl& layer) {
  layer.num_batches_tracked += 1;
  const auto momentum = layer.options.momentum();
  return momentum.has_value() ? *momentum : 1 / layer.num_batches_tracked.item<double>();
}

/// Joins the statistics of a batch with the running ones. `variance` is divided by `count`, what runs is
/// unbiased.
void track(BatchNormImpl& layer, const torch::Tensor& mean, const torch::Tensor& variance, double count) {
  if (!layer.options.track_running_stats()) return;
  const double share = count_batch(layer);
  layer.running_mean.mul_(1 - share).add_(mean, share);
  layer.running_var.mul_(1 - share).add_(variance, share * count / std::max(1.0, count - 1));
}

/// `layer.forward(input)` with the statistics of all ranks.
torch::Tensor normalise_jointly(BatchNormImpl& layer, const torch::Tensor& input,
                                Communicator& communicator) {
  JointStatistics joint;
  {
    const torch::NoGradGuard no_grad;
    joint = joint_statistics(input, communicator);
    track(layer, joint.mean, joint.variance, joint.count);
  }
  return JointNormalisation::apply(input, layer.weight, layer.bias,
                                   JointNormalisation::Statistics{joint, layer.options.eps(), communicator});
}

/// The layer's weight and bias with `norm` in them.
template <typename Convolution>
void fold(Convolution& layer, BatchNormImpl& norm) {
  const auto exact = [](const torch::Tensor& tensor) { return tensor.detach().to(torch::kFloat64); };
  torch::Tensor scale = (exact(norm.running_var) + norm.options.eps()).rsqrt();
  if (norm.weight.defined()) scale = scale * exact(norm.weight);
  torch::Tensor shift = -exact(norm.running_mean);
  if (layer.bias.defined()) shift = shift + exact(layer.bias);
  shift = shift * scale;
  if (norm.bias.defined()) shift = shift + exact(norm.bias);
  std::vector<std::int64_t> shape(static_cast<std::size_t>(layer.weight.dim()), 1);
  shape[0] = scale.size(0);
  // copy_() keeps the memory's order.
  layer.weight.copy_(exact(layer.weight) * scale.view(shape));
  layer.bias = shift.to(layer.weight.scalar_type());
  norm.is_folded = true;
}

/// True when `previous` is a convolution that `norm` can be folded into.
bool fold_into(torch::nn::Module* previous, BatchNormImpl& norm) {
  if (norm.is_folded || !norm.options.track_running_stats()) return false;
  if (auto* pictures = dynamic_cast<torch::nn::Conv2dImpl*>(previous)) {
    fold(*pictures, norm);
  } else if (auto* volumes = dynamic_cast<torch::nn::Conv3dImpl*>(previous)) {
    fold(*volumes, norm);
  } else {
    return false;
  }
  return true;
}

}  // namespace

torch::Tensor BatchNormImpl::forward(const torch::Tensor& input) {
  return normalise(input, {}, /*is_rectified=*/false);
}

torch::Tensor BatchNormImpl::forward_relu(const torch::Tensor& input, const torch::Tensor& addend) {
  return normalise(input, addend, /*is_rectified=*/true);
}

torch::Tensor BatchNormImpl::normalise(const torch::Tensor& input, const torch::Tensor& addend,
                                       bool is_rectified) {
  _check_input_dim(input);
  if (is_training() && communicator == nullptr && weight.defined() && is_normalised_here(input)) {
    TORCH_CHECK(!is_folded, "a batch norm that is folded into its convolution cannot be trained");
    const BatchStatistics statistics = batch_statistics(input);
    {
      const torch::NoGradGuard no_grad;
      track(*this, statistics.mean, statistics.variance, statistics.count);
    }
    return normalise_batch(input, statistics, {weight, bias, options.eps(), addend, is_rectified});
  }
  torch::Tensor output = normalise_alone(input);
  if (addend.defined()) output += addend;
  return is_rectified ? output.relu_() : output;
}

torch::Tensor BatchNormImpl::normalise_alone(const torch::Tensor& input) {
  if (is_folded) {
    TORCH_CHECK(!is_training(), "a batch norm that is folded into its convolution cannot be trained");
    return input;
  }
  if (communicator != nullptr && is_training()) return normalise_jointly(*this, input, *communicator);
  const bool is_tracking = options.track_running_stats();
  const double share = is_training() && is_tracking ? count_batch(*this) : options.momentum().value_or(0.0);
  return torch::batch_norm(input, weight, bias, running_mean, running_var, is_training() || !is_tracking,
                           share, options.eps(), at::globalContext().userEnabledCuDNN());
}

void BatchNormImpl::_check_input_dim(const torch::Tensor& input) {
  TORCH_CHECK(input.dim() >= 3, "batch norm of ", input.dim(), " dimensions, wanted [N, C, ...]");
}

void synchronise_batch_norms(torch::nn::Module& module, Communicator& communicator) {
  if (communicator.is_alone()) return;
  for (const auto& layer : module.modules(/*include_self=*/false)) {
    if (auto* norm = dynamic_cast<BatchNormImpl*>(layer.get())) norm->communicator = &communicator;
  }
}

void set_batch_norm_momentum(torch::nn::Module& module, double momentum) {
  for (const auto& layer : module.modules(/*include_self=*/false)) {
    if (auto* norm = dynamic_cast<BatchNormImpl*>(layer.get())) norm->options.momentum(momentum);
  }
}

int fold_batch_norms(torch::nn::Module& module) {
  const torch::NoGradGuard no_grad;
  int count = 0;
  for (const auto& parent : module.modules()) {
    torch::nn::Module* previous = nullptr;
    for (const auto& child : parent->children()) {
      if (auto* norm = dynamic_cast<BatchNormImpl*>(child.get())) count += fold_into(previous, *norm) ? 1 : 0;
      previous = child.get();
    }
  }
  return count;
}

}  // namespace ferv::nn

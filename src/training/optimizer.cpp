// SPDX-License-Identifier: Apache-2.0
#include "optimizer.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <cmath>
#include <numbers>

#include "ferv/base/error.h"

namespace ferv::training {
namespace {

constexpr std::int64_t kGrain =
    32768;  // elements a thread takes at least: below, starting threads costs more

/// `gradient` in the parameter's memory order: one pass over both is then a plain loop.
torch::Tensor in_order_of(const torch::Tensor& parameter, const torch::Tensor& gradient) {
  if (gradient.scalar_type() == parameter.scalar_type() && gradient.strides() == parameter.strides())
    return gradient;
  return torch::empty_like(parameter).copy_(gradient);
}

/// v = momentum * v + g + decay * w;  w -= rate * v (torch.optim.SGD without dampening or Nesterov).
class Sgd : public Optimizer {
 public:
  Sgd(std::vector<torch::Tensor> parameters, double momentum, double weight_decay)
      : Optimizer(std::move(parameters), {"velocity"}),
        momentum_(static_cast<float>(momentum)),
        weight_decay_(static_cast<float>(weight_decay)) {}

 protected:
  void update(torch::Tensor& parameter, const torch::Tensor& gradient, std::vector<torch::Tensor>& slots,
              double learning_rate) override {
    if (!parameter.is_cpu()) {
      slots[0].mul_(momentum_).add_(gradient).add_(parameter, weight_decay_);
      parameter.sub_(slots[0], learning_rate);
      return;
    }
    float* weight = parameter.data_ptr<float>();
    const float* slope = gradient.data_ptr<float>();
    float* velocity = slots[0].data_ptr<float>();
    const auto rate = static_cast<float>(learning_rate);
    at::parallel_for(0, parameter.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        velocity[i] = momentum_ * velocity[i] + (slope[i] + weight_decay_ * weight[i]);
        weight[i] -= rate * velocity[i];
      }
    });
  }

 private:
  float momentum_;
  float weight_decay_;
};

/// AdamW (Loshchilov and Hutter 2019, algorithm 2) with torch.optim.AdamW's defaults: betas 0.9 and 0.999,
/// epsilon 1e-8.
class AdamW : public Optimizer {
 public:
  AdamW(std::vector<torch::Tensor> parameters, double weight_decay)
      : Optimizer(std::move(parameters), {"mean", "square"}), weight_decay_(weight_decay) {}

 protected:
  void update(torch::Tensor& parameter, const torch::Tensor& gradient, std::vector<torch::Tensor>& slots,
              double learning_rate) override {
    constexpr float kBeta1 = 0.9F;
    constexpr float kBeta2 = 0.999F;
    constexpr float kEpsilon = 1e-8F;
    const auto step = static_cast<double>(steps_done() + 1);
    const auto rate = static_cast<float>(learning_rate / (1.0 - std::pow(0.9, step)));
    const auto correction = static_cast<float>(1.0 / std::sqrt(1.0 - std::pow(0.999, step)));
    const auto keep = static_cast<float>(1.0 - learning_rate * weight_decay_);
    if (!parameter.is_cpu()) {
      slots[0].mul_(kBeta1).add_(gradient, 1.0 - kBeta1);
      slots[1].mul_(kBeta2).addcmul_(gradient, gradient, 1.0 - kBeta2);
      parameter.mul_(keep).addcdiv_(slots[0], (slots[1].sqrt() * correction).add_(kEpsilon), -rate);
      return;
    }
    float* weight = parameter.data_ptr<float>();
    const float* slope = gradient.data_ptr<float>();
    float* mean = slots[0].data_ptr<float>();
    float* square = slots[1].data_ptr<float>();
    at::parallel_for(0, parameter.numel(), kGrain, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t i = begin; i < end; ++i) {
        mean[i] = kBeta1 * mean[i] + (1.0F - kBeta1) * slope[i];
        square[i] = kBeta2 * square[i] + (1.0F - kBeta2) * slope[i] * slope[i];
        weight[i] = keep * weight[i] - rate * mean[i] / (std::sqrt(square[i]) * correction + kEpsilon);
      }
    });
  }

 private:
  double weight_decay_;
};

}  // namespace

Optimizer::Optimizer(std::vector<torch::Tensor> parameters, std::vector<std::string> slot_names)
    : parameters_(std::move(parameters)),
      slot_names_(std::move(slot_names)),
      rate_factors_(parameters_.size(), 1.0) {
  for (const torch::Tensor& parameter : parameters_) {
    std::vector<torch::Tensor> slots;
    for (std::size_t i = 0; i < slot_names_.size(); ++i)
      slots.push_back(torch::zeros_like(parameter.detach()));
    slots_.push_back(std::move(slots));
  }
}

void Optimizer::step(double learning_rate) {
  const torch::NoGradGuard no_grad;
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    torch::Tensor& parameter = parameters_[i];
    if (!parameter.grad().defined()) continue;
    update(parameter, in_order_of(parameter, parameter.grad()), slots_[i], learning_rate * rate_factors_[i]);
  }
  ++steps_done_;
}

void Optimizer::set_rate_factors(std::vector<double> factors) {
  if (factors.size() != parameters_.size()) {
    throw invalid_argument(std::to_string(factors.size()) + " rate factors, wanted " +
                           std::to_string(parameters_.size()) + ": one a parameter");
  }
  rate_factors_ = std::move(factors);
}

void Optimizer::zero_gradients() {
  for (torch::Tensor& parameter : parameters_) parameter.mutable_grad().reset();
}

double Optimizer::clip_gradients(double limit) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> norms;
  for (const torch::Tensor& parameter : parameters_) {
    if (parameter.grad().defined()) norms.push_back(parameter.grad().norm());
  }
  if (norms.empty()) return 0;
  // Read back once: a GPU would wait for the processor at each.
  const torch::Tensor all = torch::stack(norms).to(torch::kCPU, torch::kFloat64);
  double sum = 0;
  for (std::int64_t i = 0; i < all.size(0); ++i) sum += all.data_ptr<double>()[i] * all.data_ptr<double>()[i];
  const double norm = std::sqrt(sum);
  if (norm > limit) {
    for (torch::Tensor& parameter : parameters_) {
      if (parameter.grad().defined()) parameter.mutable_grad().mul_(limit / (norm + 1e-6));
    }
  }
  return norm;
}

weights::NamedTensors Optimizer::state() const {
  weights::NamedTensors state;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    for (std::size_t k = 0; k < slot_names_.size(); ++k) {
      state.tensors.emplace_back("optimizer." + std::to_string(i) + "." + slot_names_[k], slots_[i][k]);
    }
  }
  return state;
}

void Optimizer::load_state(const weights::NamedTensors& state, std::int64_t steps_done) {
  const torch::NoGradGuard no_grad;
  const weights::NamedTensors own = this->state();
  if (own.tensors.size() != state.tensors.size()) {
    throw incompatible("checkpoint holds " + std::to_string(state.tensors.size()) +
                       " optimiser tensors, wanted " + std::to_string(own.tensors.size()));
  }
  for (std::size_t i = 0; i < own.tensors.size(); ++i) {
    const auto& [name, tensor] = own.tensors[i];
    const auto& [given_name, given] = state.tensors[i];
    if (name != given_name || tensor.sizes() != given.sizes()) {
      throw incompatible("checkpoint has optimiser tensor " + given_name + ", wanted " + name +
                         " of the model's shape");
    }
    torch::Tensor(tensor).copy_(given);
  }
  steps_done_ = steps_done;
}

std::unique_ptr<Optimizer> make_optimizer(std::vector<torch::Tensor> parameters,
                                          const TrainOptions& options) {
  if (options.optimizer == "sgd")
    return std::make_unique<Sgd>(std::move(parameters), options.momentum, options.weight_decay);
  if (options.optimizer == "adamw")
    return std::make_unique<AdamW>(std::move(parameters), options.weight_decay);
  throw invalid_argument("optimizer is '" + options.optimizer + "', wanted sgd or adamw");
}

double learning_rate_at(const TrainOptions& options, double epoch) {
  const double warm_up = options.warmup_epochs;
  if (epoch < warm_up) return options.learning_rate * epoch / warm_up;
  if (options.schedule == "cosine") {
    const double length = options.epochs - warm_up;
    const double share = length > 0 ? std::min(1.0, (epoch - warm_up) / length) : 1.0;
    return options.learning_rate * 0.5 * (1.0 + std::cos(std::numbers::pi * share));
  }
  if (options.schedule == "step") {
    return options.learning_rate * std::pow(options.step_factor, std::floor(epoch / options.step_epochs));
  }
  return options.learning_rate;
}

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/lstm_sequence.h"

#include <torch/torch.h>

#include "ferv/nn/precision.h"

namespace ferv::nn {
namespace {

/// Values of the four gates, side by side.
struct Gates {
  explicit Gates(const torch::Tensor& step) : width(step.size(1) / 4), all(step) {}
  [[nodiscard]] torch::Tensor in() const { return all.narrow(1, 0, width); }
  [[nodiscard]] torch::Tensor forget() const { return all.narrow(1, width, width); }
  [[nodiscard]] torch::Tensor candidate() const { return all.narrow(1, 2 * width, width); }
  [[nodiscard]] torch::Tensor out() const { return all.narrow(1, 3 * width, width); }

  std::int64_t width;
  torch::Tensor all;  ///< [B, 4H]
};

class LastOutput : public torch::autograd::Function<LastOutput> {
 public:
  /// `type`: of the products' factors.
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& features,
                               const torch::Tensor& input_weights, const torch::Tensor& recurrent_weights,
                               const torch::Tensor& input_bias, const torch::Tensor& recurrent_bias,
                               torch::ScalarType type) {
    const AutocastScope as_written(Precision::kFloat32, features.device().type());
    const torch::ScalarType exact = type == torch::kFloat64 ? torch::kFloat64 : torch::kFloat32;
    const std::int64_t clip_count = features.size(0);
    const std::int64_t step_count = features.size(1);
    const std::int64_t width = recurrent_weights.size(1);
    // Step by step in memory: [T * B, D].
    const torch::Tensor seen = features.transpose(0, 1).to(type).contiguous().flatten(0, 1);
    const torch::Tensor input_matrix = input_weights.to(type);
    const torch::Tensor recurrent_matrix = recurrent_weights.to(type);
    torch::Tensor gates = (seen.mm(input_matrix.t()).to(exact) + (input_bias + recurrent_bias))
                              .view({step_count, clip_count, 4 * width});
    // Place t holds what step t begins with.
    torch::Tensor cells = torch::zeros({step_count + 1, clip_count, width}, gates.options());
    torch::Tensor hidden = torch::zeros({step_count + 1, clip_count, width}, gates.options().dtype(type));
    torch::Tensor output;
    for (std::int64_t t = 0; t < step_count; ++t) {
      const Gates step(gates[t]);
      if (t > 0) step.all.add_(hidden[t].mm(recurrent_matrix.t()));
      step.in().sigmoid_();
      step.forget().sigmoid_();
      step.candidate().tanh_();
      step.out().sigmoid_();
      torch::Tensor cell = cells[t + 1];
      torch::mul_out(cell, step.forget(), cells[t]);
      cell.addcmul_(step.in(), step.candidate());
      output = step.out() * cell.tanh();
      hidden[t + 1].copy_(output);
    }
    context->save_for_backward({seen, input_matrix, recurrent_matrix, gates, cells, hidden});
    context->saved_data["features_type"] = static_cast<std::int64_t>(features.scalar_type());
    return output;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const AutocastScope as_written(Precision::kFloat32, gradients[0].device().type());
    const auto saved = context->get_saved_variables();
    const torch::Tensor& seen = saved[0];
    const torch::Tensor& input_matrix = saved[1];
    const torch::Tensor& recurrent_matrix = saved[2];
    const torch::Tensor& gates = saved[3];
    const torch::Tensor& cells = saved[4];
    const torch::Tensor& hidden = saved[5];
    const torch::ScalarType type = seen.scalar_type();
    const torch::ScalarType exact = gates.scalar_type();
    const std::int64_t step_count = gates.size(0);

    torch::Tensor of_gates = torch::empty_like(gates);
    torch::Tensor of_hidden = gradients[0].to(exact);
    torch::Tensor of_cell = torch::zeros_like(of_hidden);
    for (std::int64_t t = step_count - 1; t >= 0; --t) {
      const Gates step(gates[t]);
      const Gates back(of_gates[t]);
      const torch::Tensor bounded = cells[t + 1].tanh();
      const auto sigmoid_slope = [](const torch::Tensor& value) { return value * (1 - value); };
      of_cell = of_cell + of_hidden * step.out() * (1 - bounded * bounded);
      back.out().copy_(of_hidden * bounded * sigmoid_slope(step.out()));
      back.in().copy_(of_cell * step.candidate() * sigmoid_slope(step.in()));
      back.forget().copy_(of_cell * cells[t] * sigmoid_slope(step.forget()));
      back.candidate().copy_(of_cell * step.in() * (1 - step.candidate() * step.candidate()));
      if (t == 0) break;
      of_hidden = back.all.to(type).mm(recurrent_matrix).to(exact);
      of_cell = of_cell * step.forget();
    }

    const torch::Tensor of_all_gates = of_gates.flatten(0, 1);
    const torch::Tensor factor = of_all_gates.to(type);
    torch::Tensor of_features;
    if (context->needs_input_grad(0)) {
      of_features = factor.mm(input_matrix)
                        .view({step_count, gates.size(1), seen.size(1)})
                        .transpose(0, 1)
                        .to(static_cast<torch::ScalarType>(context->saved_data["features_type"].toInt()));
    }
    const torch::Tensor of_bias = of_all_gates.sum(0);
    const torch::Tensor before = hidden.narrow(0, 0, step_count).flatten(0, 1);
    return {of_features,    factor.t().mm(seen).to(exact), factor.t().mm(before).to(exact), of_bias, of_bias,
            torch::Tensor()};
  }
};

}  // namespace

torch::Tensor lstm_last_output(const torch::Tensor& features, const LstmWeights& weights) {
  const torch::ScalarType type =
      features.scalar_type() == torch::kFloat64 ? torch::kFloat64 : product_type(features.device().type());
  return LastOutput::apply(features, weights.input, weights.recurrent, weights.input_bias,
                           weights.recurrent_bias, type);
}

}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
// Additive angular margin (ArcFace; Deng et al. 2019, arXiv:1801.07698): a classifier of directions.
#pragma once

#include <torch/torch.h>

namespace ferv::training {

struct MarginOptions {
  double scale = 32.0;  ///< s: what cosines are multiplied by before the softmax
  double margin = 0.4;  ///< m, in radians: added to the angle to the true class
};

/// cosines float32 [B, K], labels int64 [B] -> logits [B, K]: s * cos(theta + m) for the true class, s *
/// cos(theta) for the others. Where theta + m passes pi, the cosine would rise again; there the logit goes on
/// falling as s * (cos(theta) - m * sin(m)).
[[nodiscard]] torch::Tensor margin_logits(const torch::Tensor& cosines, const torch::Tensor& labels,
                                          const MarginOptions& options);

/// One direction a class. The features are centred and scaled by a batch norm first: those of a ResNet are
/// all positive and fill only a corner of the sphere.
class MarginHead : public torch::nn::Module {
 public:
  MarginHead(int feature_count, int class_count);
  /// features float32 [B, D] -> cosines of their angles to every class, [B, K].
  torch::Tensor forward(const torch::Tensor& features);

 private:
  torch::nn::BatchNorm1d neck_{nullptr};
  torch::Tensor weight_;
};

}  // namespace ferv::training

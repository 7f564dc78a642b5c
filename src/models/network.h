// SPDX-License-Identifier: Apache-2.0
// What every network of the zoo is underneath: a module from streams of clips to logits.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <span>

#include "ferv/nn/layout.h"

namespace ferv::models {

class Network : public torch::nn::Module {
 public:
  /// One float [B, 3, T, H, W] a stream, checked already; returns logits [B, K].
  virtual torch::Tensor forward(std::span<const torch::Tensor> streams) = 0;
};

/// A network of one stream that looks at every frame by itself before it looks at the clip.
class FrameNetwork : public Network {
 public:
  /// Pictures [N, 3, H, W] -> what the clip needs to know of each, [N, D].
  virtual torch::Tensor frame_features(const torch::Tensor& pictures) = 0;
  /// Features of the frames of clips, in order, [B, T, D] -> logits [B, K].
  virtual torch::Tensor join_frames(const torch::Tensor& features) = 0;

  torch::Tensor forward(std::span<const torch::Tensor> streams) final {
    const std::int64_t clip_count = streams[0].size(0);
    return join_frames(frame_features(nn::fold_frames(streams[0])).unflatten(0, {clip_count, -1}));
  }
};

}  // namespace ferv::models

// SPDX-License-Identifier: Apache-2.0
// What a network costs: its layers with output shapes, parameters and multiply-accumulates.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/models/zoo.h"

namespace ferv::models {

/// A layer with parameters, as one clip passes it.
struct LayerSummary {
  std::string name;  ///< as in the state dict: "layer1.0.conv1"
  std::string kind;  ///< "conv2d", "conv3d", "batch_norm", "linear" or "lstm"
  /// For one clip. Layers that see frames by themselves have the frames in front: [T, C, H, W].
  std::vector<std::int64_t> output_shape;
  std::int64_t parameter_count = 0;
  std::int64_t mac_count = 0;
};

struct ModelSummary {
  std::vector<LayerSummary> layers;  ///< in the order in which they run
  std::int64_t parameter_count = 0;
  /// Multiply-accumulates of one clip forward, all streams: convolutions, linear layers and LSTMs, without
  /// biases. Papers call this number FLOPs or twice this number.
  std::int64_t mac_count = 0;
  /// Bytes of the outputs of all layers above in float32, for one clip: what training has to keep of a clip
  /// until its backward pass, but for pools and sums. Inference needs far less, for it keeps none of them.
  std::int64_t activation_bytes = 0;
};

/// Runs one clip of zeros forward in evaluation mode, in float32, on the device of the parameters. The model
/// is as before afterwards.
[[nodiscard]] ModelSummary summarise(Model& model);

/// Of a row, at the input that `options` give. Throws as make_model() does.
[[nodiscard]] ModelSummary summarise(std::string_view id, const ModelOptions& options);

}  // namespace ferv::models

// SPDX-License-Identifier: Apache-2.0
// Between zoo models and files: fresh weights, and logits of inputs given as arrays (for parity with other
// programs).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/npy.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/precision.h"

namespace ferv::training {

/// Parameters by the first part of their names: "conv1", "layer1", "lstm".
struct ParameterGroup {
  std::string name;
  std::int64_t tensor_count = 0;
  std::int64_t parameter_count = 0;
};
[[nodiscard]] std::vector<ParameterGroup> parameter_groups(models::Model& model);

/// Writes the row's initial weights for the seven expressions, with metadata, atomically.
void write_fresh_weights(const std::string& model, std::uint64_t seed, const std::filesystem::path& path);

enum class WeightsFormat { kSafetensors, kPth };

/// Writes weights in another format, metadata included; of a safetensors file as of a .pth. `half` turns
/// floating-point tensors into float16. Throws what read_weights() throws, and kIo.
void convert_weights(const std::filesystem::path& from, const std::filesystem::path& to, WeightsFormat format,
                     bool half);

struct LogitsRequest {
  std::filesystem::path weights;
  std::vector<std::filesystem::path> inputs;  ///< .npy, float32 [B, 3, T, H, W], one a stream
  std::string model;                          ///< "" or the row that the weights must be of
  nn::Precision precision = nn::Precision::kFloat32;
  /// "" or a safetensors file to write what one training step would see: under the parameters' names the
  /// gradients of the mean cross-entropy against the first class, under the buffers' names the running
  /// statistics after the forward pass. Training mode with dropout off, so that other programs can repeat it.
  std::filesystem::path gradients;
  bool gradients_in_float64 = false;  ///< calculated so; what is written is float32
};
/// float32 [B, K], evaluation mode; T, H, W of the inputs as the weights' metadata say. Throws kIncompatible
/// with the files and both values, kIo for gradients that cannot be written.
[[nodiscard]] NpyArray logits_of(const LogitsRequest& request);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// Named tensors with metadata: what every weights format is read into and written from.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace torch::nn {
class Module;
}

namespace ferv::weights {

/// Tensors in file order; all on the CPU, contiguous.
struct NamedTensors {
  std::vector<std::pair<std::string, torch::Tensor>> tensors;
  /// For ferv's own files: model, classes (comma separated), clip_spec (JSON), training_data, split, metrics,
  /// license, ferv_version. Values are text.
  std::map<std::string, std::string> metadata;
};

/// Reads a safetensors file. Throws kNotFound, or kCorruptData with what was found and wanted.
[[nodiscard]] NamedTensors read_safetensors(const std::filesystem::path& path);
/// Writes atomically. Throws kIo.
void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors);

/// All parameters and buffers of a module in registration order (no copies).
[[nodiscard]] NamedTensors state_of(const torch::nn::Module& module);

/// Copies every tensor into the parameter or buffer of the same name. Throws kIncompatible, naming the first
/// tensors that are missing, left over or of another shape (both shapes), before anything is changed.
void load_state(torch::nn::Module& module, const NamedTensors& tensors);

}  // namespace ferv::weights

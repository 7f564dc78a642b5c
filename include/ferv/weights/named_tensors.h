// SPDX-License-Identifier: Apache-2.0
// Named tensors with metadata: what every weights format is read into and written from.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <map>
#include <span>
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

/// Reads a checkpoint of torch.save (.pth, .pt; the ZIP format since PyTorch 1.6 and the one before it). The
/// state dict may lie under `state_dict`, `model_state_dict`, `model` or `net`; `module.` in front of all
/// names goes; an optimiser's state and plain values beside the tensors are passed over. No code runs: a file
/// that names any class or function beyond tensors and plain data is refused with that name. Throws
/// kNotFound, or kCorruptData with what was found and wanted.
[[nodiscard]] NamedTensors read_pth(const std::filesystem::path& path);
/// Writes an OrderedDict of tensors for Python's torch.load, also with weights_only=True; atomically, and the
/// same bytes for the same tensors. Metadata goes into a record that torch.load passes over and read_pth()
/// reads. Throws kIo, kInvalidArgument for a name that stands twice, kUnsupported for a dtype that the format
/// lacks.
void write_pth(const std::filesystem::path& path, const NamedTensors& tensors);

/// Reads either format, told apart by content and not by the file's name. Throws kNotFound, or kCorruptData;
/// for other files (text, a web page, a Git LFS pointer, ONNX, ...) the message says what was found.
[[nodiscard]] NamedTensors read_weights(const std::filesystem::path& path);

/// The same with floating-point tensors as float16. Throws kFailed, naming the tensor, for values beyond its
/// range: they would be read back as infinite.
[[nodiscard]] NamedTensors in_half_precision(const NamedTensors& tensors);

/// All parameters and buffers of a module in registration order (no copies).
[[nodiscard]] NamedTensors state_of(const torch::nn::Module& module);

/// Copies every tensor into the parameter or buffer of the same name. Throws kIncompatible, naming the first
/// tensors that are missing, left over or of another shape (both shapes), before anything is changed.
void load_state(torch::nn::Module& module, const NamedTensors& tensors);

/// What load_matching() found, by name.
struct MatchReport {
  std::vector<std::string> matched;  ///< of the module: filled from the file
  std::vector<std::string> missing;  ///< of the module: nothing in the file bears the name; left as they were
  std::vector<std::string> misshapen;  ///< "fc.weight is [1000, 512], wanted [7, 512]": left as they were
  std::vector<std::string> left_over;  ///< of the file: used by nothing
};

/// Fills what fits and leaves the rest. Names are compared whole first, then without one leading word of
/// `wrappers` ("backbone.", "face."), so that the trunk of one network fills the trunk of another, and one
/// trunk both streams of a pair; where several tensors of the file could serve, the earlier wrapper wins.
[[nodiscard]] MatchReport load_matching(torch::nn::Module& module, const NamedTensors& tensors,
                                        std::span<const std::string> wrappers);

}  // namespace ferv::weights

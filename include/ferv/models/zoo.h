// SPDX-License-Identifier: Apache-2.0
// The model zoo: one explicit table of all rows, and the surface that every model shows.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/base/clip_spec.h"

namespace torch::nn {
class Module;
}

namespace ferv::models {

struct ModelOptions {
  int class_count = 7;
  ClipSpec spec;  ///< T, H, W that forward() will accept
};

/// A row of the zoo, ready to run.
/// forward(): inputs float [B, 3, T, H, W] normalised, one tensor a stream; returns logits float32 [B, K].
/// Throws kIncompatible, with the shape found and the shape wanted, for anything else.
class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual torch::Tensor forward(std::span<const torch::Tensor> streams) = 0;
  /// Parameters and buffers, by the ecosystem's names (shared/zoo.md).
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
  [[nodiscard]] virtual const ModelOptions& options() const = 0;
  [[nodiscard]] virtual int stream_count() const { return 1; }
};

/// What the table says about a row.
struct ModelCard {
  std::string id;    ///< "r18_lstm"
  std::string name;  ///< "R18-LSTM"
  std::string backbone;
  std::string pretrained;            ///< "", "MS-Celeb-1M" or "DFEW"
  std::string published_war_uar;     ///< as printed, e.g. "42.59/30.92" or "41.XX/31.XX"
  std::string published_params;      ///< as printed, e.g. "132M"
  std::int64_t parameter_count = 0;  ///< exact, 7 classes
  std::string summary;
  int stream_count = 1;
  bool frame_order_matters = true;
  ClipSpec spec = {};  ///< default input
};

[[nodiscard]] std::span<const ModelCard> zoo();
/// Throws kInvalidArgument with a suggestion for an unknown id.
[[nodiscard]] const ModelCard& card(std::string_view id);
/// Builds a row with fresh weights as torchvision initialises them. `seed` makes them reproducible.
[[nodiscard]] std::unique_ptr<Model> make_model(std::string_view id, const ModelOptions& options,
                                                std::uint64_t seed);

[[nodiscard]] std::int64_t count_parameters(const Model& model);

}  // namespace ferv::models

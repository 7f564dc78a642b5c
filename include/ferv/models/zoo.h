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
#include "ferv/nn/precision.h"

namespace torch::nn {
class Module;
}

namespace ferv::models {

struct ModelOptions {
  int class_count = 7;
  ClipSpec spec;  ///< T, H, W that forward() will accept
};

/// A row of the zoo, ready to run.
/// forward(): inputs float [B, 3, T, H, W] normalised, one tensor a stream; returns logits float32 [B, K]
/// (float64 where module and inputs are).
/// Throws kIncompatible, with the shape found and the shape wanted, for anything else.
class Model {
 public:
  virtual ~Model() = default;
  [[nodiscard]] virtual torch::Tensor forward(std::span<const torch::Tensor> streams) = 0;
  /// Whether every frame is looked at by itself first: then forward() of a clip is join_frames() of the
  /// frame_features() of its frames, and what was found in a frame serves every clip that shows it.
  [[nodiscard]] virtual bool is_framewise() const = 0;
  /// Pictures float [N, 3, H, W], normalised -> features [N, D]; D is the row's own. Throws kUnsupported for
  /// rows that are not framewise, kIncompatible for another shape.
  [[nodiscard]] virtual torch::Tensor frame_features(const torch::Tensor& pictures) = 0;
  /// Features of T frames each, [B, T, D] -> logits float32 [B, K]. Throws as frame_features().
  [[nodiscard]] virtual torch::Tensor join_frames(const torch::Tensor& features) = 0;
  /// Folds batch norms and stores weights as inference in `precision` wants them: from here on forward() and
  /// its halves work in evaluation mode alone, without gradients, and module() is no longer what a file
  /// holds. `precision` must be that of the AutocastScope around every later call.
  virtual void prepare_for_inference(nn::Precision precision) = 0;
  /// Parameters and buffers, by the ecosystem's names (shared/zoo.md).
  [[nodiscard]] virtual torch::nn::Module& module() = 0;
  [[nodiscard]] virtual const ModelOptions& options() const = 0;
  [[nodiscard]] virtual int stream_count() const = 0;
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
  /// "" or the row whose network this is, with other weights to start from.
  std::string architecture = {};
  /// "" or the weights that training must start from.
  std::string starts_from = {};
  /// What each input stream shows unless options say otherwise, in order: face crops, un-cropped scenes.
  std::vector<std::string> streams = {"face"};
  bool frame_order_matters = true;
  /// The paper does not give the structure: ours is one whose parameter count agrees with the published one.
  bool is_reconstructed = false;
  ClipSpec spec = {};  ///< default input
  /// T, H and W that the structure can take; normalisation is of no account here.
  ClipSpec smallest_input = {.frame_count = 1, .height_px = 1, .width_px = 1};
  ClipSpec largest_input = {.frame_count = 1024, .height_px = 4096, .width_px = 4096};

  [[nodiscard]] int stream_count() const { return static_cast<int>(streams.size()); }
};

[[nodiscard]] std::span<const ModelCard> zoo();
/// Throws kInvalidArgument with a suggestion for an unknown id.
[[nodiscard]] const ModelCard& card(std::string_view id);
/// Builds a row with fresh weights as torchvision initialises them. `seed` makes them reproducible. Throws
/// kInvalidArgument, with the value found and the value wanted, for fewer than two classes and for an input
/// outside of the card's limits.
[[nodiscard]] std::unique_ptr<Model> make_model(std::string_view id, const ModelOptions& options,
                                                std::uint64_t seed);

[[nodiscard]] std::int64_t count_parameters(const Model& model);

}  // namespace ferv::models

// SPDX-License-Identifier: Apache-2.0
// A trained model, ready to say what it sees in clips.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/sampling.h"

namespace ferv::inference {

struct PredictorOptions {
  int threads = 0;                 ///< of LibTorch; 0 = all cores this process may use
  std::string device = "auto";     ///< "auto", "cpu", "cuda" or "cuda:<number>"
  std::string precision = "auto";  ///< "auto", "fp32", "bf16", or on a GPU "fp16"
};

/// Weights of ferv with the model that their metadata name (`model`, `classes`, `clip_spec`, `sampling`).
/// Where they name two `test_crops`, probabilities are means over what is shown and its mirror image.
/// Not thread-safe: one call at a time.
class ClipPredictor {
 public:
  /// Throws kNotFound; kCorruptData for what are no weights of ferv; kIncompatible when tensors and model
  /// disagree; kUnsupported for rows of two streams, which want scene frames beside the faces, and for a GPU
  /// that is not seen.
  explicit ClipPredictor(const std::filesystem::path& weights, const PredictorOptions& options = {});
  ~ClipPredictor();
  ClipPredictor(ClipPredictor&&) noexcept;
  ClipPredictor& operator=(ClipPredictor&&) noexcept;

  /// `pixels`: uint8 [clip_count, T, H, W, 3] in C order, T, H, W as spec() has them. Returns probabilities
  /// [clip_count, K], each row summing to 1. Throws kInvalidArgument for another number of bytes, kFailed for
  /// probabilities that are not finite.
  [[nodiscard]] std::vector<double> predict(std::span<const std::uint8_t> pixels, std::size_t clip_count);

  /// Whether the model looks at every frame by itself and then at what it found there: CNN and CNN-LSTM rows.
  /// Then predict() of clips is predict_features() of their frames' frame_features(), and a frame that
  /// several clips show needs to be looked at once. Rows of 3-D convolutions mix frames from their first
  /// layer on: nothing of one clip serves another.
  [[nodiscard]] bool is_framewise() const;
  /// `pixels`: uint8 [frame_count, H, W, 3]. Returns [frame_count, D]; D is the weights' own. Throws
  /// kUnsupported for models that are not framewise, and as predict().
  [[nodiscard]] std::vector<float> frame_features(std::span<const std::uint8_t> pixels,
                                                  std::size_t frame_count);
  /// `features`: [clip_count, T, D], each frame's as frame_features() gave them. Returns and throws as
  /// predict().
  [[nodiscard]] std::vector<double> predict_features(std::span<const float> features, std::size_t clip_count);

  [[nodiscard]] const ClipSpec& spec() const;
  [[nodiscard]] const std::vector<std::string>& classes() const;
  /// How the frames of a clip were chosen in training.
  [[nodiscard]] const data::SamplingOptions& sampling() const;
  /// Central share of the side of a crop as `ferv face align` makes it that the pixels should show, 1 when
  /// the weights name none. FilmStream cuts so.
  [[nodiscard]] double test_crop() const;
  /// The probability below which the weights' maker would not give an answer; 0 when the weights name none.
  [[nodiscard]] double uncertain_below() const;
  /// What the weights say that they were trained on and how good they are, in one sentence for people.
  [[nodiscard]] const std::string& about() const;
  [[nodiscard]] const std::string& model_id() const;
  [[nodiscard]] const std::string& weights_hash() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::inference

// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/clip_predictor.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"
#include "ferv/nn/layout.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::inference {
namespace {

/// What people should know of it.
std::string text_about(const weights::ModelMetadata& metadata) {
  std::string data = metadata.trained_on;
  if (data.empty() && !metadata.training_data.empty()) data = "data " + metadata.training_data;
  if (data.empty()) data = "data that its weights do not name";
  const std::string figures = metadata.metrics.empty() ? "figures unknown" : metadata.metrics;
  const std::string split = metadata.split.empty() ? "" : " on the set '" + metadata.split + "'";
  return metadata.model + " trained on " + data + ": " + figures + split;
}

struct NotFinite {};

/// float64 [B * K] of logits [B, K]. Throws NotFinite.
std::vector<double> probabilities_of(const torch::Tensor& logits) {
  const torch::Tensor probabilities = torch::softmax(logits.to(torch::kCPU, torch::kFloat64), 1).contiguous();
  const double* values = probabilities.data_ptr<double>();
  std::vector<double> result(values, values + probabilities.numel());
  const bool is_finite =
      std::all_of(result.begin(), result.end(), [](double value) { return std::isfinite(value); });
  if (!is_finite) throw NotFinite();
  return result;
}

/// Of what is shown and of its mirror image.
std::vector<double> mean_of(std::vector<double> probabilities, const std::vector<double>& mirrored) {
  for (std::size_t i = 0; i < probabilities.size(); ++i)
    probabilities[i] = (probabilities[i] + mirrored[i]) / 2;
  return probabilities;
}

/// How many pictures some pixels are: clips times frames of each.
struct PictureCount {
  std::size_t clips = 0;
  std::size_t frames = 0;
};

void require_pixels(std::span<const std::uint8_t> pixels, const PictureCount& count, const ClipSpec& spec) {
  const std::size_t wanted = count.clips * count.frames * static_cast<std::size_t>(spec.height_px) *
                             static_cast<std::size_t>(spec.width_px) * 3;
  if (count.clips > 0 && pixels.size() == wanted) return;
  throw invalid_argument(std::to_string(count.clips) + " clips of " + std::to_string(pixels.size()) +
                         " bytes, wanted " + std::to_string(wanted) + " bytes and at least one clip of " +
                         to_string(spec));
}

/// uint8 [B, T, H, W, 3] -> float32 [B, 3, T, H, W] on `device`, as the model wants it.
torch::Tensor normalised(std::span<const std::uint8_t> pixels, const ClipSpec& spec, torch::Device device) {
  // from_blob takes no const pointer; normalise_clips copies and never writes.
  const torch::Tensor clips = torch::from_blob(const_cast<std::uint8_t*>(pixels.data()),
                                               {static_cast<std::int64_t>(pixels.size())}, torch::kUInt8)
                                  .view({-1, spec.frame_count, spec.height_px, spec.width_px, 3});
  return nn::normalise_clips(nn::copied_to(clips, device), spec);
}

}  // namespace

struct ClipPredictor::State {
  std::unique_ptr<models::Model> model;
  std::string model_id;
  std::string weights_hash;
  std::string about;
  std::vector<std::string> classes;
  ClipSpec spec;
  data::SamplingOptions sampling;
  double uncertain_below = 0;
  double test_crop = 1;
  bool is_mirrored_too = false;
  torch::Device device = torch::kCPU;
  nn::Precision precision = nn::Precision::kFloat32;

  /// Calls `work` with the model, set up as every call wants it.
  template <typename Work>
  auto with_model(const Work& work) const {
    try {
      const c10::InferenceMode inference;
      const nn::AutocastScope autocast(precision, device.type());
      return work(*model);
    } catch (const c10::Error& error) {
      throw failed(model_id + ": " + error.what_without_backtrace());
    } catch (const NotFinite&) {
      throw failed(model_id + " gives probabilities that are not finite: the weights are damaged");
    }
  }
};

ClipPredictor::ClipPredictor(const std::filesystem::path& weights, const PredictorOptions& options)
    : state_(std::make_unique<State>()) {
  State& state = *state_;
  nn::configure_runtime({options.threads});
  state.device = nn::device_from_name(options.device);
  state.precision = nn::precision_from_name(options.precision, state.device.type());
  const weights::NamedTensors file = weights::read_safetensors(weights);
  const weights::ModelMetadata metadata = weights::read_model_metadata(file.metadata, weights);
  state.model_id = metadata.model;
  state.classes = metadata.classes;
  state.spec = metadata.spec;
  state.sampling = {.segment_count = metadata.sampling.segment_count,
                    .frames_per_segment = metadata.sampling.frames_per_segment,
                    .method = metadata.sampling.method};
  state.about = text_about(metadata);
  state.uncertain_below = metadata.uncertain_below;
  state.test_crop = metadata.test_crop;
  state.is_mirrored_too = metadata.test_crops == 2;
  try {
    state.model = models::make_model(state.model_id, {static_cast<int>(state.classes.size()), state.spec}, 0);
    weights::load_state(state.model->module(), file);
  } catch (const Error& error) {
    throw incompatible(weights.string() + ": " + error.what());
  }
  if (state.model->stream_count() != 1) {
    throw unsupported(weights.string() + ": " + state.model_id + " wants " +
                      std::to_string(state.model->stream_count()) +
                      " streams (faces and scenes); films give faces only");
  }
  state.model->module().to(state.device);
  state.model->prepare_for_inference(state.precision);
  state.weights_hash = hash_file(weights);
}

ClipPredictor::~ClipPredictor() = default;
ClipPredictor::ClipPredictor(ClipPredictor&&) noexcept = default;
ClipPredictor& ClipPredictor::operator=(ClipPredictor&&) noexcept = default;

bool ClipPredictor::is_framewise() const {
  return state_->model->is_framewise();
}

std::vector<double> ClipPredictor::predict(std::span<const std::uint8_t> pixels, std::size_t clip_count) {
  const ClipSpec& spec = state_->spec;
  require_pixels(pixels, {clip_count, static_cast<std::size_t>(spec.frame_count)}, spec);
  return state_->with_model([&](models::Model& model) {
    const torch::Tensor clips = normalised(pixels, spec, state_->device);
    const std::vector<double> probabilities = probabilities_of(model.forward({&clips, 1}));
    if (!state_->is_mirrored_too) return probabilities;
    const torch::Tensor mirrored = clips.flip(4);
    return mean_of(probabilities, probabilities_of(model.forward({&mirrored, 1})));
  });
}

std::vector<float> ClipPredictor::frame_features(std::span<const std::uint8_t> pixels,
                                                 std::size_t frame_count) {
  ClipSpec spec = state_->spec;
  spec.frame_count = 1;
  require_pixels(pixels, {frame_count, 1}, spec);
  return state_->with_model([&](models::Model& model) {
    torch::Tensor pictures = nn::fold_frames(normalised(pixels, spec, state_->device));
    if (state_->is_mirrored_too) pictures = torch::cat({pictures, pictures.flip(3)});
    torch::Tensor features = model.frame_features(pictures).to(torch::kCPU, torch::kFloat32);
    if (state_->is_mirrored_too) features = torch::cat(features.chunk(2, 0), 1);
    features = features.contiguous();
    const auto* values = features.data_ptr<float>();
    return std::vector<float>(values, values + features.numel());
  });
}

std::vector<double> ClipPredictor::predict_features(std::span<const float> features, std::size_t clip_count) {
  const auto frame_count = static_cast<std::size_t>(state_->spec.frame_count);
  if (clip_count == 0 || features.empty() || features.size() % (clip_count * frame_count) != 0) {
    throw invalid_argument(std::to_string(features.size()) + " features of " + std::to_string(clip_count) +
                           " clips, wanted a whole number for each of " + std::to_string(frame_count) +
                           " frames of at least one clip");
  }
  return state_->with_model([&](models::Model& model) {
    // from_blob takes no const pointer; nothing writes to it.
    const torch::Tensor input =
        torch::from_blob(const_cast<float*>(features.data()),
                         {static_cast<std::int64_t>(clip_count), static_cast<std::int64_t>(frame_count),
                          static_cast<std::int64_t>(features.size() / (clip_count * frame_count))});
    const torch::Tensor frames = nn::copied_to(input, state_->device);
    if (!state_->is_mirrored_too) return probabilities_of(model.join_frames(frames));
    const std::vector<torch::Tensor> sides = frames.chunk(2, 2);
    return mean_of(probabilities_of(model.join_frames(sides[0].contiguous())),
                   probabilities_of(model.join_frames(sides[1].contiguous())));
  });
}

const ClipSpec& ClipPredictor::spec() const {
  return state_->spec;
}
const std::vector<std::string>& ClipPredictor::classes() const {
  return state_->classes;
}
const data::SamplingOptions& ClipPredictor::sampling() const {
  return state_->sampling;
}
double ClipPredictor::test_crop() const {
  return state_->test_crop;
}
double ClipPredictor::uncertain_below() const {
  return state_->uncertain_below;
}
const std::string& ClipPredictor::about() const {
  return state_->about;
}
const std::string& ClipPredictor::model_id() const {
  return state_->model_id;
}
const std::string& ClipPredictor::weights_hash() const {
  return state_->weights_hash;
}

}  // namespace ferv::inference

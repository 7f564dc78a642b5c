// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/infer_benchmark.h"

#include <torch/torch.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/base/median.h"
#include "ferv/base/random.h"
#include "ferv/base/stopwatch.h"
#include "ferv/inference/clip_predictor.h"
#include "ferv/inference/film_predictor.h"
#include "ferv/inference/timeline_builder.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::inference {
namespace {

namespace fs = std::filesystem;

constexpr int kClassCount = 7;
constexpr double kFrameS = 0.04;
constexpr int kUntimedClips = 2;

/// A file of fresh weights, gone with this: the predictor is timed as users have it.
class FreshWeights {
 public:
  explicit FreshWeights(const std::string& id)
      : path_(fs::temp_directory_path() / ("ferv_bench_" + std::to_string(::getpid()) + ".safetensors")) {
    const models::ModelCard& card = models::card(id);
    const auto model = models::make_model(id, {.class_count = kClassCount, .spec = card.spec}, /*seed=*/0);
    weights::NamedTensors file = weights::state_of(model->module());
    file.metadata = {{"model", id}, {"classes", "1,2,3,4,5,6,7"}, {"clip_spec", to_json(card.spec)}};
    weights::write_safetensors(path_, file);
  }
  ~FreshWeights() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  FreshWeights(const FreshWeights&) = delete;
  FreshWeights& operator=(const FreshWeights&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

std::vector<std::uint8_t> noise(std::size_t byte_count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> bytes(byte_count);
  for (auto& value : bytes) value = static_cast<std::uint8_t>(random.next());
  return bytes;
}

double time_clips(ClipPredictor& predictor, const InferBenchmarkOptions& options, const Observer& observer) {
  const ClipSpec& spec = predictor.spec();
  const std::vector<std::uint8_t> clip =
      noise(static_cast<std::size_t>(spec.frame_count) * static_cast<std::size_t>(spec.height_px) *
                static_cast<std::size_t>(spec.width_px) * 3,
            1);
  std::vector<double> times;
  for (int i = 0; i < options.rounds + kUntimedClips; ++i) {
    if (observer.should_stop()) throw failed("stopped while measuring; nothing was written");
    const Stopwatch watch;
    (void)predictor.predict(clip, 1);
    if (i >= kUntimedClips) times.push_back(watch.seconds());
  }
  return 1e3 * median(times);
}

/// One way through a film of noise with one face.
struct FilmPass {
  double window_ms = 0;
  std::vector<std::vector<double>> probabilities;  ///< of the rows handed out
};

FilmPass pass_film(const WindowModel& model, const InferBenchmarkOptions& options, const Observer& observer) {
  FilmPass pass;
  TimelineBuilder builder(model, {.stride = 1},
                          [&](const TimelineRow& row) { pass.probabilities.push_back(row.probabilities); });
  const int window_frames = static_cast<int>(std::lround(WindowOptions{}.window_s / kFrameS));
  const int untimed = 2 * window_frames;
  Stopwatch watch;
  for (int frame = 0; frame < untimed + options.window_count; ++frame) {
    if (observer.should_stop()) throw failed("stopped while measuring; nothing was written");
    if (frame == untimed) watch.restart();
    CroppedFace face{{}, media::Image(model.spec.width_px, model.spec.height_px)};
    face.face.id = 1;
    face.crop.pixels = noise(face.crop.pixels.size(), static_cast<std::uint64_t>(frame));
    FrameInput input{frame, frame * kFrameS, {}, false};
    input.faces.push_back(std::move(face));
    builder.push(std::move(input));
  }
  pass.window_ms = 1e3 * watch.seconds() / options.window_count;
  builder.finish();
  return pass;
}

double largest_difference(const FilmPass& a, const FilmPass& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.probabilities.size(); ++i) {
    for (std::size_t k = 0; k < a.probabilities[i].size(); ++k)
      largest = std::max(largest, std::abs(a.probabilities[i][k] - b.probabilities.at(i).at(k)));
  }
  return largest;
}

}  // namespace

InferBenchmark benchmark_inference(const InferBenchmarkOptions& options, const Observer& observer) {
  const FreshWeights weights(options.model);
  ClipPredictor predictor(
      weights.path(), {.threads = options.threads, .device = options.device, .precision = options.precision});
  InferBenchmark result;
  result.model = options.model;
  result.spec = predictor.spec();
  const torch::Device device = nn::device_from_name(options.device);
  result.device = device.str();
  result.precision = nn::to_string(nn::precision_from_name(options.precision, device.type()));
  result.threads = nn::runtime_facts().threads;
  result.clip_ms = time_clips(predictor, options, observer);

  const WindowModel shared = window_model(predictor);
  WindowModel by_clips = shared;
  by_clips.frame_features = nullptr;
  by_clips.predict_features = nullptr;
  const FilmPass clip_by_clip = pass_film(by_clips, options, observer);
  result.window_ms = result.window_ms_clip_by_clip = clip_by_clip.window_ms;
  if (!shared.frame_features) return result;
  const FilmPass once = pass_film(shared, options, observer);
  result.window_ms = once.window_ms;
  result.speed_up = clip_by_clip.window_ms / once.window_ms;
  result.largest_difference = largest_difference(clip_by_clip, once);
  return result;
}

}  // namespace ferv::inference

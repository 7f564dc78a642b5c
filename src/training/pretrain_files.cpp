// SPDX-License-Identifier: Apache-2.0
#include "pretrain_files.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/version.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/risk.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"
#include "loss.h"

namespace ferv::training {
namespace {

constexpr std::string_view kBackbonePrefix = "backbone.";
constexpr const char* kIdentityHeader =
    "epoch,learning_rate,train_loss,train_accuracy,verification_accuracy,verification_low,verification_high,"
    "area_under_roc,pictures_per_s,data_wait_share,seconds";

std::map<std::string, std::string> expression_metadata(const PretrainOptions& options,
                                                       const PretrainData& data,
                                                       const HeldOutFigures& figures) {
  weights::ModelMetadata metadata;
  metadata.model = options.backbone;
  metadata.classes = data.set.classes;
  metadata.spec = spec_of(options);
  metadata.sampling = {.segment_count = 1, .frames_per_segment = 1};
  metadata.training_data = data.fingerprint;
  metadata.split = "val";
  metadata.protocol = "clean";
  metadata.metrics = figures.text;
  metadata.license = "as the training data's";
  metadata.trained_on = options.about_data;
  metadata.test_crop = options.test_crop;
  metadata.test_crops = options.test_crops;
  metadata.uncertain_below =
      evaluation::threshold_at_risk(evaluation::risk_curve(figures.results), options.uncertain_risk);
  return weights::to_metadata(metadata);
}

std::map<std::string, std::string> identity_metadata(const PretrainOptions& options, const PretrainData& data,
                                                     const std::string& figures) {
  std::map<std::string, std::string> metadata = {
      {"content", "backbone of " + options.backbone + ", trained to tell face identities apart"},
      {"backbone", options.backbone},
      {"head", options.head + " (left out)"},
      {"identities", std::to_string(data.class_count())},
      {"clip_spec", to_json(spec_of(options))},
      {"training_data", data.fingerprint},
      {"metrics", figures},
      {"license", "as the training data's"},
      {"ferv_version", std::string(version())}};
  if (!options.about_data.empty()) metadata["trained_on"] = options.about_data;
  return metadata;
}

/// Makes the first convolution see a picture in colours as its brightness (ITU-R BT.601) in all three
/// channels. On grey pictures nothing changes.
void see_brightness_alone(weights::NamedTensors& tensors) {
  for (auto& [name, tensor] : tensors.tensors) {
    if (name != "conv1.weight") continue;
    const torch::Tensor shares = torch::tensor({0.299F, 0.587F, 0.114F}).view({1, 3, 1, 1});
    tensor = (tensor.detach().sum(1, /*keepdim=*/true) * shares).contiguous();
  }
}

}  // namespace

void load_backbone(torch::nn::Module& backbone, const std::filesystem::path& path) {
  std::set<std::string> wanted;
  for (const auto& [name, tensor] : weights::state_of(backbone).tensors) wanted.insert(name);
  weights::NamedTensors matching;
  for (const auto& [name, tensor] : weights::read_weights(path).tensors) {
    const std::string bare = name.starts_with(kBackbonePrefix) ? name.substr(kBackbonePrefix.size()) : name;
    if (wanted.contains(bare)) matching.tensors.emplace_back(bare, tensor);
  }
  try {
    weights::load_state(backbone, matching);
  } catch (const Error& error) {
    throw incompatible(path.string() + ": " + error.what());
  }
}

void PretrainFiles::save_weights(const RunFolder& folder, const std::string& name, FaceNetwork& network,
                                 const HeldOutFigures& figures) const {
  weights::NamedTensors tensors;
  if (data_.is_expression) {
    tensors = weights::state_of(network);
    tensors.metadata = expression_metadata(options_, data_, figures);
  } else {
    tensors = weights::state_of(*network.backbone());
    tensors.metadata = identity_metadata(options_, data_, figures.text);
  }
  if (options_.grey_probability == 1) see_brightness_alone(tensors);
  if (options_.weights_format == "fp16") tensors = weights::in_half_precision(tensors);
  weights::write_safetensors(folder.weights(name), tensors);
}

void PretrainFiles::record_epoch(RunFolder& folder, EpochMetrics metrics,
                                 const HeldOutFigures& figures) const {
  if (data_.is_expression) {
    metrics.val_loss = mean_log_loss(figures.results);
    metrics.val_war = figures.war;
    metrics.val_uar = figures.uar;
    folder.record_epoch(metrics);
    return;
  }
  const VerificationFigures& verification = figures.verification;
  folder.record_row(
      kIdentityHeader, metrics.epoch,
      fmt::format("{:.8g},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.2f},{:.4f},{:.1f}",
                  metrics.learning_rate, metrics.train_loss, metrics.train_war, verification.accuracy,
                  verification.low, verification.high, verification.area_under_roc, metrics.clips_per_s,
                  metrics.data_wait_share, metrics.seconds));
}

void PretrainFiles::save_figures(const RunFolder& folder, PretrainOutcome& outcome) const {
  const std::string weights_hash = hash_file(folder.weights("best"));
  if (data_.is_expression) {
    outcome.held_out.facts = {{"model", options_.backbone},
                              {"weights", "best.safetensors"},
                              {"weights_hash", weights_hash},
                              {"split", "val"},
                              {"protocol", "clean"},
                              {"data_fingerprint", data_.fingerprint},
                              {"ferv_version", std::string(version())}};
    evaluation::write_results(folder.results("val"), outcome.held_out);
    return;
  }
  const VerificationFigures& figures = outcome.verification;
  const nlohmann::ordered_json json = {{"protocol", "same or different person; folds share no person"},
                                       {"accuracy", figures.accuracy},
                                       {"interval_95", {figures.low, figures.high}},
                                       {"area_under_roc", figures.area_under_roc},
                                       {"pairs", figures.pair_count},
                                       {"folds", figures.fold_count},
                                       {"weights_hash", weights_hash},
                                       {"ferv_version", version()}};
  make_folder(folder.path() / "results");
  write_file_atomically(folder.path() / "results" / "verification.json", json.dump(2) + "\n");
}

}  // namespace ferv::training

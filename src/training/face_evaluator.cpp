// SPDX-License-Identifier: Apache-2.0
#include "face_evaluator.h"

#include <cmath>
#include <functional>

#include "evaluation_mode.h"
#include "ferv/base/error.h"
#include "ferv/nn/device.h"
#include "ferv/nn/layout.h"

namespace ferv::training {
namespace {

/// Gives `take` each batch and its pictures [B, 3, H, W], without gradients and in evaluation mode.
void for_each_batch(FaceNetwork& network, const FaceEvaluation& evaluation, const Observer& observer,
                    const std::function<void(const data::FaceBatch&, const torch::Tensor&)>& take) {
  data::FaceLoaderOptions options = evaluation.loader;
  options.training = false;
  options.drop_last = false;
  // A figure without the pictures that cannot be read would be one of another test set.
  options.bad_data = "fail";
  data::FaceLoader loader(evaluation.set, evaluation.positions, options);
  loader.start_epoch(0);
  const c10::InferenceMode inference;
  const EvaluationMode mode(network);
  const torch::Device device = nn::device_of(network);
  std::uint64_t done = 0;
  while (const data::FaceBatch* batch = loader.next()) {
    if (observer.should_stop()) throw failed("stopped while evaluating; nothing was written");
    take(*batch, pictures_of(*batch, evaluation.spec, device));
    done += batch->size();
    observer.progress({evaluation.task, done, evaluation.positions.size(), "pictures", ""});
  }
}

torch::Tensor features_of(FaceNetwork& network, const torch::Tensor& pictures) {
  return network.features(pictures).to(torch::kFloat32);
}

/// float64 [B, K].
torch::Tensor probabilities_of(FaceNetwork& network, const torch::Tensor& pictures) {
  return torch::softmax(network.scores(features_of(network, pictures)).to(torch::kCPU, torch::kFloat64), 1);
}

evaluation::ResultRow row_of(const torch::Tensor& probabilities, int label, std::string id) {
  evaluation::ResultRow row;
  row.clip = std::move(id);
  row.label = label;
  row.predicted = static_cast<int>(probabilities.argmax().item<std::int64_t>());
  const auto* values = probabilities.data_ptr<double>();
  row.probabilities.assign(values, values + probabilities.numel());
  if (!std::isfinite(row.probabilities[0]))
    throw failed("the network's output for " + row.clip + " is not finite");
  return row;
}

}  // namespace

torch::Tensor pictures_of(const data::FaceBatch& batch, const ClipSpec& spec, torch::Device device) {
  const torch::Tensor pixels = torch::from_blob(
      const_cast<std::uint8_t*>(batch.pixels.data()),
      {static_cast<std::int64_t>(batch.size()), 1, spec.height_px, spec.width_px, 3}, torch::kUInt8);
  return nn::fold_frames(nn::normalise_clips(nn::copied_to(pixels, device), spec));
}

evaluation::Results evaluate_expressions(FaceNetwork& network, const FaceEvaluation& evaluation,
                                         const Observer& observer) {
  evaluation::Results results;
  results.classes = evaluation.set.classes;
  for_each_batch(network, evaluation, observer,
                 [&](const data::FaceBatch& batch, const torch::Tensor& pictures) {
                   torch::Tensor probabilities = probabilities_of(network, pictures);
                   if (evaluation.is_mirrored_too)
                     probabilities = (probabilities + probabilities_of(network, pictures.flip(3))) / 2;
                   probabilities = probabilities.contiguous();
                   for (std::size_t i = 0; i < batch.size(); ++i) {
                     results.rows.push_back(row_of(probabilities[static_cast<std::int64_t>(i)],
                                                   static_cast<int>(batch.labels[i]),
                                                   data::face_id(evaluation.set, batch.positions[i])));
                   }
                 });
  return results;
}

VerificationFigures evaluate_identities(FaceNetwork& network, const FaceEvaluation& evaluation,
                                        const std::vector<FacePair>& pairs, const Observer& observer) {
  std::vector<torch::Tensor> parts;
  for_each_batch(network, evaluation, observer, [&](const data::FaceBatch&, const torch::Tensor& pictures) {
    parts.push_back(torch::nn::functional::normalize(features_of(network, pictures),
                                                     torch::nn::functional::NormalizeFuncOptions().dim(1)));
  });
  const torch::Tensor features = torch::cat(parts).cpu();
  std::vector<double> scores;
  scores.reserve(pairs.size());
  for (const FacePair& pair : pairs) {
    scores.push_back(features[static_cast<std::int64_t>(pair.first)]
                         .dot(features[static_cast<std::int64_t>(pair.second)])
                         .item<double>());
    if (!std::isfinite(scores.back())) throw failed("the network's features are not finite");
  }
  return verification_figures(scores, pairs);
}

}  // namespace ferv::training

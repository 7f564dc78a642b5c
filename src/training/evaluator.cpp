// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/evaluator.h"

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <span>

#include "batch_tensors.h"
#include "evaluation_loader.h"
#include "evaluation_mode.h"
#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/base/joined.h"
#include "ferv/data/batch_loader.h"
#include "ferv/nn/communicator.h"
#include "ferv/nn/device.h"
#include "ferv/nn/layout.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"
#include "rank_agreement.h"

namespace ferv::training {
namespace {

bool is_alone(const EvaluationOptions& options) {
  return options.communicator == nullptr || options.communicator->is_alone();
}

evaluation::ResultRow row_of(const data::Clip& clip, std::span<const double> probabilities) {
  evaluation::ResultRow row;
  row.clip = clip.id;
  row.label = clip.label;
  row.probabilities.assign(probabilities.begin(), probabilities.end());
  row.predicted =
      static_cast<int>(std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin());
  if (!std::isfinite(row.probabilities[0]))
    throw failed("the model's output for clip " + clip.id + " is not finite");
  return row;
}

/// `probabilities`: float64 [B, K], contiguous.
void append_rows(evaluation::Results& results, const data::ClipIndex& index,
                 std::span<const std::size_t> positions, const torch::Tensor& probabilities) {
  const auto class_count = static_cast<std::size_t>(probabilities.size(1));
  const double* values = probabilities.data_ptr<double>();
  for (std::size_t i = 0; i < positions.size(); ++i)
    results.rows.push_back(row_of(index.clips[positions[i]], {values + i * class_count, class_count}));
}

/// The piece of `count` clips that a rank evaluates: whole batches, so that a clip is computed beside the
/// same clips whatever the number of ranks.
struct Piece {
  std::size_t begin = 0;
  std::size_t end = 0;
};

Piece piece_of(std::size_t count, std::size_t batch_size, const nn::Communicator* communicator) {
  if (communicator == nullptr) return {0, count};
  const std::size_t batches = (count + batch_size - 1) / batch_size;
  const auto rank = static_cast<std::size_t>(communicator->rank());
  const auto size = static_cast<std::size_t>(communicator->size());
  return {std::min(count, batches * rank / size * batch_size),
          std::min(count, batches * (rank + 1) / size * batch_size)};
}

/// Rows of all ranks' pieces, in the order of `positions`.
void join_rows(evaluation::Results& results, const data::ClipIndex& index,
               const std::vector<std::size_t>& positions, const EvaluationOptions& options) {
  const auto class_count = static_cast<std::int64_t>(index.classes.size());
  torch::Tensor all =
      torch::zeros({static_cast<std::int64_t>(positions.size()), class_count}, torch::kFloat64);
  double* next =
      all.data_ptr<double>() + piece_of(positions.size(), options.batch_size, options.communicator).begin *
                                   static_cast<std::size_t>(class_count);
  for (const evaluation::ResultRow& row : results.rows)
    next = std::copy(row.probabilities.begin(), row.probabilities.end(), next);
  // Each row is zero on all ranks but one: the sum is that rank's row, bit for bit.
  options.communicator->sum({all});
  results.rows.clear();
  append_rows(results, index, positions, all);
}

/// Sums of probabilities [N, K] over the views of the clips.
class ProbabilitySums {
 public:
  ProbabilitySums(models::Model& model, const data::ClipIndex& index,
                  const std::vector<std::size_t>& positions)
      : model_(model),
        device_(nn::device_of(model.module())),
        index_(index),
        positions_(positions),
        sums_(positions.size()) {}

  void add(const View& view, const EvaluationOptions& options, const Observer& observer) {
    data::LoaderOptions loading = loader_options_of(options, model_.options().spec, view);
    loading.memory = &nn::memory_for_copies_to(device_);
    data::BatchLoader loader(index_, positions_, loading);
    loader.start_epoch(0);
    std::size_t first = 0;  // test batches come in the order of the positions
    while (const data::Batch* batch = loader.next()) {
      if (is_alone(options) && observer.should_stop())
        throw failed("stopped while evaluating; nothing was written");
      const std::vector<torch::Tensor> clips = clips_of(*batch, model_.options().spec, device_);
      torch::Tensor logits;
      {
        const nn::AutocastScope autocast(options.precision, device_.type());
        logits = model_.forward(clips);
      }
      add_batch(first, torch::softmax(logits.to(torch::kCPU, torch::kFloat64), 1).contiguous());
      first += batch->size();
      done_ += batch->size();
      const auto views =
          static_cast<std::uint64_t>(options.view_count) * static_cast<std::uint64_t>(options.crop_count);
      observer.progress({options.task, done_, views * positions_.size(), "clips", ""});
    }
  }

  /// Rows of the mean over `view_count` views.
  [[nodiscard]] std::vector<evaluation::ResultRow> rows(int view_count) const {
    std::vector<evaluation::ResultRow> rows;
    for (std::size_t i = 0; i < sums_.size(); ++i) {
      std::vector<double> probabilities = sums_[i];
      for (double& value : probabilities) value /= view_count;
      rows.push_back(row_of(index_.clips[positions_[i]], probabilities));
    }
    return rows;
  }

 private:
  void add_batch(std::size_t first, const torch::Tensor& probabilities) {
    const auto values = probabilities.accessor<double, 2>();
    for (std::int64_t i = 0; i < probabilities.size(0); ++i) {
      std::vector<double>& sums = sums_[first + static_cast<std::size_t>(i)];
      sums.resize(static_cast<std::size_t>(probabilities.size(1)), 0.0);
      for (std::int64_t k = 0; k < probabilities.size(1); ++k)
        sums[static_cast<std::size_t>(k)] += values[i][k];
    }
  }

  models::Model& model_;
  torch::Device device_;
  const data::ClipIndex& index_;
  const std::vector<std::size_t>& positions_;
  std::vector<std::vector<double>> sums_;
  std::size_t done_ = 0;  ///< clips, counted once a view
};

}  // namespace

evaluation::Results evaluate(models::Model& model, const data::ClipIndex& index,
                             const std::vector<std::size_t>& positions, const EvaluationOptions& options,
                             const Observer& observer) {
  const Piece piece = piece_of(positions.size(), options.batch_size, options.communicator);
  const auto first = positions.begin();
  const std::vector<std::size_t> own(first + static_cast<std::ptrdiff_t>(piece.begin),
                                     first + static_cast<std::ptrdiff_t>(piece.end));
  if (!is_alone(options))
    require_same_facts(*options.communicator, {{"the clips", data::fingerprint(index)}});
  const c10::InferenceMode inference;
  const EvaluationMode mode(model.module());
  ProbabilitySums sums(model, index, own);
  for (int window = 0; window < options.view_count; ++window) {
    for (int crop = 0; crop < options.crop_count; ++crop) sums.add({window, crop}, options, observer);
  }
  evaluation::Results results;
  results.classes = index.classes;
  results.rows = sums.rows(options.view_count * options.crop_count);
  if (!is_alone(options)) join_rows(results, index, positions, options);
  return results;
}

LoadedModel load_model(const std::filesystem::path& path) {
  const weights::NamedTensors file = weights::read_safetensors(path);
  weights::ModelMetadata metadata = weights::read_model_metadata(file.metadata, path);
  LoadedModel loaded;
  loaded.id = metadata.model;
  loaded.classes = metadata.classes;
  loaded.sampling = {.segment_count = metadata.sampling.segment_count,
                     .frames_per_segment = metadata.sampling.frames_per_segment,
                     .method = metadata.sampling.method};
  loaded.protocol = metadata.protocol;
  loaded.streams = streams_of(metadata.streams, metadata.model);
  models::ModelOptions options;
  options.class_count = static_cast<int>(metadata.classes.size());
  options.spec = metadata.spec;
  loaded.model = models::make_model(metadata.model, options, 0);
  try {
    weights::load_state(loaded.model->module(), file);
  } catch (const Error& error) {
    throw incompatible(path.string() + ": " + error.what());
  }
  nn::use_channels_last(loaded.model->module());
  loaded.weights_hash = hash_file(path);
  return loaded;
}

void require_same_classes(const std::vector<std::string>& model_classes, const data::ClipIndex& index) {
  if (model_classes == index.classes) return;
  throw incompatible("the weights know the classes " + joined(model_classes, ",") + ", the data set has " +
                     joined(index.classes, ","));
}

}  // namespace ferv::training

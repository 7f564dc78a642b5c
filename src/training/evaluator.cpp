// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/evaluator.h"

#include <torch/torch.h>

#include <sstream>

#include "batch_tensors.h"
#include "evaluation_mode.h"
#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/data/batch_loader.h"
#include "ferv/nn/layout.h"
#include "ferv/weights/named_tensors.h"
#include "model_metadata.h"

namespace ferv::training {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : ",") + word;
  return text;
}

void append_rows(evaluation::Results& results, const data::ClipIndex& index, const data::Batch& batch,
                 const torch::Tensor& probabilities) {
  const auto values = probabilities.accessor<double, 2>();
  for (std::size_t i = 0; i < batch.size(); ++i) {
    evaluation::ResultRow row;
    const data::Clip& clip = index.clips[batch.positions[i]];
    row.clip = clip.id;
    row.label = clip.label;
    for (std::int64_t k = 0; k < probabilities.size(1); ++k) {
      row.probabilities.push_back(values[static_cast<std::int64_t>(i)][k]);
      if (row.probabilities.back() > row.probabilities[static_cast<std::size_t>(row.predicted)])
        row.predicted = static_cast<int>(k);
    }
    if (!std::isfinite(row.probabilities[0]))
      throw failed("the model's output for clip " + clip.id + " is not finite");
    results.rows.push_back(std::move(row));
  }
}

}  // namespace

evaluation::Results evaluate(models::Model& model, const data::ClipIndex& index,
                             const std::vector<std::size_t>& positions, const EvaluationOptions& options,
                             const Observer& observer) {
  data::LoaderOptions loader_options;
  loader_options.spec = model.options().spec;
  loader_options.sampling = options.sampling;
  loader_options.batch_size = options.batch_size;
  loader_options.threads = options.loader_threads;
  loader_options.streams = options.streams;
  data::BatchLoader loader(index, positions, loader_options);
  loader.start_epoch(0);

  evaluation::Results results;
  results.classes = index.classes;
  const c10::InferenceMode inference;
  const EvaluationMode mode(model.module());
  while (const data::Batch* batch = loader.next()) {
    if (observer.should_stop()) throw failed("stopped while evaluating; nothing was written");
    const std::vector<torch::Tensor> clips = clips_of(*batch, model.options().spec);
    torch::Tensor logits;
    {
      const nn::AutocastScope autocast(options.precision);
      logits = model.forward(clips);
    }
    append_rows(results, index, *batch, torch::softmax(logits.to(torch::kFloat64), 1).contiguous());
    observer.progress({options.task, results.rows.size(), positions.size(), "clips", ""});
  }
  return results;
}

LoadedModel load_model(const std::filesystem::path& path) {
  const weights::NamedTensors file = weights::read_safetensors(path);
  ModelMetadata metadata = read_model_metadata(file.metadata, path);
  LoadedModel loaded;
  loaded.id = metadata.model;
  loaded.classes = metadata.classes;
  loaded.sampling = metadata.sampling;
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
  throw incompatible("the weights know the classes " + joined(model_classes) + ", the data set has " +
                     joined(index.classes));
}

}  // namespace ferv::training

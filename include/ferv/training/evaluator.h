// SPDX-License-Identifier: Apache-2.0
// A model over the clips of a split: result rows, once and only once a clip.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"
#include "ferv/data/sampling.h"
#include "ferv/data/streams.h"
#include "ferv/evaluation/results.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/precision.h"

namespace ferv::nn {
class Communicator;
}

namespace ferv::training {

struct EvaluationOptions {
  data::SamplingOptions sampling;
  std::vector<data::Stream> streams = {data::Stream::kFace};  ///< what each input of the model shows
  std::size_t batch_size = 32;
  int loader_threads = 0;  ///< 0 = all cores this process may use
  nn::Precision precision = nn::Precision::kFloat32;
  /// Windows of time and crops of the picture (sampling.h, test_views.h) whose probabilities are averaged;
  /// each pair of them is a pass over the clips.
  int view_count = 1;
  int crop_count = 1;
  std::string task = "evaluate";  ///< what progress is reported under
  /// Ranks that share the clips, or null. Each evaluates whole batches, the same ones as a single process
  /// would make, and every rank gets all rows. They cannot be asked to stop meanwhile.
  nn::Communicator* communicator = nullptr;
};

/// Runs `model` where its parameters are, in evaluation mode, over the clips at `positions`; rows in that
/// order, facts empty. A clip that cannot be read is an error: an evaluation without it would be of another
/// test set. Restores the model's mode. Throws kCorruptData, kNotFound; kFailed when asked to stop, or for
/// probabilities that are not finite.
[[nodiscard]] evaluation::Results evaluate(models::Model& model, const data::ClipIndex& index,
                                           const std::vector<std::size_t>& positions,
                                           const EvaluationOptions& options, const Observer& observer);

/// Weights with the model they belong to.
struct LoadedModel {
  std::unique_ptr<models::Model> model;
  std::string id;
  std::vector<std::string> classes;
  data::SamplingOptions sampling;
  std::vector<data::Stream> streams;  ///< what each input showed in training
  std::string protocol;               ///< "" when the file does not say
  std::string weights_hash;           ///< of the file
};

/// Builds the model that the file's metadata names and fills it. Throws kNotFound, kCorruptData for files
/// that are no weights of ferv, kIncompatible when tensors don't fit.
[[nodiscard]] LoadedModel load_model(const std::filesystem::path& path);

/// Moves `results` to the classes of `index` by name. Throws kIncompatible when the names differ.
void require_same_classes(const std::vector<std::string>& model_classes, const data::ClipIndex& index);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// What a pre-training run sees: its faces, who is held out, and how pictures become batches.
#pragma once

#include <torch/types.h>

#include <string>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/base/progress.h"
#include "ferv/data/face_loader.h"
#include "ferv/training/pretrain.h"
#include "loss.h"
#include "verification.h"

namespace ferv::training {

struct PretrainData {
  data::FaceSet set;
  data::FaceSplit split;
  bool is_expression = false;
  std::string fingerprint;
  /// By label in `set`: the head's output for it, or -1 for identities that are held out or left out.
  std::vector<std::int64_t> outputs;
  int output_count = 0;

  [[nodiscard]] int class_count() const { return output_count; }
  /// int64 [B].
  [[nodiscard]] torch::Tensor training_labels(const std::vector<std::int64_t>& labels) const;
};

/// Reads and splits; warns of damaged lines. Throws as the data room does, kInvalidArgument for settings that
/// do not go together.
[[nodiscard]] PretrainData read_pretrain_data(const PretrainOptions& options, const Observer& observer);

/// One frame of the trained size.
[[nodiscard]] ClipSpec spec_of(const PretrainOptions& options);

/// For training on that many pictures.
[[nodiscard]] data::FaceLoaderOptions loader_options(const PretrainOptions& options, std::size_t face_count);

/// What the settings make of the expressions' numbers of pictures. An expression without pictures weighs 0.
[[nodiscard]] LossOptions loss_options(const PretrainOptions& options, const PretrainData& data);

/// What `answer_shift` adds to the answers of the trained network, float64 [K]; undefined where it is 0.
[[nodiscard]] torch::Tensor answer_offsets(const PretrainOptions& options, const PretrainData& data);

/// Pairs that index into the held-out part.
[[nodiscard]] std::vector<FacePair> held_out_pairs(const PretrainOptions& options, const PretrainData& data);

}  // namespace ferv::training

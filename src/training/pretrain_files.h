// SPDX-License-Identifier: Apache-2.0
// What a pre-training run leaves in its folder: weights for other programs, figures for people.
#pragma once

#include <filesystem>
#include <string>

#include "face_network.h"
#include "ferv/training/pretrain.h"
#include "pretrain_data.h"
#include "run_folder.h"

namespace ferv::training {

/// Figures of one set of weights on the held-out part.
struct HeldOutFigures {
  evaluation::Results results;       ///< expressions
  VerificationFigures verification;  ///< identities
  double war = 0;
  double uar = 0;
  double chosen = 0;  ///< the one that selects the best epoch
  std::string text;
};

/// Fills a backbone from a weights file (.safetensors or .pth) with torchvision's names, also below
/// "backbone."; other tensors of the file are passed over. Throws kNotFound, kCorruptData, kIncompatible.
void load_backbone(torch::nn::Module& backbone, const std::filesystem::path& path);

class PretrainFiles {
 public:
  PretrainFiles(const PretrainOptions& options, const PretrainData& data) : options_(options), data_(data) {}

  /// weights/<name>.safetensors.
  void save_weights(const RunFolder& folder, const std::string& name, FaceNetwork& network,
                    const HeldOutFigures& figures) const;
  /// A line of metrics.csv.
  void record_epoch(RunFolder& folder, EpochMetrics metrics, const HeldOutFigures& figures) const;
  /// Expressions: results/val.csv and .json; identities: results/verification.json.
  void save_figures(const RunFolder& folder, PretrainOutcome& outcome) const;

 private:
  const PretrainOptions& options_;
  const PretrainData& data_;
};

}  // namespace ferv::training

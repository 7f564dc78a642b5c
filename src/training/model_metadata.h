// SPDX-License-Identifier: Apache-2.0
// What ferv writes into the metadata of weights, and reads back: weights and preprocessing cannot be
// separated.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ferv/base/clip_spec.h"
#include "ferv/data/sampling.h"

namespace ferv::training {

struct ModelMetadata {
  std::string model;
  std::vector<std::string> classes;
  ClipSpec spec;
  data::SamplingOptions sampling;
  std::string streams;  ///< "face,scene"; empty = as the row's card says
  std::string training_data;
  std::string split;  ///< that `metrics` were measured on
  std::string protocol;
  std::string metrics;  ///< "WAR 0.4321 UAR 0.3210"
};

/// The text form; adds ferv_version and license.
[[nodiscard]] std::map<std::string, std::string> to_metadata(const ModelMetadata& metadata);

/// Throws kCorruptData, naming the file and the missing key.
[[nodiscard]] ModelMetadata read_model_metadata(const std::map<std::string, std::string>& metadata,
                                                const std::filesystem::path& path);

}  // namespace ferv::training

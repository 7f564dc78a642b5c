// SPDX-License-Identifier: Apache-2.0
#include "model_metadata.h"

#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/json_integer.h"
#include "ferv/base/version.h"

namespace ferv::training {
namespace {

const std::string& require(const std::map<std::string, std::string>& metadata, const std::string& key,
                           const std::filesystem::path& path) {
  const auto found = metadata.find(key);
  if (found == metadata.end()) {
    throw corrupt_data(
        path, "has no metadata '" + key + "', wanted weights written by ferv (model, classes, clip_spec)");
  }
  return found->second;
}

std::string optional(const std::map<std::string, std::string>& metadata, const std::string& key) {
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

std::vector<std::string> split_names(const std::string& text) {
  std::vector<std::string> names;
  std::size_t begin = 0;
  while (begin <= text.size()) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, comma - begin));
    begin = comma + 1;
  }
  return names;
}

}  // namespace

std::map<std::string, std::string> to_metadata(const ModelMetadata& metadata) {
  std::string classes;
  for (const std::string& name : metadata.classes) classes += (classes.empty() ? "" : ",") + name;
  const nlohmann::json sampling = {{"segments", metadata.sampling.segment_count},
                                   {"frames_per_segment", metadata.sampling.frames_per_segment},
                                   {"method", metadata.sampling.method}};
  return {{"model", metadata.model},
          {"classes", classes},
          {"clip_spec", to_json(metadata.spec)},
          {"sampling", sampling.dump()},
          {"streams", metadata.streams},
          {"training_data", metadata.training_data},
          {"split", metadata.split},
          {"protocol", metadata.protocol},
          {"metrics", metadata.metrics},
          {"license", "as the training data's; FERV39k: non-commercial research"},
          {"ferv_version", std::string(version())}};
}

ModelMetadata read_model_metadata(const std::map<std::string, std::string>& metadata,
                                  const std::filesystem::path& path) {
  ModelMetadata result;
  result.model = require(metadata, "model", path);
  result.classes = split_names(require(metadata, "classes", path));
  if (result.classes.size() < 2) throw corrupt_data(path, "metadata 'classes' names fewer than two classes");
  try {
    result.spec = clip_spec_from_json(require(metadata, "clip_spec", path));
    const std::string sampling = optional(metadata, "sampling");
    if (!sampling.empty()) {
      const auto json = nlohmann::json::parse(sampling);
      result.sampling.segment_count = json_integer<int>(json.at("segments"));
      result.sampling.frames_per_segment = json_integer<int>(json.at("frames_per_segment"));
      result.sampling.method = json.at("method").get<std::string>();
    }
  } catch (const std::exception& error) {
    throw corrupt_data(path, error.what());
  }
  result.streams = optional(metadata, "streams");
  result.training_data = optional(metadata, "training_data");
  result.split = optional(metadata, "split");
  result.protocol = optional(metadata, "protocol");
  result.metrics = optional(metadata, "metrics");
  return result;
}

}  // namespace ferv::training

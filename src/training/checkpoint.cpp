// SPDX-License-Identifier: Apache-2.0
#include "checkpoint.h"

#include <fmt/format.h>
#include <torch/torch.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/json_integer.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kModelPrefix = "model.";
constexpr std::string_view kAveragePrefix = "average.";

/// Doubles as text that reads back to the same bits.
std::string exact(double value) {
  return fmt::format("{:a}", value);
}

/// Stems of the checkpoints that have their .json, newest first.
std::vector<fs::path> finished_stems(const fs::path& folder) {
  std::vector<fs::path> stems;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("step_") && entry.path().extension() == ".json")
      stems.push_back(folder / entry.path().stem());
  }
  // Step numbers have a fixed width: by name is by number.
  std::sort(stems.rbegin(), stems.rend());
  return stems;
}

fs::path with_extension(const fs::path& stem, const char* extension) {
  return fs::path(stem) += extension;
}

nlohmann::json to_json(const Checkpoint& checkpoint) {
  const Progress& progress = checkpoint.progress;
  return {{"epoch", progress.epoch},
          {"batch", progress.batch},
          {"step", progress.step},
          {"loss_sum", exact(progress.loss_sum)},
          {"clip_count", progress.clip_count},
          {"bad_count", progress.bad_count},
          {"best_metric", exact(progress.best_metric)},
          {"best_epoch", progress.best_epoch},
          {"loss_scale", exact(progress.loss_scale.scale)},
          {"loss_scale_good_steps", progress.loss_scale.good_steps},
          {"confusion", checkpoint.confusion},
          {"facts", checkpoint.facts}};
}

Checkpoint from_json(const nlohmann::json& json) {
  Checkpoint checkpoint;
  Progress& progress = checkpoint.progress;
  progress.epoch = json_integer<std::int64_t>(json.at("epoch"));
  progress.batch = json_integer<std::int64_t>(json.at("batch"));
  progress.step = json_integer<std::int64_t>(json.at("step"));
  progress.loss_sum = std::stod(json.at("loss_sum").get<std::string>());
  progress.clip_count = json_integer<std::int64_t>(json.at("clip_count"));
  progress.bad_count = json_integer<std::int64_t>(json.at("bad_count"));
  progress.best_metric = std::stod(json.at("best_metric").get<std::string>());
  progress.best_epoch = json_integer<std::int64_t>(json.at("best_epoch"));
  progress.loss_scale.scale = std::stod(json.at("loss_scale").get<std::string>());
  progress.loss_scale.good_steps = json_integer<std::int64_t>(json.at("loss_scale_good_steps"));
  checkpoint.confusion = json.at("confusion").get<std::vector<std::vector<std::int64_t>>>();
  checkpoint.facts = json.at("facts").get<std::map<std::string, std::string>>();
  return checkpoint;
}

Checkpoint read_one(const fs::path& stem) {
  const fs::path json_path = with_extension(stem, ".json");
  const fs::path tensors_path = with_extension(stem, ".safetensors");
  Checkpoint checkpoint;
  std::string wanted;
  try {
    const auto json = nlohmann::json::parse(read_text_file(json_path, 1 << 24));
    wanted = json.at("hash").get<std::string>();
    checkpoint = from_json(json);
  } catch (const nlohmann::json::exception& error) {
    throw corrupt_data(json_path, error.what());
  } catch (const std::logic_error& error) {
    throw corrupt_data(json_path, error.what());
  }
  const std::string found = hash_file(tensors_path);
  if (found != wanted) throw corrupt_data(tensors_path, "hash is " + found + ", wanted " + wanted);
  for (auto& [name, tensor] : weights::read_safetensors(tensors_path).tensors) {
    if (name.starts_with(kModelPrefix)) {
      checkpoint.model.tensors.emplace_back(name.substr(kModelPrefix.size()), std::move(tensor));
    } else if (name.starts_with(kAveragePrefix)) {
      checkpoint.average.tensors.emplace_back(name.substr(kAveragePrefix.size()), std::move(tensor));
    } else {
      checkpoint.optimizer.tensors.emplace_back(name, std::move(tensor));
    }
  }
  return checkpoint;
}

}  // namespace

Facts run_facts(const std::string& data_fingerprint, const std::string& settings) {
  return {
      {"data", data_fingerprint},
      {"settings", hash_bytes({reinterpret_cast<const std::uint8_t*>(settings.data()), settings.size()})}};
}

void require_facts(const Checkpoint& checkpoint, const Facts& wanted) {
  for (const auto& [key, value] : wanted) {
    const auto found = checkpoint.facts.find(key);
    if (found == checkpoint.facts.end() || found->second != value)
      throw incompatible("the " + key + " of this run have changed since its checkpoint; start a new run");
  }
}

void write_checkpoint(const fs::path& folder, const Checkpoint& checkpoint, int kept) {
  const fs::path stem = folder / fmt::format("step_{:010}", checkpoint.progress.step);
  weights::NamedTensors all;
  for (const auto& [name, tensor] : checkpoint.model.tensors)
    all.tensors.emplace_back(std::string(kModelPrefix) + name, tensor);
  for (const auto& [name, tensor] : checkpoint.average.tensors)
    all.tensors.emplace_back(std::string(kAveragePrefix) + name, tensor);
  all.tensors.insert(all.tensors.end(), checkpoint.optimizer.tensors.begin(),
                     checkpoint.optimizer.tensors.end());
  const fs::path tensors_path = with_extension(stem, ".safetensors");
  // An older file of the same step (rewritten at the end of an epoch) must not be taken with the new tensors.
  fs::remove(with_extension(stem, ".json"));
  weights::write_safetensors(tensors_path, all);
  nlohmann::json json = to_json(checkpoint);
  json["hash"] = hash_file(tensors_path);
  write_file_atomically(with_extension(stem, ".json"), json.dump(2) + "\n");

  const std::vector<fs::path> stems = finished_stems(folder);
  for (std::size_t i = static_cast<std::size_t>(kept); i < stems.size(); ++i) {
    std::error_code ignored;
    fs::remove(with_extension(stems[i], ".json"), ignored);
    fs::remove(with_extension(stems[i], ".safetensors"), ignored);
  }
}

std::optional<Checkpoint> read_newest_checkpoint(const fs::path& folder, std::vector<std::string>& skipped) {
  for (const fs::path& stem : finished_stems(folder)) {
    try {
      return read_one(stem);
    } catch (const Error& error) {
      skipped.emplace_back(error.what());
    }
  }
  return std::nullopt;
}

}  // namespace ferv::training

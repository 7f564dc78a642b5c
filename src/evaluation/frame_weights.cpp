// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/frame_weights.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::evaluation {
namespace {

constexpr std::size_t kWeightsFileLimit = std::size_t{256} << 20;
constexpr std::size_t kMostWeights = 1024;

}  // namespace

std::filesystem::path frame_weights_path(const std::filesystem::path& results) {
  std::filesystem::path path = results;
  return path.replace_extension(".cam.json");
}

FrameWeights read_frame_weights(const std::filesystem::path& results) {
  const std::filesystem::path path = frame_weights_path(results);
  FrameWeights weights;
  if (!std::filesystem::exists(path)) return weights;
  const auto limit_depth = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    if (depth > 3) throw corrupt_data(path, "nests deeper than an object of lists");
    return true;
  };
  try {
    const auto json = nlohmann::json::parse(read_text_file(path, kWeightsFileLimit), limit_depth);
    if (!json.is_object())
      throw corrupt_data(path, fmt::format("is a JSON {}, wanted an object", json.type_name()));
    for (const auto& [clip, list] : json.items()) {
      auto values = list.get<std::vector<double>>();
      const bool is_usable = !values.empty() && values.size() <= kMostWeights &&
                             std::all_of(values.begin(), values.end(),
                                         [](double value) { return std::isfinite(value) && value >= 0; });
      if (!is_usable)
        throw corrupt_data(path, fmt::format("weights of {}: wanted 1 to {} numbers that are not negative",
                                             clip.substr(0, 80), kMostWeights));
      weights.emplace(clip, std::move(values));
    }
  } catch (const nlohmann::json::exception& error) {
    throw corrupt_data(path, std::string("not a JSON object of lists of numbers: ") + error.what());
  }
  return weights;
}

void write_frame_weights(const std::filesystem::path& results, const FrameWeights& weights) {
  nlohmann::json json = nlohmann::json::object();
  for (const auto& [clip, values] : weights) {
    nlohmann::json list = nlohmann::json::array();
    for (const double value : values) list.push_back(std::round(value * 1e4) / 1e4);
    json[clip] = std::move(list);
  }
  write_file_atomically(frame_weights_path(results), json.dump() + "\n");
}

}  // namespace ferv::evaluation

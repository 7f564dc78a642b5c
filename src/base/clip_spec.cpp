// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/clip_spec.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/json_integer.h"

namespace ferv {

void validate(const ClipSpec& spec) {
  const auto check = [](int value, int limit, const char* name) {
    if (value < 1 || value > limit) {
      throw invalid_argument(std::string(name) + " is " + std::to_string(value) + ", wanted 1 to " +
                             std::to_string(limit));
    }
  };
  check(spec.frame_count, 1024, "frames");
  check(spec.height_px, 4096, "height");
  check(spec.width_px, 4096, "width");
  for (int c = 0; c < 3; ++c) {
    const auto i = static_cast<std::size_t>(c);
    if (!std::isfinite(spec.mean[i]) || !std::isfinite(spec.deviation[i]) || spec.deviation[i] <= 0.0F) {
      throw invalid_argument("normalisation must be finite with a positive deviation");
    }
  }
}

std::string to_string(const ClipSpec& spec) {
  return std::to_string(spec.frame_count) + "x" + std::to_string(spec.height_px) + "x" +
         std::to_string(spec.width_px);
}

std::string to_json(const ClipSpec& spec) {
  const nlohmann::ordered_json json = {{"frames", spec.frame_count},
                                       {"height", spec.height_px},
                                       {"width", spec.width_px},
                                       {"mean", spec.mean},
                                       {"std", spec.deviation}};
  return json.dump();
}

ClipSpec clip_spec_from_json(const std::string& text) {
  ClipSpec spec;
  try {
    const auto json = nlohmann::json::parse(text);
    spec.frame_count = json_integer<int>(json.at("frames"));
    spec.height_px = json_integer<int>(json.at("height"));
    spec.width_px = json_integer<int>(json.at("width"));
    spec.mean = json.at("mean").get<std::array<float, 3>>();
    spec.deviation = json.at("std").get<std::array<float, 3>>();
    validate(spec);
  } catch (const std::exception& error) {
    throw Error(ErrorKind::kCorruptData,
                "not a clip specification: " + text.substr(0, 200) + " (" + error.what() + ")");
  }
  return spec;
}

}  // namespace ferv

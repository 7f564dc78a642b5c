// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/names.h"

#include <algorithm>
#include <string>

#include "ferv/base/error.h"

namespace ferv::synth {
namespace {

constexpr std::array<std::string_view, kExpressions.size()> kExpressionNames = {
    "Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"};

constexpr std::array<std::string_view, 22> kSceneNames = {
    "Action",        "Argue",     "Business",  "Conflict",   "Contest",
    "Crime",         "Crisis",    "DailyLife", "ElegantArt", "Experiment",
    "History",       "Interview", "Liveshow",  "Medicine",   "OfficialEvent",
    "ScholarReport", "School",    "Social",    "Speech",     "Talkshow",
    "Terror",        "War"};

}  // namespace

std::string_view name_of(Expression expression) {
  return kExpressionNames[static_cast<std::size_t>(expression)];
}

std::optional<Expression> expression_named(std::string_view name) {
  for (const Expression expression : kExpressions) {
    if (name_of(expression) == name) return expression;
  }
  return std::nullopt;
}

std::span<const std::string_view> scene_names() {
  return kSceneNames;
}

std::size_t scene_index(std::string_view name) {
  const auto found = std::find(kSceneNames.begin(), kSceneNames.end(), name);
  if (found != kSceneNames.end()) return static_cast<std::size_t>(found - kSceneNames.begin());
  const std::string near = nearest_word(name, kSceneNames);
  throw invalid_argument("scene is '" + std::string(name) + "', wanted one of the 22 scenes of FERV39k" +
                         (near.empty() ? "" : ", did you mean '" + near + "'?"));
}

}  // namespace ferv::synth

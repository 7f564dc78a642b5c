// SPDX-License-Identifier: Apache-2.0
#include "actor_sets.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "class_tree.h"
#include "ferv/base/error.h"
#include "list_lines.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::array<std::string_view, 6> kCremaCodes = {"ANG", "DIS", "FEA", "HAP", "NEU", "SAD"};
constexpr std::array<std::string_view, 4> kCremaBroken = {"1076_MTI_NEU_XX", "1076_MTI_SAD_XX",
                                                          "1064_TIE_SAD_XX", "1064_IEO_DIS_MD"};
constexpr int kCremaFirstActor = 1001;
constexpr int kCremaLastActor = 1091;
constexpr int kCremaActorsPerFold = 18;
constexpr int kCremaFolds = 5;

struct ActedClip {
  int actor = 0;
  int label = 0;
};

std::string stem_of(const ClipEntry& entry) {
  return entry.is_film ? entry.name.substr(0, entry.name.rfind('.')) : entry.name;
}

std::optional<ActedClip> parse_crema(std::string_view stem) {
  const auto parts = split_fields(stem, '_');
  if (parts.size() != 4 || parts[1].size() != 3) return std::nullopt;
  const auto actor = whole_number(parts[0]);
  const auto code = std::find(kCremaCodes.begin(), kCremaCodes.end(), parts[2]);
  if (!actor || *actor < kCremaFirstActor || *actor > kCremaLastActor || code == kCremaCodes.end())
    return std::nullopt;
  return ActedClip{*actor, static_cast<int>(code - kCremaCodes.begin())};
}

int crema_fold(int actor) {
  return std::min((actor - kCremaFirstActor) / kCremaActorsPerFold + 1, kCremaFolds);
}

/// "01-01-03-02-01-02-07": modality, channel, emotion, intensity, statement, repetition, actor. nullopt for
/// songs, sound alone and other names.
std::optional<ActedClip> parse_ravdess(std::string_view stem) {
  const auto parts = split_fields(stem, '-');
  if (parts.size() != 7) return std::nullopt;
  std::array<int, 7> numbers{};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto number = whole_number(parts[i]);
    if (!number || parts[i].size() != 2) return std::nullopt;
    numbers[i] = *number;
  }
  const bool is_seen = numbers[0] == 1 || numbers[0] == 2;
  const bool is_speech = numbers[1] == 1;
  if (!is_seen || !is_speech || numbers[2] < 1 || numbers[2] > 8 || numbers[6] < 1 || numbers[6] > 24)
    return std::nullopt;
  return ActedClip{numbers[6], numbers[2] - 1};
}

void append(ClipIndex& index, const std::string& id, const ClipEntry& entry, const ActedClip& acted) {
  Clip clip;
  clip.id = id;
  clip.label = acted.label;
  clip.subject = std::to_string(acted.actor);
  append_clip(index, std::move(clip), entry.is_film);
}

}  // namespace

bool crema_d_lies_in(const fs::path& folder) {
  const auto entries = clip_entries(folder);
  return std::any_of(entries.begin(), entries.end(),
                     [](const ClipEntry& entry) { return parse_crema(stem_of(entry)).has_value(); });
}

ClipIndex read_crema_d(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = index.face_folder = folder;
  index.classes = {"Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad"};
  for (const ClipEntry& entry : clip_entries(folder)) {
    const std::string stem = stem_of(entry);
    const auto acted = parse_crema(stem);
    const bool is_broken = std::find(kCremaBroken.begin(), kCremaBroken.end(), stem) != kCremaBroken.end();
    if (!acted || is_broken) continue;
    append(index, entry.name, entry, *acted);
    index.clips.back().split = crema_fold(acted->actor) == options.fold ? Split::kTest : Split::kTrain;
  }
  return index;
}

bool ravdess_lies_in(const fs::path& folder) {
  const auto folders = sub_folders(folder);
  return std::any_of(folders.begin(), folders.end(), [](const fs::path& child) {
    const std::string name = child.filename().string();
    return name.size() == 8 && name.starts_with("Actor_") && whole_number(name.substr(6)).has_value();
  });
}

ClipIndex read_ravdess(const fs::path& folder, const DataSetOptions& options) {
  ClipIndex index;
  index.root = index.face_folder = folder;
  index.classes = {"Neutral", "Calm", "Happy", "Sad", "Angry", "Fearful", "Disgust", "Surprised"};
  for (const fs::path& actor : sub_folders(folder)) {
    if (!actor.filename().string().starts_with("Actor_")) continue;
    const auto entries = clip_entries(actor);
    std::map<std::string, std::string> with_sound;  // what follows the modality -> name
    for (const ClipEntry& entry : entries) {
      const std::string stem = stem_of(entry);
      if (parse_ravdess(stem) && stem.starts_with("01-")) with_sound[stem.substr(3)] = entry.name;
    }
    for (const ClipEntry& entry : entries) {
      const std::string stem = stem_of(entry);
      const auto acted = parse_ravdess(stem);
      // The pictures of 02 are those of 01 without the sound.
      if (!acted || (stem.starts_with("02-") && with_sound.contains(stem.substr(3)))) continue;
      append(index, actor.filename().string() + "/" + entry.name, entry, *acted);
      index.clips.back().split = (acted->actor - 1) / 4 + 1 == options.fold ? Split::kTest : Split::kTrain;
    }
  }
  return index;
}

}  // namespace ferv::data

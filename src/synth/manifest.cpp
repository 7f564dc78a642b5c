// SPDX-License-Identifier: Apache-2.0
#include "manifest.h"

#include <string>
#include <system_error>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/version.h"

namespace ferv::synth {
namespace {

constexpr const char* kFormat = "ferv-synth";
constexpr std::size_t kManifestLimitBytes = std::size_t{1} << 20;

std::filesystem::path manifest_path(const SynthOptions& options) {
  return options.folder / "synth.json";
}

nlohmann::json read_manifest(const std::filesystem::path& path) {
  const nlohmann::json manifest =
      nlohmann::json::parse(read_text_file(path, kManifestLimitBytes), nullptr, false);
  if (!manifest.is_object() || manifest.value("format", nlohmann::json()) != kFormat ||
      !manifest.contains("options") || !manifest["options"].is_object()) {
    throw corrupt_data(path, "is no manifest of ferv synth, wanted \"format\": \"" + std::string(kFormat) +
                                 "\" and \"options\"");
  }
  return manifest;
}

void require_equal_options(const nlohmann::json& found, const nlohmann::json& wanted,
                           const std::filesystem::path& folder) {
  for (const auto& [key, value] : wanted.items()) {
    const nlohmann::json there = found.value(key, nlohmann::json());
    if (there == value) continue;
    throw invalid_argument(folder.string() + ": holds a data set made with " + key + " " + there.dump() +
                           ", wanted " + value.dump() + "; choose another folder");
  }
}

}  // namespace

namespace {

/// The bytes of the other layouts hang on few options.
nlohmann::json other_layout_json(const SynthOptions& options) {
  nlohmann::json json = {{"renderer", kRendererVersion},
                         {"layout", options.layout},
                         {"seed", options.seed},
                         {"size", options.face_size_px}};
  json["quality"] = options.jpeg_quality ? nlohmann::json(*options.jpeg_quality) : nlohmann::json("by scene");
  if (options.layout == "identities") {
    json["identities"] = options.identities;
    json["pictures_per_identity"] = options.pictures_per_identity;
  } else {
    json["clips"] = options.clips;
  }
  return json;
}

}  // namespace

nlohmann::json options_json(const SynthOptions& options) {
  if (options.films > 0) {
    return {{"renderer", kRendererVersion},
            {"layout", "films"},
            {"seed", options.seed},
            {"films", options.films},
            {"film_length_s", options.film_length_s}};
  }
  if (options.layout != "ferv39k") return other_layout_json(options);
  nlohmann::json json = {{"renderer", kRendererVersion},
                         {"seed", options.seed},
                         {"scenes", options.scenes},
                         {"size", options.face_size_px},
                         {"scene_frames", options.write_scene_frames},
                         {"raw_video", static_cast<bool>(options.film_opener)}};
  json["quality"] = options.jpeg_quality ? nlohmann::json(*options.jpeg_quality) : nlohmann::json("by scene");
  if (options.counts_file.empty()) {
    json["clips_per_cell"] = options.clips_per_cell;
  } else {
    // Its content, not its name, decides what is rendered.
    json["counts"] = hash_file(options.counts_file);
  }
  return json;
}

void require_own_folder(const SynthOptions& options) {
  const std::filesystem::path& folder = options.folder;
  if (folder.empty()) throw invalid_argument("the folder to write to has an empty name");
  std::error_code error;
  const auto status = std::filesystem::status(folder, error);
  if (!std::filesystem::exists(status)) return;
  if (!std::filesystem::is_directory(status))
    throw invalid_argument(folder.string() + ": is a file, wanted a folder to write to");
  if (std::filesystem::exists(manifest_path(options))) {
    require_equal_options(read_manifest(manifest_path(options))["options"], options_json(options), folder);
    return;
  }
  const bool is_empty = std::filesystem::is_empty(folder, error);
  if (error) throw io_error(folder, "cannot list the folder", error.value());
  if (!is_empty) {
    throw invalid_argument(
        folder.string() + ": is not empty and holds no data set of ferv synth, wanted a new or empty folder");
  }
}

void write_manifest(const SynthOptions& options, const SynthSummary& summary) {
  const nlohmann::json manifest = {{"format", kFormat},
                                   {"ferv_version", std::string(version())},
                                   {"options", options_json(options)},
                                   {"train_clips", summary.train_clips},
                                   {"test_clips", summary.test_clips},
                                   {"identities", summary.identities},
                                   {"frames", summary.frames},
                                   {"complete", summary.complete}};
  write_file_atomically(manifest_path(options), manifest.dump(2) + "\n");
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "ferv/weights/model_metadata.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/joined.h"
#include "ferv/base/json_integer.h"
#include "ferv/base/version.h"
#include "printable.h"

namespace ferv::weights {
namespace {

struct NumberRange {
  double low;
  double high;
};

/// The metadata of one file, by key.
class Reader {
 public:
  Reader(const std::map<std::string, std::string>& metadata, const std::filesystem::path& path)
      : metadata_(metadata), path_(path) {}

  /// Empty where there is none.
  [[nodiscard]] std::string text(const std::string& key) const {
    const auto found = metadata_.find(key);
    return found == metadata_.end() ? "" : found->second;
  }

  [[nodiscard]] const std::string& required(const std::string& key) const {
    const auto found = metadata_.find(key);
    if (found != metadata_.end()) return found->second;
    throw corrupt_data(
        path_, "has no metadata '" + key + "', wanted weights written by ferv (model, classes, clip_spec)");
  }

  /// `otherwise` where there is none.
  [[nodiscard]] double number(const std::string& key, double otherwise, const NumberRange& range) const {
    const auto found = metadata_.find(key);
    if (found == metadata_.end()) return otherwise;
    const std::string& given = found->second;
    double value = 0;
    const auto [end, status] = std::from_chars(given.data(), given.data() + given.size(), value);
    const bool is_number = status == std::errc() && end == given.data() + given.size();
    if (is_number && value >= range.low && value <= range.high) return value;
    throw wrong(key, fmt::format("is '{}', wanted {} to {}", printable(given), range.low, range.high));
  }

  [[nodiscard]] Error wrong(const std::string& key, const std::string& how) const {
    return corrupt_data(path_, "metadata '" + key + "' " + how);
  }

 private:
  const std::map<std::string, std::string>& metadata_;
  const std::filesystem::path& path_;
};

std::vector<std::string> classes_of(const Reader& reader) {
  const std::string& text = reader.required("classes");
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin <= text.size();) {
    const std::size_t comma = std::min(text.find(',', begin), text.size());
    names.push_back(text.substr(begin, comma - begin));
    if (names.back().empty()) throw reader.wrong("classes", "has an empty name: " + printable(text));
    begin = comma + 1;
  }
  if (names.size() < 2) throw reader.wrong("classes", "names fewer than two classes: " + printable(text));
  return names;
}

ClipSpec spec_of(const Reader& reader) {
  try {
    return clip_spec_from_json(reader.required("clip_spec"));
  } catch (const Error& error) {
    throw reader.wrong("clip_spec", std::string("is not readable: ") + error.what());
  }
}

StoredSampling sampling_of(const Reader& reader, const ClipSpec& spec) {
  const std::string text = reader.text("sampling");
  if (text.empty()) return pairs_of(spec.frame_count);
  StoredSampling sampling;
  try {
    const auto json = nlohmann::json::parse(text);
    sampling.segment_count = json_integer<int>(json.at("segments"));
    sampling.frames_per_segment = json_integer<int>(json.at("frames_per_segment"));
    sampling.method = json.at("method").get<std::string>();
  } catch (const std::exception&) {
    throw reader.wrong("sampling", "is not readable: " + printable(text));
  }
  const bool is_plausible = sampling.segment_count >= 1 && sampling.frames_per_segment >= 1 &&
                            sampling.segment_count <= spec.frame_count &&
                            sampling.segment_count * sampling.frames_per_segment == spec.frame_count;
  if (!is_plausible) {
    throw reader.wrong("sampling", fmt::format("gives {} x {} frames, wanted {}", sampling.segment_count,
                                               sampling.frames_per_segment, spec.frame_count));
  }
  return sampling;
}

int test_crops_of(const Reader& reader) {
  const std::string text = reader.text("test_crops");
  if (text.empty() || text == "1") return 1;
  if (text == "2") return 2;
  throw reader.wrong("test_crops", "is '" + printable(text) + "', wanted 1 or 2");
}

}  // namespace

StoredSampling pairs_of(int frame_count) {
  const int frames_per_segment = frame_count % 2 == 0 ? 2 : 1;
  return {.segment_count = frame_count / frames_per_segment, .frames_per_segment = frames_per_segment};
}

std::map<std::string, std::string> to_metadata(const ModelMetadata& metadata) {
  const nlohmann::json sampling = {{"segments", metadata.sampling.segment_count},
                                   {"frames_per_segment", metadata.sampling.frames_per_segment},
                                   {"method", metadata.sampling.method}};
  std::map<std::string, std::string> text = {{"model", metadata.model},
                                             {"classes", joined(metadata.classes, ",")},
                                             {"clip_spec", to_json(metadata.spec)},
                                             {"sampling", sampling.dump()},
                                             {"streams", metadata.streams},
                                             {"training_data", metadata.training_data},
                                             {"split", metadata.split},
                                             {"protocol", metadata.protocol},
                                             {"metrics", metadata.metrics},
                                             {"license", metadata.license},
                                             {"ferv_version", std::string(version())}};
  if (!metadata.trained_on.empty()) text["trained_on"] = metadata.trained_on;
  if (metadata.uncertain_below > 0) text["uncertain_below"] = fmt::format("{:.4f}", metadata.uncertain_below);
  if (metadata.test_crop != 1) text["test_crop"] = fmt::format("{}", metadata.test_crop);
  if (metadata.test_crops != 1) text["test_crops"] = std::to_string(metadata.test_crops);
  return text;
}

ModelMetadata read_model_metadata(const std::map<std::string, std::string>& metadata,
                                  const std::filesystem::path& path) {
  const Reader reader(metadata, path);
  ModelMetadata result;
  result.model = reader.required("model");
  result.classes = classes_of(reader);
  result.spec = spec_of(reader);
  result.sampling = sampling_of(reader, result.spec);
  result.streams = reader.text("streams");
  result.training_data = reader.text("training_data");
  result.trained_on = reader.text("trained_on");
  result.split = reader.text("split");
  result.protocol = reader.text("protocol");
  result.metrics = reader.text("metrics");
  result.license = reader.text("license");
  result.uncertain_below = reader.number("uncertain_below", 0, {0, 1});
  result.test_crop = reader.number("test_crop", 1, {0.1, 1});
  result.test_crops = test_crops_of(reader);
  return result;
}

}  // namespace ferv::weights

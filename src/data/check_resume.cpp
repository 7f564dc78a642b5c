// SPDX-License-Identifier: Apache-2.0
#include "check_resume.h"

#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/json_integer.h"

namespace ferv::data {
namespace {

constexpr const char* kResumeFormat = "ferv-check-1";
constexpr std::size_t kResumeFileLimit = std::size_t{1} << 30;

nlohmann::json to_json(std::size_t position, const ClipFindings& findings) {
  nlohmann::json look = nlohmann::json::array();
  for (const PictureHash& picture : findings.look) {
    for (const std::uint64_t word : picture) look.push_back(word);
  }
  nlohmann::json problems = nlohmann::json::array();
  for (const Problem& problem : findings.problems)
    problems.push_back({to_string(problem.kind), problem.path.string(), problem.message});
  return {{"clip", position}, {"content", findings.content_hash}, {"look", look}, {"problems", problems}};
}

/// Throws nlohmann's exceptions, and ferv's for unknown kinds.
ClipFindings from_json(const nlohmann::json& json) {
  ClipFindings findings;
  findings.is_done = true;
  findings.content_hash = json_integer<std::uint64_t>(json.at("content"));
  std::size_t word = 0;
  for (PictureHash& picture : findings.look) {
    for (std::uint64_t& bits : picture) bits = json_integer<std::uint64_t>(json.at("look").at(word++));
  }
  for (const nlohmann::json& problem : json.at("problems")) {
    findings.problems.push_back({problem_kind_from_name(problem.at(0).get<std::string>()),
                                 problem.at(1).get<std::string>(), problem.at(2).get<std::string>()});
  }
  return findings;
}

}  // namespace

std::string check_key(const ClipIndex& index, int wanted_size_px) {
  return fingerprint(index) + " " + index.face_folder.string() + " " + std::to_string(wanted_size_px);
}

void write_findings(const std::filesystem::path& path, const std::string& key,
                    std::span<const ClipFindings> findings) {
  nlohmann::json clips = nlohmann::json::array();
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings[i].is_done) clips.push_back(to_json(i, findings[i]));
  }
  const nlohmann::json json = {{"format", kResumeFormat}, {"key", key}, {"clips", std::move(clips)}};
  // Paths may hold any bytes; those that are no UTF-8 are replaced.
  write_file_atomically(path, json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

std::vector<ClipFindings> read_findings(const std::filesystem::path& path, const std::string& key,
                                        std::size_t clip_count) {
  std::vector<ClipFindings> findings(clip_count);
  try {
    const nlohmann::json json = nlohmann::json::parse(read_text_file(path, kResumeFileLimit));
    if (json.at("format").get<std::string>() != kResumeFormat)
      throw corrupt_data(path,
                         "is no file of an unfinished check, wanted format " + std::string(kResumeFormat));
    if (json.at("key").get<std::string>() != key) {
      throw invalid_argument(path.string() +
                             ": belongs to a check of other clips or another size, wanted the same");
    }
    for (const nlohmann::json& clip : json.at("clips")) {
      const auto position = json_integer<std::size_t>(clip.at("clip"));
      if (position >= clip_count) {
        throw corrupt_data(path, "has clip " + std::to_string(position) + ", wanted fewer than " +
                                     std::to_string(clip_count));
      }
      findings[position] = from_json(clip);
    }
  } catch (const nlohmann::json::exception&) {
    throw corrupt_data(path, "is damaged, or no file of an unfinished check");
  }
  return findings;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/check.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>
#include <unordered_set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/parallel.h"
#include "ferv/data/labels.h"
#include "ferv/media/jpeg.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFrameFileLimit = std::size_t{64} << 20;

struct ClipFindings {
  std::vector<Problem> problems;
  std::uint64_t content_hash = 0;
};

/// "07.jpg" -> 7; -1 for names that are no number.
int number_of(const std::string& name) {
  const std::string stem = name.substr(0, name.find('.'));
  if (stem.empty() || stem.size() > 6 ||
      !std::all_of(stem.begin(), stem.end(), [](unsigned char c) { return std::isdigit(c) != 0; }))
    return -1;
  return std::stoi(stem);
}

void find_gaps(const fs::path& folder, const Clip& clip, ClipFindings& findings) {
  for (std::size_t i = 1; i < clip.frame_names.size(); ++i) {
    const int before = number_of(clip.frame_names[i - 1]);
    const int here = number_of(clip.frame_names[i]);
    if (before >= 0 && here > before + 1) {
      findings.problems.push_back(
          {ProblemKind::kFrameGap, folder / clip.id,
           "nothing between " + clip.frame_names[i - 1] + " and " + clip.frame_names[i]});
    }
  }
  if (!clip.frame_names.empty() && number_of(clip.frame_names[0]) > 1) {
    findings.problems.push_back(
        {ProblemKind::kFrameGap, folder / clip.id, "starts with " + clip.frame_names[0]});
  }
}

void check_frame(const fs::path& path, int wanted_size_px, ClipFindings& findings) {
  // One decoder and picture a thread, for all its frames.
  static thread_local media::JpegDecoder decoder;
  static thread_local media::Image image;
  try {
    const std::vector<std::uint8_t> bytes = read_file(path, kFrameFileLimit);
    findings.content_hash = hash64(bytes, findings.content_hash);
    decoder.decode(bytes, path.filename().string(), image);
  } catch (const Error& error) {
    findings.problems.push_back({ProblemKind::kUnreadableFrame, path, error.what()});
    return;
  }
  if (wanted_size_px > 0 && (image.width_px != wanted_size_px || image.height_px != wanted_size_px)) {
    const std::string wanted = std::to_string(wanted_size_px);
    findings.problems.push_back({ProblemKind::kOddSize, path,
                                 std::to_string(image.width_px) + "x" + std::to_string(image.height_px) +
                                     ", wanted " + wanted + "x" + wanted});
  }
}

ClipFindings check_clip(const ClipIndex& index, const Clip& clip, const CheckOptions& options) {
  ClipFindings findings;
  const fs::path folder = index.face_folder / clip.id;
  const std::string folder_label = folder.parent_path().filename().string();
  const std::string& label = index.classes[static_cast<std::size_t>(clip.label)];
  const bool folder_is_a_class = class_index(index.classes, folder_label).has_value();
  if (folder_label != label && (folder_is_a_class || index.layout == "ferv39k")) {
    findings.problems.push_back(
        {ProblemKind::kLabelMismatch, folder, "listed as " + label + ", lies in " + folder_label});
  }
  if (clip.frame_count == 0) {
    findings.problems.push_back(
        {ProblemKind::kMissingClip, folder, fs::exists(folder) ? "has no frames" : "has no folder"});
    return findings;
  }
  find_gaps(index.face_folder, clip, findings);
  for (int frame = 0; frame < clip.frame_count; ++frame)
    check_frame(frame_path(index.face_folder, clip, frame), options.wanted_size_px, findings);
  return findings;
}

/// Folders <Scene>/<Emotion>/<NNNN> that no list names, sorted. Other releases hold clips without labels.
std::vector<Problem> find_unlisted(const ClipIndex& index) {
  if (index.layout != "ferv39k") return {};
  std::unordered_set<std::string> listed;
  for (const Clip& clip : index.clips) listed.insert(clip.id);
  std::vector<Problem> problems;
  std::error_code ignored;
  for (const auto& scene : fs::directory_iterator(index.face_folder, ignored)) {
    for (const auto& emotion : fs::directory_iterator(scene.path(), ignored)) {
      for (const auto& clip : fs::directory_iterator(emotion.path(), ignored)) {
        if (!clip.is_directory(ignored)) continue;
        if (!listed.contains(fs::relative(clip.path(), index.face_folder).generic_string())) {
          problems.push_back({ProblemKind::kUnlistedClip, clip.path(), "is in no list"});
        }
      }
    }
  }
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return a.path < b.path; });
  return problems;
}

}  // namespace

std::string_view to_string(ProblemKind kind) noexcept {
  switch (kind) {
    case ProblemKind::kMissingClip:
      return "missing-clip";
    case ProblemKind::kUnreadableFrame:
      return "unreadable-frame";
    case ProblemKind::kOddSize:
      return "odd-size";
    case ProblemKind::kFrameGap:
      return "frame-gap";
    case ProblemKind::kUnlistedClip:
      return "unlisted-clip";
    case ProblemKind::kLabelMismatch:
      return "label-mismatch";
    case ProblemKind::kRepeatedClip:
      return "repeated-clip";
  }
  return "missing-clip";
}

CheckReport check(const ClipIndex& index, const CheckOptions& options, const Observer& observer) {
  std::vector<ClipFindings> findings(index.clips.size());
  std::atomic<std::uint64_t> done{0};
  const std::thread::id caller = std::this_thread::get_id();
  parallel_for(index.clips.size(), options.threads, [&](std::size_t i) {
    if (observer.should_stop()) throw failed("stopped while checking");
    findings[i] = check_clip(index, index.clips[i], options);
    const std::uint64_t count = ++done;
    // Only the calling thread talks to the observer.
    if (std::this_thread::get_id() == caller)
      observer.progress({"check", count, index.clips.size(), "clips", ""});
  });

  CheckReport report;
  report.clip_count = static_cast<std::int64_t>(index.clips.size());
  std::map<std::uint64_t, const Clip*> first_with_content;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Clip& clip = index.clips[i];
    report.frame_count += clip.frame_count;
    report.problems.insert(report.problems.end(), findings[i].problems.begin(), findings[i].problems.end());
    if (clip.frame_count == 0) continue;
    const auto [at, is_new] = first_with_content.emplace(findings[i].content_hash, &clip);
    if (!is_new) {
      report.problems.push_back({ProblemKind::kRepeatedClip, index.face_folder / clip.id,
                                 "same frames as " + at->second->id + " (" +
                                     std::string(to_string(at->second->split)) + " and " +
                                     std::string(to_string(clip.split)) + ")"});
    }
  }
  const std::vector<Problem> unlisted = find_unlisted(index);
  report.problems.insert(report.problems.end(), unlisted.begin(), unlisted.end());
  return report;
}

}  // namespace ferv::data

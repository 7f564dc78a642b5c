// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/check.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <system_error>
#include <thread>
#include <unordered_set>

#include "check_clip.h"
#include "check_lists.h"
#include "check_resume.h"
#include "ferv/base/error.h"
#include "ferv/base/parallel.h"
#include "ferv/base/stopwatch.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

/// Clips whose hashes differ in fewer bits look the same. Scaling and compression flip a few in flat parts.
constexpr int kSameLookBits = kClipHashBits / 24;
constexpr double kSaveInterval_s = 20;

constexpr std::array<std::string_view, 13> kKindNames = {
    "missing-clip",   "unreadable-frame", "truncated-frame", "odd-size",       "frame-gap",
    "repeated-frame", "extra-file",       "unlisted-clip",   "label-mismatch", "repeated-clip",
    "split-leak",     "lost-line",        "wrong-count"};

/// Folders <Scene>/<Emotion>/<NNNN> that no list names, sorted. Other releases hold clips without labels.
std::vector<Problem> find_unlisted(const ClipIndex& index) {
  std::vector<Problem> problems;
  if (index.layout != "ferv39k") return problems;
  std::unordered_set<std::string> listed;
  for (const Clip& clip : index.clips) listed.insert(clip.id);
  std::error_code ignored;
  for (const auto& scene : fs::directory_iterator(index.face_folder, ignored)) {
    for (const auto& emotion : fs::directory_iterator(scene.path(), ignored)) {
      for (const auto& clip : fs::directory_iterator(emotion.path(), ignored)) {
        if (!clip.is_directory(ignored)) continue;
        const std::string id = scene.path().filename().string() + "/" + emotion.path().filename().string() +
                               "/" + clip.path().filename().string();
        if (!listed.contains(id))
          problems.push_back({ProblemKind::kUnlistedClip, clip.path(), "is in no list"});
      }
    }
  }
  std::sort(problems.begin(), problems.end(),
            [](const Problem& a, const Problem& b) { return a.path < b.path; });
  return problems;
}

/// Clips with the same bytes. `repeated` gets their positions.
void find_repeated(const ClipIndex& index, const std::vector<ClipFindings>& findings,
                   std::vector<Problem>& problems, std::unordered_set<std::size_t>& repeated) {
  std::map<std::uint64_t, const Clip*> first_with_content;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Clip& clip = index.clips[i];
    if (clip.frame_count == 0 || !findings[i].is_done) continue;
    const auto [at, is_new] = first_with_content.emplace(findings[i].content_hash, &clip);
    if (is_new) continue;
    repeated.insert(i);
    problems.push_back({ProblemKind::kRepeatedClip, index.face_folder / clip.id,
                        "same frames as " + at->second->id + " (" +
                            std::string(to_string(at->second->split)) + " and " +
                            std::string(to_string(clip.split)) + ")"});
  }
}

/// Test clips that look like a clip of another split; those with the same bytes are reported already.
std::vector<Problem> find_leaks(const ClipIndex& index, const std::vector<ClipFindings>& findings,
                                const std::unordered_set<std::size_t>& repeated, int threads) {
  std::vector<std::size_t> tests;
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!findings[i].is_done || !is_telling(findings[i].look) || repeated.contains(i)) continue;
    (index.clips[i].split == Split::kTest ? tests : others).push_back(i);
  }
  // All pairs: 2e8 for the whole release, and all but few are settled by the first 64 bits.
  std::vector<std::size_t> twins(tests.size(), findings.size());
  parallel_for(tests.size(), threads, [&](std::size_t i) {
    int nearest = kSameLookBits + 1;
    for (const std::size_t other : others) {
      const int bits = differing_bits(findings[tests[i]].look, findings[other].look, nearest);
      if (bits < nearest) {
        nearest = bits;
        twins[i] = other;
      }
    }
  });
  std::vector<Problem> problems;
  for (std::size_t i = 0; i < tests.size(); ++i) {
    if (twins[i] == findings.size()) continue;
    const Clip& twin = index.clips[twins[i]];
    problems.push_back({ProblemKind::kSplitLeak, index.face_folder / index.clips[tests[i]].id,
                        "looks like " + twin.id + " (" + std::string(to_string(twin.split)) + ")"});
  }
  return problems;
}

void read_all(const ClipIndex& index, const CheckOptions& options, const Observer& observer,
              std::vector<ClipFindings>& findings) {
  const std::string key =
      options.resume_file.empty() ? std::string() : check_key(index, options.wanted_size_px);
  if (!key.empty() && fs::exists(options.resume_file)) {
    findings = read_findings(options.resume_file, key, index.clips.size());
    const auto kept = std::count_if(findings.begin(), findings.end(),
                                    [](const ClipFindings& clip) { return clip.is_done; });
    observer.log("kept the findings of " + std::to_string(kept) + " clips from an earlier run");
  }
  std::atomic<std::uint64_t> done{0};
  std::mutex guard;  // of `findings` against being saved while one is stored
  const std::thread::id caller = std::this_thread::get_id();
  Stopwatch since_saved;
  parallel_for(index.clips.size(), options.threads, [&](std::size_t i) {
    if (observer.should_stop()) return;
    if (!findings[i].is_done) {
      ClipFindings found = check_clip(index, index.clips[i], options.wanted_size_px);
      const std::lock_guard<std::mutex> lock(guard);
      findings[i] = std::move(found);
    }
    const std::uint64_t count = ++done;
    // Only the calling thread talks to the observer, and saves.
    if (std::this_thread::get_id() != caller) return;
    observer.progress({"check", count, index.clips.size(), "clips", ""});
    if (!key.empty() && since_saved.seconds() > kSaveInterval_s) {
      const std::lock_guard<std::mutex> lock(guard);
      write_findings(options.resume_file, key, findings);
      since_saved.restart();
    }
  });
  if (key.empty()) return;
  const bool is_complete =
      std::all_of(findings.begin(), findings.end(), [](const ClipFindings& clip) { return clip.is_done; });
  if (!is_complete) {
    write_findings(options.resume_file, key, findings);
    return;
  }
  // Kept, it would speak for files that are mended before the next check.
  std::error_code ignored;
  fs::remove(options.resume_file, ignored);
}

}  // namespace

std::string_view to_string(ProblemKind kind) noexcept {
  return kKindNames[static_cast<std::size_t>(kind)];
}

ProblemKind problem_kind_from_name(std::string_view name) {
  const auto found = std::find(kKindNames.begin(), kKindNames.end(), name);
  if (found == kKindNames.end())
    throw invalid_argument("kind of problem is '" + std::string(name) +
                           "', wanted missing-clip, odd-size ...");
  return static_cast<ProblemKind>(found - kKindNames.begin());
}

CheckReport check(const ClipIndex& index, const CheckOptions& options, const Observer& observer) {
  CheckReport report;
  report.counts_were_held = counts_are_wanted(index, options.published_counts);
  if (report.counts_were_held) report.problems = check_lists(index);
  std::vector<ClipFindings> findings(index.clips.size());
  read_all(index, options, observer, findings);
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (!findings[i].is_done) {
      report.complete = false;
      continue;
    }
    ++report.clip_count;
    report.frame_count += index.clips[i].frame_count;
    report.problems.insert(report.problems.end(), findings[i].problems.begin(), findings[i].problems.end());
  }
  std::unordered_set<std::size_t> repeated;
  find_repeated(index, findings, report.problems, repeated);
  for (const auto& more : {find_leaks(index, findings, repeated, options.threads), find_unlisted(index)})
    report.problems.insert(report.problems.end(), more.begin(), more.end());
  return report;
}

}  // namespace ferv::data

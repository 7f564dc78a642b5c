// SPDX-License-Identifier: Apache-2.0
#include "check_clip.h"

#include <algorithm>
#include <system_error>
#include <unordered_map>
#include <unordered_set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/random.h"
#include "ferv/data/labels.h"
#include "ferv/media/jpeg.h"
#include "frame_file_limit.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

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
          {ProblemKind::kFrameGap, folder,
           "nothing between " + clip.frame_names[i - 1] + " and " + clip.frame_names[i]});
    }
  }
  if (!clip.frame_names.empty() && number_of(clip.frame_names[0]) > 1)
    findings.problems.push_back({ProblemKind::kFrameGap, folder, "starts with " + clip.frame_names[0]});
}

/// Files beside the frames: what a crashed copy or an archiver leaves.
void find_extra_files(const fs::path& folder, const Clip& clip, ClipFindings& findings) {
  std::vector<fs::path> entries;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    entries.push_back(entry->path());
  if (entries.size() == static_cast<std::size_t>(clip.frame_count)) return;
  std::unordered_set<std::string> frames;
  for (int frame = 0; frame < clip.frame_count; ++frame)
    frames.insert(frame_path({}, clip, frame).filename().string());
  std::sort(entries.begin(), entries.end());
  for (const fs::path& path : entries) {
    if (!frames.contains(path.filename().string()))
      findings.problems.push_back({ProblemKind::kExtraFile, path, "is no frame of the clip"});
  }
}

/// A JPEG begins with FF D8 and ends with FF D9; zeros after the end are harmless padding.
bool lacks_its_end(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < 4 || bytes[0] != 0xff || bytes[1] != 0xd8) return false;
  std::size_t size = bytes.size();
  while (size > 2 && bytes[size - 1] == 0) --size;
  return bytes[size - 2] != 0xff || bytes[size - 1] != 0xd9;
}

/// Reads the frames of one clip one after the other.
class FrameReader {
 public:
  FrameReader(int wanted_size_px, ClipFindings& findings)
      : wanted_size_px_(wanted_size_px), findings_(findings) {}

  /// The decoded frame, or nullptr after noting what is wrong.
  const media::Image* read(const fs::path& path) {
    // One decoder and picture a thread, for all its frames.
    static thread_local media::PictureDecoder decoder;
    static thread_local media::Image image;
    std::vector<std::uint8_t> bytes;
    try {
      bytes = read_file(path, kFrameFileLimit);
      note_content(path, hash64(bytes));
      decoder.decode(bytes, path.filename().string(), image);
    } catch (const Error& error) {
      const ProblemKind kind =
          lacks_its_end(bytes) ? ProblemKind::kTruncatedFrame : ProblemKind::kUnreadableFrame;
      findings_.problems.push_back({kind, path, error.what()});
      return nullptr;
    }
    if (wanted_size_px_ > 0 && (image.width_px != wanted_size_px_ || image.height_px != wanted_size_px_)) {
      const std::string wanted = std::to_string(wanted_size_px_);
      findings_.problems.push_back({ProblemKind::kOddSize, path,
                                    std::to_string(image.width_px) + "x" + std::to_string(image.height_px) +
                                        ", wanted " + wanted + "x" + wanted});
    }
    return &image;
  }

 private:
  void note_content(const fs::path& path, std::uint64_t hash) {
    // Of what was read before and of this frame, in order.
    findings_.content_hash = derive_seed(findings_.content_hash, "frame", {hash});
    const std::string name = path.filename().string();
    const auto [at, is_new] = seen_.emplace(hash, name);
    if (!is_new)
      findings_.problems.push_back({ProblemKind::kRepeatedFrame, path, "same bytes as " + at->second});
  }

  int wanted_size_px_;
  ClipFindings& findings_;
  std::unordered_map<std::uint64_t, std::string> seen_;
};

void compare_labels(const ClipIndex& index, const Clip& clip, ClipFindings& findings) {
  const fs::path folder = index.face_folder / clip.id;
  const std::string folder_label = folder.parent_path().filename().string();
  const std::string& label = index.classes[static_cast<std::size_t>(clip.label)];
  // FERV39k's folders are named by class; in other layouts only a folder that bears a class's name speaks.
  const bool folder_speaks =
      index.layout == "ferv39k" || class_index(index.classes, folder_label).has_value();
  if (folder_speaks && folder_label != label) {
    findings.problems.push_back(
        {ProblemKind::kLabelMismatch, folder, "listed as " + label + ", lies in " + folder_label});
  }
}

}  // namespace

ClipFindings check_clip(const ClipIndex& index, const Clip& clip, int wanted_size_px) {
  ClipFindings findings;
  findings.is_done = true;
  const fs::path folder = index.face_folder / clip.id;
  compare_labels(index, clip, findings);
  if (clip.frame_count == 0) {
    findings.problems.push_back(
        {ProblemKind::kMissingClip, folder, fs::exists(folder) ? "has no frames" : "has no folder"});
    return findings;
  }
  find_gaps(folder, clip, findings);
  find_extra_files(folder, clip, findings);
  FrameReader reader(wanted_size_px, findings);
  for (int frame = 0; frame < clip.frame_count; ++frame) {
    const media::Image* image = reader.read(frame_path(index.face_folder, clip, frame));
    if (image == nullptr) continue;
    const int places[3] = {0, clip.frame_count / 2, clip.frame_count - 1};
    for (std::size_t i = 0; i < 3; ++i) {
      if (frame == places[i]) findings.look[i] = hash_picture(*image);
    }
  }
  return findings;
}

}  // namespace ferv::data

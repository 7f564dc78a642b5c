// SPDX-License-Identifier: Apache-2.0
#include "crop_lists.h"

#include <algorithm>
#include <cmath>

#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "ferv/base/random.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

/// A clip's place in the draw: the same whatever other clips there are, so that adding some moves few.
std::uint64_t lot(const std::string& clip, std::uint64_t seed) {
  return derive_seed(seed, "test clips", {hash64(clip)});
}

/// Draws the tested ones among the clips of one (scene, label).
void draw_tested(std::vector<std::string> clips, const CropFilmsOptions& options,
                 std::map<std::string, bool>& is_test) {
  std::sort(clips.begin(), clips.end(), [&](const std::string& a, const std::string& b) {
    return lot(a, options.seed) < lot(b, options.seed);
  });
  const double share = std::ceil(options.test_share * static_cast<double>(clips.size()) - 1e-9);
  const std::size_t tested = clips.size() < 2 ? 0 : static_cast<std::size_t>(share);
  for (std::size_t i = 0; i < clips.size(); ++i) is_test[clips[i]] = i < tested;
}

void write_list(const fs::path& path, const std::string& text) {
  std::error_code ignored;
  if (text.empty()) {
    fs::remove(path, ignored);
  } else {
    write_file_atomically(path, text);
  }
}

}  // namespace

void write_crop_lists(const CropFilmsOptions& options, const CropFilmsSummary& summary) {
  std::map<std::string, bool> is_test;
  std::map<std::string, std::vector<std::string>> undecided;
  for (const CroppedClip& row : summary.clips) {
    if (row.status != CropStatus::kWritten || row.label.empty()) continue;
    const auto known = options.is_test.find(row.clip);
    if (known != options.is_test.end()) {
      is_test[row.clip] = known->second;
    } else {
      undecided[row.clip.substr(0, row.clip.rfind('/'))].push_back(row.clip);
    }
  }
  for (auto& [cell, clips] : undecided) draw_tested(std::move(clips), options, is_test);
  std::string train, test;
  for (const CroppedClip& row : summary.clips) {
    const auto place = is_test.find(row.clip);
    if (place != is_test.end()) (place->second ? test : train) += row.clip + " " + row.label + "\n";
  }
  const fs::path folder = options.out / "4_setups/All_scenes";
  write_list(folder / "train_All.csv", train);
  write_list(folder / "test_All.csv", test);
}

}  // namespace ferv::face

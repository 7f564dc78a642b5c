// SPDX-License-Identifier: Apache-2.0
#include "layout_reader.h"

#include <array>
#include <string_view>
#include <unordered_map>

#include "dfew.h"
#include "ferv/base/error.h"
#include "ferv/data/ferv39k.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

bool ferv39k_lies_in(const std::filesystem::path& folder) {
  return !child_named(folder, {"4_setups"}).empty();
}

ClipIndex read_ferv39k_lists(const std::filesystem::path& folder, const DataSetOptions& options) {
  return read_ferv39k(folder, {.setup = options.setup, .scan_frames = false, .threads = options.threads});
}

constexpr std::array kReaders = {
    LayoutReader{.name = "ferv39k",
                 .lies_in = ferv39k_lies_in,
                 .read = read_ferv39k_lists,
                 .marker = "4_setups",
                 .has_setups = true},
    LayoutReader{.name = "dfew",
                 .lies_in = dfew_lies_in,
                 .read = read_dfew,
                 .fold_count = 5,
                 .marker = "EmoLabel_DataSplit",
                 .has_16_frames = true},
};

}  // namespace

std::span<const LayoutReader> layout_readers() {
  return kReaders;
}

void refuse_duplicates(const ClipIndex& index, const std::filesystem::path& lists) {
  std::unordered_map<std::string_view, const Clip*> seen;
  for (const Clip& clip : index.clips) {
    const auto [at, is_new] = seen.emplace(clip.id, &clip);
    if (!is_new) {
      throw corrupt_data(lists, "clip " + clip.id + " is listed twice (" +
                                    std::string(to_string(at->second->split)) + " and " +
                                    std::string(to_string(clip.split)) + ")");
    }
  }
}

}  // namespace ferv::data

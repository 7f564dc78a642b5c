// SPDX-License-Identifier: Apache-2.0
#include "layout_reader.h"

#include <array>
#include <string_view>
#include <unordered_map>

#include "actor_sets.h"
#include "afew.h"
#include "dfew.h"
#include "ferv/base/error.h"
#include "ferv/data/ferv39k.h"
#include "foreign_lists.h"
#include "mafw.h"
#include "own_data.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

bool ferv39k_lies_in(const std::filesystem::path& folder) {
  return !child_named(folder, {"4_setups"}).empty();
}

bool anywhere(const std::filesystem::path& /*folder*/) {
  return true;
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
    LayoutReader{.name = "mafw",
                 .lies_in = mafw_lies_in,
                 .read = read_mafw,
                 .fold_count = 5,
                 .marker = "Train & Test Set"},
    LayoutReader{.name = "afew",
                 .lies_in = afew_lies_in,
                 .read = read_afew,
                 .marker = "train and validation with emotions"},
    LayoutReader{.name = "caer",
                 .lies_in = caer_lies_in,
                 .read = read_caer,
                 .marker = "train, validation and test with emotions"},
    LayoutReader{.name = "crema-d",
                 .lies_in = crema_d_lies_in,
                 .read = read_crema_d,
                 .fold_count = 5,
                 .marker = "1001_DFA_ANG_XX"},
    LayoutReader{.name = "ravdess",
                 .lies_in = ravdess_lies_in,
                 .read = read_ravdess,
                 .fold_count = 6,
                 .marker = "Actor_01"},
    LayoutReader{.name = "csv",
                 .lies_in = anywhere,
                 .read = read_clip_table,
                 .marker = "clips.csv",
                 .is_by_name_only = true,
                 .takes_order = true},
    LayoutReader{.name = "folders",
                 .lies_in = anywhere,
                 .read = read_class_folders,
                 .marker = "folders by class",
                 .is_by_name_only = true,
                 .takes_order = true},
    LayoutReader{.name = "lists",
                 .lies_in = anywhere,
                 .read = read_foreign_lists,
                 .marker = "a folder of frames",
                 .is_by_name_only = true,
                 .takes_order = true,
                 .takes_lists = true},
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

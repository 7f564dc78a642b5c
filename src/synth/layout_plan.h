// SPDX-License-Identifier: Apache-2.0
// Data sets in other layouts than FERV39k's: which folders of pictures they have, and which lists.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "clip_renderer.h"
#include "ferv/synth/dataset_writer.h"

namespace ferv::synth {

/// A stretch of rendering, and the frames of it that are kept, ascending.
struct Shot {
  ClipRecipe recipe;
  std::vector<int> frames;
};

/// pictures[i], counted over the frames kept of all shots, is written as names[i].
struct PictureFolder {
  std::string path;  ///< below the data set, forward slashes
  std::vector<std::size_t> pictures;
  std::vector<std::string> names;
};

/// What is rendered and renamed into place together.
struct PlannedFolders {
  std::vector<Shot> shots;
  std::vector<PictureFolder> folders;
};

struct ListFile {
  std::string path;
  std::string text;
};

struct LayoutPlan {
  std::vector<PlannedFolders> clips;
  std::vector<ListFile> lists;
  SynthSummary summary;  ///< train_clips, test_clips (of fold 1), identities and frames
};

/// What the classes of a data set are, how they are acted, and how many clips each has.
struct CastOptions {
  std::vector<Expression> expressions;  ///< [K]; classes that are none of the seven borrow the nearest
  std::vector<int> counts;              ///< [K]
  std::size_t group_count = 1;          ///< folds or splits: no person is in two of them
};

struct CastClip {
  std::size_t label = 0;
  std::size_t group = 0;
  std::size_t identity = 0;
  ClipRecipe recipe;
};

/// All clips, by class; those of a class go round the groups in turn.
[[nodiscard]] std::vector<CastClip> draw_cast(const CastOptions& cast, const SynthOptions& options);

/// `number` with leading zeros up to `digits` digits.
[[nodiscard]] std::string numbered(std::size_t number, std::size_t digits);

/// `total` clips shared out as `weights` are, at least `least` for each class.
[[nodiscard]] std::vector<int> share_out(int total, std::span<const int> weights, int least);

/// A clip whose frames all go into one folder, named by `first_number` on, with `digits` digits at least.
struct FrameNaming {
  int first_number = 0;
  std::size_t digits = 2;
};
[[nodiscard]] PlannedFolders whole_clip(const CastClip& clip, const std::string& path,
                                        const FrameNaming& naming);

/// Fills identities and frames of the summary.
void summarise(LayoutPlan& plan, std::span<const CastClip> cast);

struct Layout {
  const char* name;
  LayoutPlan (*plan)(const SynthOptions& options);
};

[[nodiscard]] std::span<const Layout> other_layouts();

[[nodiscard]] LayoutPlan plan_dfew(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_identities(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_mafw(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_afew(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_caer(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_crema_d(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_ravdess(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_csv(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_folders(const SynthOptions& options);
[[nodiscard]] LayoutPlan plan_lists(const SynthOptions& options);

}  // namespace ferv::synth

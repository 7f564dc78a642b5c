// SPDX-License-Identifier: Apache-2.0
// Renders a data set of parametric faces in the folder layout of FERV39k or of another release.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/synth/film_file.h"

namespace ferv::synth {

struct SynthOptions {
  std::filesystem::path folder;
  std::string layout = "ferv39k";  ///< one of synth_layouts()
  int clips = 0;        ///< in all; not with ferv39k and identities. 0: enough for every class and fold
  int identities = 20;  ///< people of layout identities
  int pictures_per_identity = 20;     ///< of layout identities, 1 to 1000
  int clips_per_cell = 5;             ///< of each (scene, expression); not used with counts_file
  std::filesystem::path counts_file;  ///< clips of each cell, see read_counts(); empty: clips_per_cell
  std::vector<std::string> scenes;    ///< empty: all 22
  std::uint64_t seed = 1;
  int face_size_px = 224;           ///< edge of the face crops, 32 to 1024
  std::optional<int> jpeg_quality;  ///< nullopt: drawn for each clip from its scene's habits
  bool write_scene_frames = true;
  int threads = 0;         ///< 0: all cores that this process may use
  FilmOpener film_opener;  ///< empty: no films
  /// More than 0: no data set but so many films with their truth (films.h); needs film_opener, and knows only
  /// folder, seed, film_length_s and threads.
  int films = 0;
  double film_length_s = 12;
};

/// "ferv39k", "dfew", "mafw", "identities" ...
[[nodiscard]] std::vector<std::string> synth_layouts();

struct SynthSummary {
  std::size_t clips_written = 0;
  std::size_t clips_kept = 0;      ///< were there already from an earlier, stopped run
  std::size_t frames_written = 0;  ///< face crops
  std::size_t train_clips = 0;     ///< in the whole data set, as the next three
  std::size_t test_clips = 0;
  std::size_t identities = 0;
  std::size_t frames = 0;
  bool complete = false;  ///< false: stopped by the observer; the same call goes on
};

/// Writes, in FERV39k's layout,
///     2_ClipsforFaceCrop/<Scene>/<Emotion>/<NNNN>/<NN>.jpg    face_size_px square
///     3_ClipsforScenImages/<the same>                         400x300, the face inside
///     0_7_LabelClips/<Scene>/<Emotion>/<NNNN>.mp4             with film_opener
///     4_setups/All_scenes/{train,test}_All.csv, 4_setups/22_scenes/{train,test}_<Scene>.csv
///     synth_clips.csv   clip,split,identity,frames: who is who
///     synth.json        the options, and whether the data set is complete
/// or a small copy of another layout: `layout` "dfew" has the folders and lists of DFEW's five folds, no
/// person in two of them; "mafw", "afew", "caer", "crema-d", "ravdess", "csv", "folders" and
/// "lists" are what `ferv data --layout` reads under those names; "identities" has a folder
/// <person>/<NNN>.jpg a person. Equal options give equal bytes, however many threads and interruptions. Every
/// clip folder appears whole or not at all. A folder of a stopped run with equal options is completed.
///
/// With `films` it writes instead
///     film_0000.mp4, film_0000.csv ...   films, and the truth of each frame
///     films.csv                          what each film is like
///     synth.json                         the options, and whether all films are there
///
/// Throws kInvalidArgument for impossible options, for a folder with other things in it, and for one with a
/// data set of other options; what read_counts() throws; kIo.
SynthSummary write_data_set(const SynthOptions& options, const Observer& observer);

}  // namespace ferv::synth

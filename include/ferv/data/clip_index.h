// SPDX-License-Identifier: Apache-2.0
// The list of clips of a data set: one row a clip, everything later rooms need to know without touching
// frames.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace ferv::data {

class FrameStore;

enum class Split : std::uint8_t { kTrain, kValidation, kTest };

[[nodiscard]] std::string_view to_string(Split split) noexcept;  ///< "train", "val", "test"
/// Throws kInvalidArgument with the three names for any other word.
[[nodiscard]] Split split_from_name(std::string_view name);

/// One clip. `id` is the path below the frame folder with forward slashes: "Action/Sad/0010" in FERV39k,
/// "00042" in DFEW.
struct Clip {
  std::string id;
  std::int32_t label = 0;  ///< index into ClipIndex::classes
  std::int32_t frame_count =
      0;  ///< frame files found on disk; 0 when the folder is missing or was not scanned
  Split split = Split::kTrain;
  std::string subject;  ///< who is shown, where the release says so; else empty
  /// Frame file names when they are not 00.jpg .. NN.jpg without a gap; else empty (saves 60 bytes a frame).
  std::vector<std::string> frame_names;
};

/// All clips of a data set in the order of its lists. A plain value.
struct ClipIndex {
  std::string layout;                 ///< one of layout_names()
  std::filesystem::path root;         ///< folder that holds the release, e.g. 2_ClipsforFaceCrop and 4_setups
  std::filesystem::path face_folder;  ///< where <id>/NN.jpg lie
  std::filesystem::path scene_folder;  ///< the un-cropped frames under the same ids; empty when absent
  std::filesystem::path flow_folder;  ///< optical flow under the same ids (optical_flow.h); empty when absent
  bool clips_are_films = false;       ///< <id> is a film, not a folder of frames; such clips have no frames
  std::vector<std::string> classes;
  std::vector<Clip> clips;
  /// Where frames come from when they are not files (pack.h, tar_archive.h); the folders then name the store
  /// in messages and are empty for streams that it does not hold.
  std::shared_ptr<const FrameStore> store;
};

/// The scene of a clip with an id `Scene/Emotion/NNNN` whose first part is one of FERV39k's 22 scenes; "" for
/// any other, as of data sets that have no scenes.
[[nodiscard]] std::string_view scene_of(const Clip& clip);

/// Path of frame `frame` of `clip` below `folder`. `frame` in [0, frame_count).
[[nodiscard]] std::filesystem::path frame_path(const std::filesystem::path& folder, const Clip& clip,
                                               int frame);

/// Positions in `index.clips` of one split, in list order.
[[nodiscard]] std::vector<std::size_t> clips_of(const ClipIndex& index, Split split);

/// Hash over classes and (id, label, frame count, split) of every clip: two runs saw the same data set.
[[nodiscard]] std::string fingerprint(const ClipIndex& index);

}  // namespace ferv::data

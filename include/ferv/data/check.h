// SPDX-License-Identifier: Apache-2.0
// A doctor for a copy of a data set: reads every frame and says what is wrong, with its path.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"

namespace ferv::data {

enum class ProblemKind : std::uint8_t {
  kMissingClip,      ///< a listed clip has no folder, or no frames in it
  kUnreadableFrame,  ///< no JPEG, or a damaged one
  kTruncatedFrame,   ///< a JPEG whose end is missing
  kOddSize,          ///< a face crop that is not of the wanted size
  kFrameGap,         ///< numbered frames with one missing between
  kRepeatedFrame,    ///< frames of a clip that are equal, byte for byte
  kExtraFile,        ///< something in a clip's folder that is no frame
  kUnlistedClip,     ///< a folder of frames that no list names
  kLabelMismatch,    ///< the list's label is not the folder's
  kRepeatedClip,     ///< the same frames, byte for byte, as another clip
  kSplitLeak,        ///< a test clip that looks like a training clip: the same, scaled or compressed again
  kLostLine,         ///< a list is one clip short of the release's, as after a header line was "skipped"
  kWrongCount,       ///< a cell of scene, class and split has another number of clips than the release
};

[[nodiscard]] std::string_view to_string(ProblemKind kind) noexcept;  ///< "missing-clip", ...
/// Throws kInvalidArgument for any other word.
[[nodiscard]] ProblemKind problem_kind_from_name(std::string_view name);

struct Problem {
  ProblemKind kind{};
  std::filesystem::path path;
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

struct CheckReport {
  std::int64_t clip_count = 0;
  std::int64_t frame_count = 0;
  bool complete = true;  ///< false: stopped by the observer; `problems` are those of the clips read so far
  bool counts_were_held = false;  ///< against FERV39k's published table
  std::vector<Problem>
      problems;  ///< in the order of the lists, then of paths; the same whatever the thread count
};

struct CheckOptions {
  int threads = 0;           ///< 0 = all cores this process may use
  int wanted_size_px = 224;  ///< 0 accepts any size
  /// Hold FERV39k's lists against the published table: "on", "off", or "auto": when they have nine tenths of
  /// the release's clips or more, which small and synthetic copies have not.
  std::string published_counts = "auto";
  /// Where findings are kept while it works, so that the same call goes on after a stop; empty: nowhere. The
  /// file is taken only for the same clips and size, else kInvalidArgument is thrown; it is gone when all is
  /// read.
  std::filesystem::path resume_file{};
};

/// Decodes every frame of the face crops of `index`. Bad clips are rows of the report, not exceptions. When
/// asked to stop it returns what it has, `complete` false, after writing the resume file.
[[nodiscard]] CheckReport check(const ClipIndex& index, const CheckOptions& options,
                                const Observer& observer);

/// The report as one HTML page that needs no network.
[[nodiscard]] std::string check_page(const ClipIndex& index, const CheckReport& report);

}  // namespace ferv::data

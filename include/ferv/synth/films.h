// SPDX-License-Identifier: Apache-2.0
// Films with a known truth: who is where in each frame, when it is shown, and where the shots change. What
// trackers, readers of films and timelines are measured against.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ferv/media/image.h"
#include "ferv/synth/film_file.h"
#include "ferv/synth/names.h"

namespace ferv::synth {

/// Equal recipes give equal films.
struct FilmRecipe {
  std::uint64_t people_seed = 1;  ///< films of one seed share their people
  std::uint64_t film_seed = 1;
  double length_s = 12;  ///< 1 to 3600; the last shot may be cut short
};

/// A face as it was painted.
struct FilmFace {
  int identity = 0;      ///< from 1; the same number is the same person
  media::Rectangle box;  ///< square, from the brows to the chin, in pixels as shown; may reach outside
  double visible = 1;    ///< share of the face that nothing hides and that lies in the picture, 0 to 1
  Expression expression = Expression::kNeutral;
  double intensity = 0;  ///< of the expression at this moment: 0 none, 1 as strong as faces commonly show it
};

struct FilmFrame {
  media::Image image;
  std::int64_t index = 0;
  double timestamp_s = 0;
  int shot = 0;  ///< from 0; a hard cut lies before its first frame
  std::vector<FilmFace> faces;
};

/// Renders the frames of one film in order, one at a time. Films hold one to two people a shot, or nobody;
/// who walk, cross before each other, and are covered for less than half a second by somebody who passes or
/// by a hand. Some cuts go to another place, some to another person in the same place. Sizes, odd ones too,
/// rates, constant and variable, and rotation are drawn. Not thread-safe.
class FilmRenderer {
 public:
  /// Throws kInvalidArgument for an impossible length.
  explicit FilmRenderer(const FilmRecipe& recipe);
  ~FilmRenderer();
  FilmRenderer(const FilmRenderer&) = delete;
  FilmRenderer& operator=(const FilmRenderer&) = delete;

  [[nodiscard]] const FilmFormat& format() const;
  [[nodiscard]] std::size_t frame_count() const;
  /// Renders the next frame into `frame`, whose memory is used again; false after the last.
  [[nodiscard]] bool render_next(FilmFrame& frame);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The table of a film's truth: its first line, and the lines of one frame, a line a face, or one with empty
/// fields where there is none. Columns: docs/file-formats.md.
[[nodiscard]] std::string film_truth_header();
[[nodiscard]] std::string film_truth_lines(const FilmFrame& frame);

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
// The tracker against films whose truth is known. A larger set: `ferv synth --films`, `ferv face score`.
#include "ferv/face/tracking_score.h"

#include "ferv/synth/dataset_writer.h"
#include "ferv/synth/films.h"
#include "film_writer.h"
#include "matchers.h"

namespace ferv::face {
namespace {

TrueFrame truth_of(const synth::FilmFrame& frame) {
  TrueFrame truth{frame.timestamp_s, frame.shot, {}};
  for (const synth::FilmFace& face : frame.faces)
    truth.faces.push_back({face.identity, face.box, face.visible});
  return truth;
}

TEST(SyntheticFilms, KeepTheirIdentitiesThroughCrossingsAndCoversAndNotOverCuts) {
  TrackingScore sum;
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    synth::FilmRenderer renderer({.film_seed = seed, .length_s = 7});
    FaceTracker tracker({.face_limit = 6});
    TrackingScorer scorer;
    for (synth::FilmFrame frame; renderer.render_next(frame);)
      scorer.push(truth_of(frame), tracker.push(frame.image, frame.timestamp_s), frame.timestamp_s);
    sum.add(scorer.score());
  }
  EXPECT_GT(sum.faces, 300);
  EXPECT_GE(sum.cuts, 4);
  EXPECT_EQ(sum.identity_switches, 0);
  EXPECT_EQ(sum.identities_carried_over_cuts, 0);
  EXPECT_LT(static_cast<double>(sum.faces_missed), 0.01 * static_cast<double>(sum.faces));
  EXPECT_LT(static_cast<double>(sum.faces_invented), 0.01 * static_cast<double>(sum.faces));
}

TEST(SyntheticFilms, AreReadWithExactTimes) {
  const test::TemporaryFolder folder;
  synth::SynthOptions options;
  options.folder = folder / "films";
  options.films = 3;
  options.film_length_s = 1;
  options.film_opener = test::film_opener();
  ASSERT_TRUE(synth::write_data_set(options, {}).complete);
  TrackingScore sum;
  for (const char* name : {"film_0000.mp4", "film_0001.mp4", "film_0002.mp4"})
    sum.add(score_film(folder / (std::string("films/") + name), {.face_limit = 6}, {}));
  EXPECT_GT(sum.frames, 40);
  EXPECT_EQ(sum.frames_lost, 0);
  EXPECT_EQ(sum.timestamps_wrong, 0) << sum.largest_timestamp_error_s << " s";
}

}  // namespace
}  // namespace ferv::face

// SPDX-License-Identifier: Apache-2.0
// The tracker against films whose truth is known. A larger set: `ferv synth --films`, `ferv face score`.
#include "ferv/face/tracking_score.h"

#include "ferv/synth/dataset_writer.h"
#include "ferv/synth/films.h"
#include "film_writer.h"
#include "matchers.h"

namespace ferv::face {
namespace {

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

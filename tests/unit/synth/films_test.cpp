// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/films.h"

#include <algorithm>
#include <map>
#include <set>

#include "ferv/base/hash.h"
#include "film_plan.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

TEST(FilmRecipe, RefusesImpossibleLengths) {
  for (const double length_s : {0.5, 4000.0, -1.0}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("length of a film"),
                       [&] { FilmRenderer renderer({.length_s = length_s}); });
  }
}

TEST(PlanFilm, HasTimesThatRiseAndShotsThatFollowEachOther) {
  int variable = 0, turned = 0, odd = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const FilmPlan plan = plan_film({.film_seed = seed, .length_s = 20});
    variable += plan.format.variable_frame_rate;
    turned += plan.format.rotation_degrees != 0;
    odd += plan.format.width_px % 2 != 0;
    for (std::size_t i = 1; i < plan.frames.size(); ++i) {
      ASSERT_GT(plan.frames[i].timestamp_s, plan.frames[i - 1].timestamp_s);
      ASSERT_GE(plan.frames[i].shot, plan.frames[i - 1].shot);
    }
    for (const PlannedFrame& frame : plan.frames) {
      const FilmShot& shot = plan.shots[frame.shot];
      ASSERT_GE(frame.timestamp_s, shot.begin_s);
      ASSERT_LT(frame.timestamp_s, shot.begin_s + shot.length_s);
    }
    EXPECT_LT(plan.frames.back().timestamp_s, 20);
  }
  EXPECT_GT(variable, 5);
  EXPECT_GT(turned, 5);
  EXPECT_GT(odd, 5);
}

TEST(PlanFilm, ShowsNobodyInTwoShotsThatFollowEachOther) {
  int same_places = 0, crossings = 0, covers = 0;
  for (std::uint64_t seed = 1; seed <= 60; ++seed) {
    const FilmPlan plan = plan_film({.film_seed = seed, .length_s = 30});
    for (std::size_t i = 0; i < plan.shots.size(); ++i) {
      const FilmShot& shot = plan.shots[i];
      covers += shot.cover.has_value();
      std::set<int> people;
      for (const Actor& actor : shot.actors) people.insert(actor.identity);
      ASSERT_EQ(people.size(), shot.actors.size());
      if (shot.actors.size() == 2) {
        const bool ends_turned = (shot.actors[0].to_px.x < shot.actors[1].to_px.x) !=
                                 (shot.actors[0].from_px.x < shot.actors[1].from_px.x);
        crossings += ends_turned;
      }
      if (i == 0) continue;
      same_places += plan.shots[i - 1].place_seed == shot.place_seed;
      for (const Actor& actor : plan.shots[i - 1].actors) EXPECT_FALSE(people.contains(actor.identity));
    }
  }
  EXPECT_GT(same_places, 20);
  EXPECT_GT(crossings, 20);
  EXPECT_GT(covers, 20);
}

/// What a frame's pixels and truth come down to.
std::string summary_of(const FilmFrame& frame) {
  return film_truth_lines(frame) + hash_bytes(frame.image.pixels);
}

TEST(FilmRenderer, GivesEqualFilmsForEqualRecipes) {
  const FilmRecipe recipe{.film_seed = 7, .length_s = 1};
  FilmRenderer first(recipe), second(recipe), other({.film_seed = 8, .length_s = 1});
  FilmFrame a, b, c;
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(first.render_next(a));
    ASSERT_TRUE(second.render_next(b));
    ASSERT_TRUE(other.render_next(c));
    EXPECT_EQ(summary_of(a), summary_of(b));
    EXPECT_NE(summary_of(a), summary_of(c));
    EXPECT_EQ(a.image.width_px, first.format().width_px);
  }
}

TEST(FilmRenderer, HandsOutAsManyFramesAsItSays) {
  FilmRenderer renderer({.film_seed = 3, .length_s = 1});
  std::size_t count = 0;
  for (FilmFrame frame; renderer.render_next(frame); ++count) EXPECT_EQ(frame.index, std::int64_t(count));
  EXPECT_EQ(count, renderer.frame_count());
  EXPECT_GE(count, 10U);
}

TEST(FilmTruth, HasALineAFaceAndOneWhereThereIsNone) {
  FilmFrame frame;
  frame.index = 12;
  frame.timestamp_s = 0.48;
  frame.shot = 2;
  EXPECT_EQ(film_truth_lines(frame), "12,0.480000000,2,,,,,,,,\n");
  frame.faces.push_back({5, {1.25, 2, 90, 90}, 0.5, Expression::kSad, 0.75});
  EXPECT_EQ(film_truth_lines(frame), "12,0.480000000,2,5,1.25,2.00,90.00,90.00,0.500,Sad,0.750\n");
  const std::string header = film_truth_header();
  EXPECT_EQ(std::count(header.begin(), header.end(), ','), 10);
}

/// The longest time, in seconds, for which a face of the shot is hidden for the most part.
double longest_hidden_s(const FilmRecipe& recipe) {
  FilmRenderer renderer(recipe);
  std::map<std::pair<int, int>, double> hidden_since;
  double longest_s = 0;
  for (FilmFrame frame; renderer.render_next(frame);) {
    for (const FilmFace& face : frame.faces) {
      const std::pair key{frame.shot, face.identity};
      if (face.visible >= 0.5) {
        hidden_since.erase(key);
      } else {
        const double since_s = hidden_since.emplace(key, frame.timestamp_s).first->second;
        longest_s = std::max(longest_s, frame.timestamp_s - since_s);
      }
    }
  }
  return longest_s;
}

TEST(FilmRenderer, HidesAFaceOnlyForAMoment) {
  double longest_s = 0;
  for (const std::uint64_t seed : {11U, 12U}) {
    longest_s = std::max(longest_s, longest_hidden_s({.film_seed = seed, .length_s = 8}));
  }
  EXPECT_GT(longest_s, 0.05) << "somebody is hidden in these films";
  EXPECT_LT(longest_s, 0.5);
}

}  // namespace
}  // namespace ferv::synth

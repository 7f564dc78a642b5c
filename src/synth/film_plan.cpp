// SPDX-License-Identifier: Apache-2.0
#include "film_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

namespace ferv::synth {
namespace {

constexpr double kTicksPerSecond = 90000;

struct Size {
  int width_px;
  int height_px;
  int rotation_degrees;
};
/// As shown. Odd ones and turned ones are among them.
constexpr std::array<Size, 9> kSizes = {{{640, 360, 0},
                                         {640, 480, 0},
                                         {640, 360, 180},
                                         {360, 640, 90},
                                         {360, 640, 270},
                                         {480, 360, 0},
                                         {641, 361, 0},
                                         {479, 355, 0},
                                         {853, 480, 0}}};
constexpr std::array<double, 6> kRatesHz = {24, 25, 30, 30000.0 / 1001, 24000.0 / 1001, 15};

constexpr double kVariableRateChance = 0.35;
/// Half the width of a face, in pixels of a picture whose longer side is shrunk to 640: faces of 80 pixels
/// and more can be found.
constexpr double kLeastUnitPx = 46;
constexpr double kMostUnitPx = 54;
constexpr double kSearchSidePx = 640;
/// Room on both sides of a face, in its units.
constexpr double kSideUnits = 1.7;
/// How fast people walk, and somebody passes close to the camera: so that nobody is hidden for longer than
/// 0.45 s.
constexpr double kWalkUnitsPerSecond = 3.4;
constexpr double kPassUnitsPerSecond = 8;
/// A shot of the same place follows with this chance.
constexpr double kSamePlaceChance = 0.25;

enum class ShotKind { kAlone, kTogether, kCrossing, kMeeting, kCovered, kNobody };

/// The kinds go round in this order from a drawn start, so that a film of half a minute has all of them.
constexpr std::array kKinds = {ShotKind::kAlone,    ShotKind::kCrossing, ShotKind::kCovered,
                               ShotKind::kTogether, ShotKind::kMeeting,  ShotKind::kCovered,
                               ShotKind::kNobody};

FilmFormat draw_format(Random& random) {
  const Size size = random.pick(kSizes);
  FilmFormat format;
  format.width_px = size.width_px;
  format.height_px = size.height_px;
  format.rotation_degrees = size.rotation_degrees;
  format.frame_rate_hz = random.pick(kRatesHz);
  format.variable_frame_rate = random.chance(kVariableRateChance);
  return format;
}

/// Draws the shots of one film, one after another.
class ShotPlanner {
 public:
  ShotPlanner(const FilmFormat& format, std::uint64_t film_seed)
      : format_(format), random_(derive_seed(film_seed, "shots")) {
    next_kind_ = random_.below(kKinds.size());
  }

  FilmShot next(double begin_s) {
    FilmShot shot;
    shot.begin_s = begin_s;
    const bool same_place = !last_cast_.empty() && random_.chance(kSamePlaceChance);
    shot.scene = same_place ? last_scene_ : other_scene();
    shot.place_seed = same_place ? last_place_seed_ : random_.next();
    const ShotKind kind = kKinds[next_kind_++ % kKinds.size()];
    fill(shot, kind);
    last_scene_ = shot.scene;
    last_place_seed_ = shot.place_seed;
    last_cast_.clear();
    for (const Actor& actor : shot.actors) last_cast_.push_back(actor.identity);
    return shot;
  }

 private:
  std::size_t other_scene() {
    const std::size_t count = scene_names().size();
    return (last_scene_ + 1 + random_.below(count - 1)) % count;
  }

  void fill(FilmShot& shot, ShotKind kind) {
    shot.length_s = random_.uniform(1.6, 3.0);
    switch (kind) {
      case ShotKind::kNobody:
        shot.length_s = random_.uniform(0.6, 1.2);
        break;
      case ShotKind::kAlone:
        add_actor(shot, random_.uniform(0.3, 0.7));
        walk(shot.actors.back(), shot.length_s);
        break;
      case ShotKind::kTogether:
        add_actor(shot, 0);
        add_actor(shot, 1);
        break;
      case ShotKind::kCrossing:
      case ShotKind::kMeeting:
        add_pair_that_meets(shot, kind == ShotKind::kMeeting);
        break;
      case ShotKind::kCovered:
        add_actor(shot, random_.uniform(0.2, 0.45));
        if (random_.chance(0.4)) add_actor(shot, 1);
        add_cover(shot);
        break;
    }
    std::stable_sort(shot.actors.begin(), shot.actors.end(),
                     [](const Actor& a, const Actor& b) { return a.unit_px < b.unit_px; });
  }

  /// Somebody new, who stands; `across` 0 is as far left as a face fits, 1 as far right.
  void add_actor(FilmShot& shot, double across) {
    const double longer = std::max(format_.width_px, format_.height_px);
    Actor actor;
    actor.unit_px = random_.uniform(kLeastUnitPx, kMostUnitPx) * std::max(1.0, longer / kSearchSidePx);
    // A narrow or low picture takes no more than this.
    actor.unit_px = std::min({actor.unit_px, format_.height_px / 4.4, format_.width_px / 7.6});
    do {
      actor.identity = 1 + static_cast<int>(random_.below(kPeopleOfFilms));
    } while (is_taken(shot, actor.identity));
    actor.expression = random_.pick(kExpressions);
    actor.seed = random_.next();
    actor.from_px =
        actor.to_px = {x_of(across, actor.unit_px),
                       std::max(format_.height_px * random_.uniform(0.37, 0.42), 1.75 * actor.unit_px)};
    shot.actors.push_back(actor);
  }

  [[nodiscard]] bool is_taken(const FilmShot& shot, int identity) const {
    const auto acts = [&](const Actor& actor) { return actor.identity == identity; };
    // Nobody is in two shots that follow each other: an identity that lives on over a cut is always wrong.
    return std::any_of(shot.actors.begin(), shot.actors.end(), acts) ||
           std::find(last_cast_.begin(), last_cast_.end(), identity) != last_cast_.end();
  }

  [[nodiscard]] double x_of(double across, double unit_px) const {
    const double side = kSideUnits * unit_px;
    return side + across * (format_.width_px - 2 * side);
  }

  /// Moves the end of the actor's way as far as the time of the shot allows.
  void walk(Actor& actor, double length_s) {
    const double reach = kWalkUnitsPerSecond * actor.unit_px * length_s * random_.uniform(0, 0.7);
    const double to =
        actor.from_px.x < format_.width_px / 2.0 ? actor.from_px.x + reach : actor.from_px.x - reach;
    actor.to_px.x = std::clamp(to, x_of(0, actor.unit_px), x_of(1, actor.unit_px));
  }

  /// Two who come from both sides; they pass each other, or stop half behind each other and go back.
  void add_pair_that_meets(FilmShot& shot, bool return_after) {
    const bool first_is_near = random_.chance(0.5);
    add_actor(shot, 0);
    add_actor(shot, 1);
    Actor& left = shot.actors[0];
    Actor& right = shot.actors[1];
    right.from_px.y = right.to_px.y = left.from_px.y + random_.uniform(-0.25, 0.25) * left.unit_px;
    Actor& near = first_is_near ? left : right;
    Actor& far = first_is_near ? right : left;
    far.unit_px *= 0.92;
    near.unit_px = std::max(near.unit_px, far.unit_px * 1.05);
    double way = right.from_px.x - left.from_px.x;
    if (return_after) {
      way = (way - random_.uniform(1.0, 1.5) * near.unit_px) / 2;
      left.to_px.x += way;
      right.to_px.x -= way;
      left.returns = right.returns = true;
      way *= 2;  // there and back
    } else {
      std::swap(left.to_px.x, right.to_px.x);
    }
    shot.length_s = way / (kWalkUnitsPerSecond * near.unit_px);
  }

  void add_cover(FilmShot& shot) {
    Cover cover;
    cover.kind = random_.chance(0.6) ? CoverKind::kPassing : CoverKind::kHand;
    cover.unit_px = shot.actors.front().unit_px;
    cover.leftwards = random_.chance(0.5);
    if (cover.kind == CoverKind::kPassing) {
      const double crossing_s = (format_.width_px / cover.unit_px + 4) / kPassUnitsPerSecond;
      shot.length_s = std::max(shot.length_s, crossing_s + 1.2);
      cover.begin_s = random_.uniform(0.6, shot.length_s - crossing_s - 0.4);
      cover.end_s = cover.begin_s + crossing_s;
    } else {
      cover.begin_s = random_.uniform(0.6, 0.9);
      cover.end_s = cover.begin_s + random_.uniform(0.25, 0.42);
      shot.length_s = std::max(shot.length_s, cover.end_s + 0.6);
    }
    shot.cover = cover;
  }

  FilmFormat format_;
  Random random_;
  std::size_t next_kind_ = 0;
  std::size_t last_scene_ = 0;
  std::uint64_t last_place_seed_ = 0;
  std::vector<int> last_cast_;
};

/// When frames are shown; of a variable rate in whole ticks, with a long gap now and then.
std::vector<double> draw_times(const FilmFormat& format, double length_s, Random& random) {
  std::vector<double> times;
  if (!format.variable_frame_rate) {
    for (int i = 0; i / format.frame_rate_hz < length_s; ++i) times.push_back(i / format.frame_rate_hz);
    return times;
  }
  const double mean = kTicksPerSecond / format.frame_rate_hz;
  for (double tick = 0; tick / kTicksPerSecond < length_s;) {
    times.push_back(tick / kTicksPerSecond);
    const double factor = random.chance(0.02) ? 3 : random.uniform(0.4, 1.6);
    tick += std::max(1.0, std::floor(mean * factor));
  }
  return times;
}

}  // namespace

Point Actor::place_px(double share_of_shot) const {
  const double share = returns ? 1 - std::abs(1 - 2 * share_of_shot) : share_of_shot;
  return {from_px.x + share * (to_px.x - from_px.x), from_px.y + share * (to_px.y - from_px.y)};
}

FilmPlan plan_film(const FilmRecipe& recipe) {
  if (!(recipe.length_s >= 1 && recipe.length_s <= 3600))
    throw invalid_argument("length of a film is " + std::to_string(recipe.length_s) + " s, wanted 1 to 3600");
  Random random(derive_seed(recipe.film_seed, "film"));
  FilmPlan plan;
  plan.format = draw_format(random);
  ShotPlanner planner(plan.format, recipe.film_seed);
  for (double begin_s = 0; begin_s < recipe.length_s;) {
    plan.shots.push_back(planner.next(begin_s));
    begin_s += plan.shots.back().length_s;
  }
  for (const double time_s : draw_times(plan.format, recipe.length_s, random)) {
    std::size_t shot = plan.frames.empty() ? 0 : plan.frames.back().shot;
    while (time_s >= plan.shots[shot].begin_s + plan.shots[shot].length_s) ++shot;
    plan.frames.push_back({time_s, shot});
  }
  return plan;
}

}  // namespace ferv::synth

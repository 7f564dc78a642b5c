// SPDX-License-Identifier: Apache-2.0
#include "scene_style.h"

#include <set>
#include <tuple>

#include "ferv/synth/names.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

TEST(SceneStyle, RowsStandInTheOrderOfTheNames) {
  for (std::size_t scene = 0; scene < scene_names().size(); ++scene)
    EXPECT_EQ(scene_style(scene).name, scene_names()[scene]);
}

TEST(SceneStyle, EveryScenesLookIsItsOwn) {
  std::set<std::tuple<Backdrop, double, double>> looks;
  for (std::size_t scene = 0; scene < 22; ++scene) {
    const SceneStyle& style = scene_style(scene);
    looks.emplace(style.backdrop, style.first.red, style.first.blue);
  }
  EXPECT_EQ(looks.size(), 22U);
}

TEST(SceneStyle, ValuesAreWithinWhatThePainterCanDo) {
  for (std::size_t scene = 0; scene < 22; ++scene) {
    const SceneStyle& style = scene_style(scene);
    // A detector's window is 80 px wide, a face nearly two units.
    EXPECT_GE(style.face_unit_low_px, 45) << style.name;
    EXPECT_LE(style.face_unit_low_px, style.face_unit_high_px) << style.name;
    EXPECT_LE(style.face_unit_high_px, 65) << style.name;
    EXPECT_LE(style.quality_low, style.quality_high) << style.name;
    EXPECT_LE(style.quality_high, 100) << style.name;
    EXPECT_LE(style.shake_px, 10) << style.name << ": the backdrop's margin";
    EXPECT_EQ(style.usual == Occluder::kNone, style.usual_chance == 0) << style.name;
    EXPECT_EQ(style.other == Occluder::kNone, style.other_chance == 0) << style.name;
  }
}

TEST(SceneStyle, OfNoSceneIsAnError) {
  test::expect_error(ErrorKind::kInternal, testing::HasSubstr("22"), [] { (void)scene_style(22); });
}

}  // namespace
}  // namespace ferv::synth

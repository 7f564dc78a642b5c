// SPDX-License-Identifier: Apache-2.0
#include "scene_style.h"

#include <array>
#include <string>

#include "ferv/base/error.h"

namespace ferv::synth {
namespace {

using enum Occluder;

// clang-format off
constexpr std::array<SceneStyle, 22> kStyles = {{
  // name           backdrop               first               second              bright warm  satur side   unit px   sway shake blur noise quality usual            chance  other            chance
  {"Action",        Backdrop::kStreet,     {0.42, 0.45, 0.50}, {0.72, 0.60, 0.40}, 1.00,  0.2,  1.00, 0.40,  50, 58,   1.5, 2.0,  0.9, 5.0,  72, 90, kLetterbox,       0.40, kSmoke,           0.25},
  {"Argue",         Backdrop::kPlainWall,  {0.78, 0.70, 0.58}, {0.55, 0.40, 0.30}, 0.98,  0.2,  0.95, 0.30,  54, 62,   1.3, 1.0,  0.7, 4.0,  75, 92, kOtherShoulder,   0.45, kNone,            0.00},
  {"Business",      Backdrop::kOffice,     {0.70, 0.75, 0.80}, {0.35, 0.42, 0.52}, 1.05, -0.2,  0.90, 0.20,  52, 60,   0.8, 0.5,  0.6, 3.0,  80, 95, kOtherShoulder,   0.20, kCaption,         0.15},
  {"Conflict",      Backdrop::kStreet,     {0.35, 0.36, 0.38}, {0.50, 0.42, 0.36}, 0.92,  0.0,  0.80, 0.45,  52, 62,   1.5, 1.8,  0.8, 6.0,  72, 90, kOtherShoulder,   0.40, kLetterbox,       0.25},
  {"Contest",       Backdrop::kStage,      {0.16, 0.14, 0.40}, {0.85, 0.35, 0.65}, 1.05,  0.1,  1.10, 0.30,  50, 60,   1.1, 0.8,  0.6, 4.0,  75, 92, kHandMicrophone,  0.35, kPeakedCap,       0.15},
  {"Crime",         Backdrop::kBars,       {0.30, 0.33, 0.34}, {0.14, 0.15, 0.16}, 0.86, -0.3,  0.65, 0.50,  52, 60,   0.9, 0.8,  0.8, 7.0,  70, 88, kOtherShoulder,   0.25, kPeakedCap,       0.20},
  {"Crisis",        Backdrop::kRuins,      {0.60, 0.46, 0.36}, {0.35, 0.25, 0.20}, 0.90,  0.4,  0.85, 0.40,  50, 60,   1.3, 1.5,  0.9, 6.0,  70, 88, kSmoke,           0.50, kHelmet,          0.15},
  {"DailyLife",     Backdrop::kPlainWall,  {0.82, 0.80, 0.72}, {0.60, 0.70, 0.62}, 1.03,  0.1,  1.00, 0.20,  50, 62,   1.0, 0.8,  0.6, 3.0,  78, 95, kHand,            0.12, kNone,            0.00},
  {"ElegantArt",    Backdrop::kCurtain,    {0.45, 0.08, 0.12}, {0.22, 0.03, 0.06}, 0.98,  0.3,  1.05, 0.40,  52, 62,   0.9, 0.3,  0.7, 3.0,  80, 95, kLetterbox,       0.20, kStandMicrophone, 0.20},
  {"Experiment",    Backdrop::kPlainWall,  {0.72, 0.74, 0.75}, {0.58, 0.60, 0.62}, 1.06, -0.1,  0.90, 0.12,  56, 64,   0.6, 0.0,  0.3, 2.0,  85, 96, kHeadset,         0.25, kNone,            0.00},
  {"History",       Backdrop::kPillars,    {0.55, 0.45, 0.30}, {0.32, 0.24, 0.14}, 0.94,  0.5,  0.45, 0.40,  50, 60,   0.9, 0.5,  0.9, 8.0,  70, 88, kLetterbox,       0.45, kHelmet,          0.10},
  {"Interview",     Backdrop::kBookshelf,  {0.38, 0.28, 0.20}, {0.62, 0.48, 0.32}, 1.02,  0.1,  0.95, 0.28,  54, 62,   0.8, 0.3,  0.6, 3.0,  80, 95, kHandMicrophone,  0.40, kCaption,         0.30},
  {"Liveshow",      Backdrop::kStudio,     {0.55, 0.45, 0.75}, {0.90, 0.70, 0.85}, 1.10,  0.0,  1.15, 0.12,  54, 64,   1.1, 0.6,  0.7, 4.0,  68, 86, kHeadset,         0.30, kCaption,         0.45},
  {"Medicine",      Backdrop::kWard,       {0.80, 0.88, 0.86}, {0.55, 0.70, 0.70}, 1.08, -0.3,  0.85, 0.18,  50, 60,   0.8, 0.6,  0.6, 3.0,  78, 94, kSurgicalCap,     0.35, kNone,            0.00},
  {"OfficialEvent", Backdrop::kFlags,      {0.20, 0.28, 0.48}, {0.70, 0.15, 0.18}, 1.02,  0.0,  1.00, 0.22,  50, 60,   0.7, 0.3,  0.6, 3.0,  80, 94, kStandMicrophone, 0.50, kCaption,         0.30},
  {"ScholarReport", Backdrop::kBlackboard, {0.16, 0.26, 0.22}, {0.80, 0.80, 0.74}, 1.00,  0.0,  0.95, 0.22,  50, 60,   0.9, 0.3,  0.7, 4.0,  76, 92, kStandMicrophone, 0.35, kHeadset,         0.20},
  {"School",        Backdrop::kBlackboard, {0.20, 0.36, 0.28}, {0.88, 0.84, 0.66}, 1.05,  0.2,  1.00, 0.20,  50, 62,   1.1, 0.8,  0.6, 3.0,  78, 94, kOtherShoulder,   0.20, kPeakedCap,       0.10},
  {"Social",        Backdrop::kCrowd,      {0.50, 0.38, 0.30}, {0.85, 0.68, 0.42}, 0.96,  0.4,  1.05, 0.32,  50, 60,   1.1, 1.0,  0.8, 5.0,  74, 92, kHand,            0.15, kOtherShoulder,   0.20},
  {"Speech",        Backdrop::kCurtain,    {0.12, 0.22, 0.40}, {0.06, 0.10, 0.22}, 1.00,  0.0,  0.95, 0.30,  50, 60,   1.0, 0.3,  0.7, 4.0,  76, 92, kStandMicrophone, 0.60, kCaption,         0.15},
  {"Talkshow",      Backdrop::kStudio,     {0.25, 0.35, 0.60}, {0.95, 0.75, 0.35}, 1.06,  0.2,  1.10, 0.20,  52, 62,   1.0, 0.3,  0.6, 3.0,  78, 94, kHandMicrophone,  0.25, kCaption,         0.30},
  {"Terror",        Backdrop::kTiles,      {0.22, 0.28, 0.28}, {0.10, 0.13, 0.14}, 0.84, -0.5,  0.60, 0.55,  52, 62,   1.2, 1.5,  0.9, 8.0,  70, 88, kSmoke,           0.25, kLetterbox,       0.35},
  {"War",           Backdrop::kTrees,      {0.36, 0.40, 0.26}, {0.20, 0.22, 0.14}, 0.92,  0.2,  0.70, 0.40,  50, 60,   1.3, 1.8,  0.9, 7.0,  70, 88, kHelmet,          0.50, kSmoke,           0.30},
}};
// clang-format on

}  // namespace

const SceneStyle& scene_style(std::size_t scene) {
  if (scene >= kStyles.size())
    throw internal_error("scene index is " + std::to_string(scene) + ", wanted below 22");
  return kStyles[scene];
}

}  // namespace ferv::synth

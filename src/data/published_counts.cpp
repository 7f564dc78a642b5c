// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/published_counts.h"

namespace ferv::data {
namespace {

constexpr std::array kScenes = {
    PublishedScene{"Action", {346, 68, 204, 54, 61, 38, 33}},
    PublishedScene{"Argue", {703, 260, 590, 734, 203, 94, 71}},
    PublishedScene{"Business", {349, 293, 507, 228, 203, 165, 31}},
    PublishedScene{"Conflict", {261, 459, 435, 741, 219, 233, 143}},
    PublishedScene{"Contest", {634, 463, 596, 253, 221, 138, 95}},
    PublishedScene{"Crime", {244, 416, 523, 254, 158, 143, 133}},
    PublishedScene{"Crisis", {240, 289, 465, 196, 133, 55, 116}},
    PublishedScene{"DailyLife", {483, 501, 461, 640, 85, 31, 138}},
    PublishedScene{"ElegantArt", {176, 353, 276, 227, 87, 70, 53}},
    PublishedScene{"Experiment", {170, 11, 269, 40, 36, 10, 20}},
    PublishedScene{"History", {305, 906, 530, 495, 164, 85, 205}},
    PublishedScene{"Interview", {682, 291, 604, 302, 92, 91, 37}},
    PublishedScene{"Liveshow", {269, 110, 375, 147, 102, 110, 18}},
    PublishedScene{"Medicine", {68, 161, 206, 98, 51, 36, 72}},
    PublishedScene{"OfficialEvent", {348, 108, 413, 349, 98, 85, 22}},
    PublishedScene{"ScholarReport", {524, 235, 507, 326, 157, 145, 120}},
    PublishedScene{"School", {127, 403, 365, 528, 249, 177, 163}},
    PublishedScene{"Social", {148, 96, 416, 191, 111, 131, 28}},
    PublishedScene{"Speech", {339, 232, 521, 320, 160, 152, 110}},
    PublishedScene{"Talkshow", {479, 189, 484, 237, 206, 90, 51}},
    PublishedScene{"Terror", {148, 472, 458, 395, 184, 110, 332}},
    PublishedScene{"War", {284, 600, 543, 638, 160, 111, 120}},
};

}  // namespace

std::span<const PublishedScene> published_scenes() {
  return kScenes;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// Rendered faces must look enough like faces for a detector that was trained on photographs.
#include <dlib/image_processing/frontal_face_detector.h>

#include <algorithm>

#include "clip_renderer.h"
#include "ferv/base/random.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

constexpr int kClipsPerCell = 2;
constexpr double kWantedShare = 0.95;

/// The picture as a reader of the data set sees it: after JPEG.
dlib::array2d<dlib::rgb_pixel> after_jpeg(const media::Image& image, int quality) {
  media::JpegDecoder decoder;
  media::Image decoded;
  decoder.decode(media::encode_jpeg(image, quality), "rendered frame", decoded);
  dlib::array2d<dlib::rgb_pixel> pixels(decoded.height_px, decoded.width_px);
  for (int y = 0; y < decoded.height_px; ++y) {
    const std::uint8_t* row = decoded.row(y);
    for (int x = 0; x < decoded.width_px; ++x) pixels[y][x] = {row[3 * x], row[3 * x + 1], row[3 * x + 2]};
  }
  return pixels;
}

TEST(RenderedFaces, AreFoundByDlibInCropsAndInScenes) {
  dlib::frontal_face_detector detector = dlib::get_frontal_face_detector();
  int frames = 0;
  int found_in_crops = 0;
  int found_in_scenes = 0;
  int too_many = 0;
  for (std::size_t scene = 0; scene < scene_names().size(); ++scene) {
    for (const Expression expression : kExpressions) {
      for (std::uint64_t clip = 0; clip < kClipsPerCell; ++clip) {
        ClipRecipe recipe;
        recipe.scene = scene;
        recipe.expression = expression;
        recipe.frame_count = 12;
        recipe.clip_seed = derive_seed(1, "detection", {scene, static_cast<std::uint64_t>(expression), clip});
        recipe.identity_seed = derive_seed(recipe.clip_seed, "identity");
        Random random(recipe.clip_seed);
        const std::uint64_t chosen = random.below(12);
        ClipRenderer renderer(recipe, 224);
        RenderedFrame frame;
        for (std::uint64_t i = 0; i <= chosen; ++i) renderer.render_next(frame);
        const auto in_crop = detector(after_jpeg(frame.face_crop, renderer.jpeg_quality()));
        const auto in_scene = detector(after_jpeg(frame.scene, renderer.jpeg_quality()));
        ++frames;
        found_in_crops += !in_crop.empty();
        found_in_scenes +=
            std::any_of(in_scene.begin(), in_scene.end(), [](const auto& box) { return box.width() >= 80; });
        too_many += in_scene.size() > 1;
      }
    }
  }
  RecordProperty("frames", frames);
  RecordProperty("found_in_crops", found_in_crops);
  RecordProperty("found_in_scenes", found_in_scenes);
  EXPECT_GE(found_in_crops, kWantedShare * frames);
  EXPECT_GE(found_in_scenes, kWantedShare * frames);
  EXPECT_LE(too_many, frames / 50) << "backdrops must not look like faces";
}

}  // namespace
}  // namespace ferv::synth

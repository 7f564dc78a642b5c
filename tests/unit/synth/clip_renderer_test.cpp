// SPDX-License-Identifier: Apache-2.0
#include "clip_renderer.h"

#include <cmath>

#include "matchers.h"

namespace ferv::synth {
namespace {

using testing::HasSubstr;

ClipRecipe recipe_of(Expression expression) {
  return {.scene = 7, .expression = expression, .identity_seed = 5, .clip_seed = 6, .frame_count = 12};
}

std::vector<RenderedFrame> render(const ClipRecipe& recipe, int size = 96) {
  ClipRenderer renderer(recipe, size);
  std::vector<RenderedFrame> frames(static_cast<std::size_t>(recipe.frame_count));
  for (RenderedFrame& frame : frames) renderer.render_next(frame);
  return frames;
}

double mean_difference(const media::Image& a, const media::Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels.size(); ++i) sum += std::abs(int{a.pixels[i]} - int{b.pixels[i]});
  return sum / static_cast<double>(a.pixels.size());
}

TEST(ClipRenderer, MakesPicturesOfTheWantedSizes) {
  for (const RenderedFrame& frame : render(recipe_of(Expression::kSad))) {
    EXPECT_EQ(frame.scene.width_px, kSceneWidthPx);
    EXPECT_EQ(frame.scene.height_px, kSceneHeightPx);
    EXPECT_EQ(frame.face_crop.width_px, 96);
    EXPECT_EQ(frame.face_crop.height_px, 96);
  }
}

TEST(ClipRenderer, EqualRecipesGiveEqualPictures) {
  const auto first = render(recipe_of(Expression::kFear));
  const auto second = render(recipe_of(Expression::kFear));
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].scene.pixels, second[i].scene.pixels);
    EXPECT_EQ(first[i].face_crop.pixels, second[i].face_crop.pixels);
  }
}

TEST(ClipRenderer, EverySeedShowsInThePicture) {
  const ClipRecipe recipe = recipe_of(Expression::kNeutral);
  ClipRecipe other_person = recipe;
  other_person.identity_seed = 50;
  ClipRecipe other_clip = recipe;
  other_clip.clip_seed = 60;
  ClipRecipe other_scene = recipe;
  other_scene.scene = 21;
  const auto picture = render(recipe).front();
  for (const ClipRecipe& other : {other_person, other_clip, other_scene}) {
    EXPECT_GT(mean_difference(picture.scene, render(other).front().scene), 3);
  }
}

TEST(ClipRenderer, AnExpressionChangesTheFaceMoreThanNeutralDoes) {
  // The same person, pose, light and noise: what remains is the expression.
  const auto neutral = render(recipe_of(Expression::kNeutral));
  for (const Expression expression : kExpressions) {
    if (expression == Expression::kNeutral) continue;
    const auto acted = render(recipe_of(expression));
    double largest = 0;
    double smallest = 1e9;
    for (std::size_t i = 0; i < acted.size(); ++i) {
      const double difference = mean_difference(acted[i].face_crop, neutral[i].face_crop);
      largest = std::max(largest, difference);
      smallest = std::min(smallest, difference);
    }
    EXPECT_GT(largest, 0.8) << name_of(expression);
    EXPECT_LT(smallest, 0.35 * largest) << name_of(expression) << " is never near neutral";
  }
}

TEST(ClipRenderer, JpegQualityIsAmongTheScenesHabits) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    ClipRecipe recipe = recipe_of(Expression::kHappy);
    recipe.clip_seed = seed;
    recipe.frame_count = 8;
    const int quality = ClipRenderer(recipe, 64).jpeg_quality();
    EXPECT_GE(quality, 60);
    EXPECT_LE(quality, 97);
  }
}

TEST(ClipRenderer, RefusesEmptyClipsAndPicturesAndTooManyFrames) {
  ClipRecipe recipe = recipe_of(Expression::kHappy);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("0 px"),
                     [&] { const ClipRenderer renderer(recipe, 0); });
  recipe.frame_count = 1;
  ClipRenderer renderer(recipe, 64);
  RenderedFrame frame;
  renderer.render_next(frame);
  test::expect_error(ErrorKind::kInternal, HasSubstr("more frames"), [&] { renderer.render_next(frame); });
  recipe.frame_count = 0;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("0 frames"),
                     [&] { const ClipRenderer none(recipe, 64); });
}

}  // namespace
}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "grey_image.h"

#include <gtest/gtest.h>

#include "painted_picture.h"

namespace ferv::face {
namespace {

/// Brightness rises by one grey level a pixel to the right.
media::Image ramp(int width, int height) {
  media::Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) std::fill_n(image.row(y) + 3 * x, 3, static_cast<std::uint8_t>(x));
  }
  return image;
}

TEST(GreyView, ShowsThePartAskedForAtFullSize) {
  const GreyView view = grey_view(ramp(200, 50), {30, 10, 40, 20}, 1);
  EXPECT_EQ(view.left, 30);
  EXPECT_EQ(view.top, 10);
  EXPECT_EQ(view.image.width_px, 40);
  EXPECT_EQ(view.image.height_px, 20);
  for (int x = 0; x < 40; ++x) EXPECT_EQ(view.image.row(7)[x], 30 + x);
}

TEST(GreyView, IsCutAtTheFramesEdges) {
  const GreyView view = grey_view(ramp(100, 50), {-20, -20, 60, 200}, 1);
  EXPECT_EQ(view.left, 0);
  EXPECT_EQ(view.top, 0);
  EXPECT_EQ(view.image.width_px, 40);
  EXPECT_EQ(view.image.height_px, 50);
  EXPECT_TRUE(grey_view(ramp(100, 50), {200, 0, 10, 10}, 1).image.pixels.empty());
}

TEST(GreyView, KeepsPlacesWhateverTheScale) {
  const media::Image image = ramp(240, 120);
  for (const double scale : {0.5, 0.8, 1.0, 1.5, 2.0, 3.0, 4.0, 5.3}) {
    const GreyView view = grey_view(image, {0, 0, 240, 120}, scale);
    EXPECT_NEAR(view.image.width_px, 240 / scale, 1) << scale;
    for (int x = 2; x + 2 < view.image.width_px; ++x) {
      // The centre of grey pixel x lies at frame position left + (x + 0.5) * scale; the ramp's value there is
      // that - 0.5.
      EXPECT_NEAR(view.image.row(5)[x], view.left + (x + 0.5) * view.scale - 0.5, 1.5)
          << "scale " << scale << " x " << x;
    }
  }
}

}  // namespace
}  // namespace ferv::face

// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/turn.h"

#include "matchers.h"

namespace ferv::media {
namespace {

using testing::HasSubstr;

TEST(Turn, GoesClockwiseAndFourQuartersAreNone) {
  Image image(2, 3);
  for (std::size_t i = 0; i < image.pixels.size(); ++i) image.pixels[i] = static_cast<std::uint8_t>(i);
  const Image quarter = turn(image, 90);
  ASSERT_EQ(quarter.width_px, 3);
  ASSERT_EQ(quarter.height_px, 2);
  EXPECT_EQ(quarter.row(0)[2 * 3], image.row(0)[0]) << "the upper left corner comes to the upper right";
  EXPECT_EQ(turn(quarter, 90).pixels, turn(image, 180).pixels);
  EXPECT_EQ(turn(quarter, 180).pixels, turn(image, 270).pixels);
  EXPECT_EQ(turn(quarter, 270).pixels, image.pixels);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("turn of a picture is 45"),
                     [&] { (void)turn(image, 45); });
}

}  // namespace
}  // namespace ferv::media

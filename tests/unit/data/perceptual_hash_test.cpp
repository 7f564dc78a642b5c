// SPDX-License-Identifier: Apache-2.0
#include "perceptual_hash.h"

#include <algorithm>

#include "ferv/base/random.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"

namespace ferv::data {
namespace {

/// Soft blobs on a slope, as pictures have them.
media::Image blobs(std::uint64_t seed, int size_px) {
  Random random(seed);
  media::Image image(size_px, size_px);
  double x[6];
  double y[6];
  double strength[6];
  for (int i = 0; i < 6; ++i) {
    x[i] = random.uniform();
    y[i] = random.uniform();
    strength[i] = random.uniform(-90, 90);
  }
  for (int row = 0; row < size_px; ++row) {
    for (int column = 0; column < size_px; ++column) {
      double value = 120;
      for (int i = 0; i < 6; ++i) {
        const double dx = static_cast<double>(column) / size_px - x[i];
        const double dy = static_cast<double>(row) / size_px - y[i];
        value += strength[i] / (1 + 20 * (dx * dx + dy * dy));
      }
      for (int c = 0; c < 3; ++c)
        image.row(row)[column * 3 + c] = static_cast<std::uint8_t>(std::clamp(value, 0.0, 255.0));
    }
  }
  return image;
}

ClipHash hash_of(const media::Image& image) {
  return {hash_picture(image), hash_picture(image), hash_picture(image)};
}

TEST(PerceptualHash, HardlyChangesWithSizeAndCompression) {
  const media::Image image = blobs(1, 224);
  media::Image again;
  media::JpegDecoder().decode(media::encode_jpeg(image, 60), "x", again);
  EXPECT_LT(differing_bits(hash_of(image), hash_of(again)), kClipHashBits / 12);
  const media::Image small = media::crop_and_resize(image, {0, 0, 224, 224}, 112, 112);
  EXPECT_LT(differing_bits(hash_of(image), hash_of(small)), kClipHashBits / 12);
}

TEST(PerceptualHash, DiffersBetweenPictures) {
  for (std::uint64_t seed = 2; seed < 20; ++seed)
    EXPECT_GT(differing_bits(hash_of(blobs(1, 112)), hash_of(blobs(seed, 112))), kClipHashBits / 16) << seed;
}

TEST(PerceptualHash, TakesPicturesOfAnySize) {
  EXPECT_EQ(hash_picture(media::Image()), PictureHash{});
  EXPECT_EQ(hash_picture(media::Image(1, 1)), PictureHash{});
  EXPECT_EQ(differing_bits({}, {}), 0);
}

TEST(DifferingBits, StopsPastTheLimit) {
  ClipHash all{};
  for (PictureHash& picture : all) picture.fill(~std::uint64_t{0});
  EXPECT_EQ(differing_bits(all, {}), kClipHashBits);
  EXPECT_EQ(differing_bits(all, {}, 10), 64);
}

}  // namespace
}  // namespace ferv::data

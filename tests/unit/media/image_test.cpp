// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/image.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "ferv/base/files.h"
#include "matchers.h"
#include "test_pictures.h"

namespace ferv::media {
namespace {

using testing::HasSubstr;

Image resized(const Image& source, int width, int height) {
  return crop_and_resize(source,
                         {0, 0, static_cast<double>(source.width_px), static_cast<double>(source.height_px)},
                         width, height);
}

/// The pixels of [left, left + width) x [top, top + height), which must lie within.
Image cut(const Image& source, int left, int top, int width, int height) {
  Image result(width, height);
  for (int y = 0; y < height; ++y)
    std::copy_n(source.row(top + y) + 3 * left, result.row_bytes(), result.row(y));
  return result;
}

Image mirrored(const Image& source) {
  Image result(source.width_px, source.height_px);
  for (int y = 0; y < source.height_px; ++y) {
    for (int x = 0; x < source.width_px; ++x)
      std::copy_n(source.row(y) + 3 * x, 3, result.row(y) + 3 * (source.width_px - 1 - x));
  }
  return result;
}

Image transposed(const Image& source) {
  Image result(source.height_px, source.width_px);
  for (int y = 0; y < source.height_px; ++y) {
    for (int x = 0; x < source.width_px; ++x) std::copy_n(source.row(y) + 3 * x, 3, result.row(x) + 3 * y);
  }
  return result;
}

TEST(Resize, KeepsAConstantPictureConstant) {
  for (const int value : {0, 1, 127, 254, 255}) {
    const Image source = test::constant_picture(23, 17, static_cast<std::uint8_t>(value));
    for (const auto& [width, height] : {std::pair{23, 17}, {5, 4}, {112, 112}, {1, 1}, {7, 90}}) {
      const Image result = resized(source, width, height);
      EXPECT_EQ(test::largest_difference(
                    result, test::constant_picture(width, height, static_cast<std::uint8_t>(value))),
                0)
          << value << " at " << width << "x" << height;
    }
    const Image outside = crop_and_resize(source, {-9.5, -3, 60, 50}, 11, 13);
    EXPECT_EQ(
        test::largest_difference(outside, test::constant_picture(11, 13, static_cast<std::uint8_t>(value))),
        0);
  }
}

TEST(Resize, ToItsOwnSizeChangesNothing) {
  for (const auto& [width, height] : {std::pair{1, 1}, {2, 3}, {31, 18}, {224, 224}}) {
    const Image source = test::noise_picture(width, height, 3);
    EXPECT_EQ(resized(source, width, height).pixels, source.pixels);
  }
}

TEST(Resize, KeepsTheMeanWhenItShrinksByWholeNumbers) {
  // A frame of one colour: then every pixel counts alike, whatever the filter does at the edge.
  for (const int factor : {2, 3, 4, 8}) {
    Image source = test::constant_picture(96, 72, 100);
    const Image middle = test::noise_picture(96 - 32, 72 - 32, 5);
    for (int y = 0; y < middle.height_px; ++y)
      std::copy_n(middle.row(y), middle.row_bytes(), source.row(y + 16) + std::ptrdiff_t{3} * 16);
    EXPECT_NEAR(test::mean_of(resized(source, 96 / factor, 72 / factor)), test::mean_of(source), 0.1)
        << factor;
  }
}

TEST(Resize, StaysWithinTheRangeOfItsSource) {
  Image source = test::noise_picture(40, 30, 7);
  for (auto& value : source.pixels) value = static_cast<std::uint8_t>(50 + value % 100);
  for (const auto& [width, height] : {std::pair{9, 9}, {100, 80}, {40, 7}}) {
    for (const auto value : resized(source, width, height).pixels) {
      EXPECT_GE(value, 50);
      EXPECT_LE(value, 149);
    }
  }
}

TEST(Resize, KeepsARampRising) {
  Image ramp(50, 4);
  for (int y = 0; y < 4; ++y) {
    for (int i = 0; i < 150; ++i) ramp.row(y)[i] = static_cast<std::uint8_t>(5 * (i / 3) + i % 3);
  }
  for (const int width : {3, 11, 49, 51, 300}) {
    const Image result = resized(ramp, width, 4);
    for (int i = 3; i < 3 * width; ++i)
      EXPECT_GE(result.row(2)[i], result.row(2)[i - 3]) << width << " at " << i;
    EXPECT_LT(result.row(2)[0], result.row(2)[3 * (width - 1)]);
  }
}

TEST(Resize, KeepsAStepInItsPlace) {
  Image step(32, 32);
  for (int y = 0; y < 32; ++y)
    std::fill(step.row(y) + std::ptrdiff_t{3} * 16, step.row(y) + std::ptrdiff_t{3} * 32, std::uint8_t{255});
  for (const int width : {8, 64}) {
    const Image result = resized(step, width, 8);
    for (int x = 0; x < width; ++x) {
      const int mirror = result.row(0)[3 * (width - 1 - x)];
      EXPECT_NEAR(result.row(0)[3 * x], 255 - mirror, 1) << "half a pixel of shift would show here";
      EXPECT_EQ(result.row(0)[3 * x] > 127, x >= width / 2);
    }
  }
}

TEST(Resize, RemovesWhatTheSmallSizeCannotShow) {
  Image stripes(64, 64);
  for (int y = 0; y < 64; ++y) {
    for (int i = 0; i < 192; ++i) stripes.row(y)[i] = (i / 3) % 2 == 0 ? 255 : 0;
  }
  const Image result = resized(stripes, 8, 8);
  for (int x = 1; x < 7; ++x)
    EXPECT_NEAR(result.row(4)[3 * x], 128, 1) << "a filter of fixed width aliases here";
}

TEST(Resize, TreatsRowsAndColumnsAlike) {
  const Image source = test::noise_picture(37, 22, 11);
  const Image one = transposed(crop_and_resize(source, {3.5, -2, 30, 20.25}, 14, 29));
  const Image other = crop_and_resize(transposed(source), {-2, 3.5, 20.25, 30}, 29, 14);
  EXPECT_LE(test::largest_difference(one, other), 1);
}

TEST(Resize, AgreesWithPillow) {
  const auto cases = nlohmann::json::parse(
      read_text_file(std::filesystem::path(FERV_SOURCE_DIR) / "tests/golden/resize.json"));
  ASSERT_EQ(cases.size(), 13U);
  for (const auto& golden : cases) {
    const auto size = golden.at("source").get<std::vector<int>>();
    const auto box = golden.at("box").get<std::vector<double>>();
    const auto target = golden.at("target").get<std::vector<int>>();
    SCOPED_TRACE(golden.at("box").dump() + " to " + golden.at("target").dump());
    Image source(size[0], size[1]);
    for (int y = 0; y < size[1]; ++y) {
      for (int x = 0; x < size[0]; ++x) {
        for (int c = 0; c < 3; ++c)
          source.row(y)[3 * x + c] = static_cast<std::uint8_t>((x * 37 + y * 91 + c * 53 + x * y * 7) % 256);
      }
    }
    const auto hexadecimal = golden.at("pixels").get<std::string>();
    Image wanted(target[0], target[1]);
    ASSERT_EQ(hexadecimal.size(), 2 * wanted.pixels.size());
    for (std::size_t i = 0; i < wanted.pixels.size(); ++i)
      wanted.pixels[i] = static_cast<std::uint8_t>(std::stoi(hexadecimal.substr(2 * i, 2), nullptr, 16));
    Image result = crop_and_resize(source, {box[0], box[1], box[2], box[3]}, target[0], target[1]);
    // Pillow cuts its filter at the edge, which reaches the outermost pixels of a shrunken picture.
    const bool is_cut = !golden.at("pad").get<bool>() && target[0] < size[0];
    if (is_cut) {
      result = cut(result, 1, 1, target[0] - 2, target[1] - 2);
      wanted = cut(wanted, 1, 1, target[0] - 2, target[1] - 2);
    }
    // Pillow rounds between its two passes, the resizer does not.
    EXPECT_LE(test::largest_difference(result, wanted), 1);
  }
}

TEST(CropAndResize, OfAWholeRectangleAtItsOwnSizeIsTheCut) {
  const Image source = test::noise_picture(40, 30, 13);
  EXPECT_EQ(crop_and_resize(source, {7, 4, 20, 11}, 20, 11).pixels, cut(source, 7, 4, 20, 11).pixels);
  EXPECT_EQ(crop_and_resize(source, {39, 29, 1, 1}, 1, 1).pixels, cut(source, 39, 29, 1, 1).pixels);
}

TEST(CropAndResize, EqualsCropThenResizeButForTheRim) {
  // At the rim the filter sees the neighbours of the rectangle, where a cut picture would repeat its edge.
  const Image source = test::noise_picture(60, 50, 17);
  const Image smaller = crop_and_resize(source, {10, 8, 36, 27}, 12, 9);
  const Image cut_and_smaller = resized(cut(source, 10, 8, 36, 27), 12, 9);
  EXPECT_EQ(cut(smaller, 1, 1, 10, 7).pixels, cut(cut_and_smaller, 1, 1, 10, 7).pixels);
  const Image larger = crop_and_resize(source, {10, 8, 36, 27}, 72, 54);
  const Image cut_and_larger = resized(cut(source, 10, 8, 36, 27), 72, 54);
  EXPECT_EQ(cut(larger, 1, 1, 70, 52).pixels, cut(cut_and_larger, 1, 1, 70, 52).pixels);
}

TEST(CropAndResize, EqualsCropThenResizeOnAPictureOfOneColourAroundTheRectangle) {
  Image source = test::constant_picture(40, 40, 90);
  const Image middle = test::noise_picture(10, 10, 19);
  for (int y = 0; y < 10; ++y)
    std::copy_n(middle.row(y), middle.row_bytes(), source.row(y + 15) + std::ptrdiff_t{3} * 15);
  EXPECT_EQ(crop_and_resize(source, {5, 5, 30, 30}, 13, 13).pixels,
            resized(cut(source, 5, 5, 30, 30), 13, 13).pixels);
}

TEST(CropAndResize, RepeatsTheEdgeOutsideThePicture) {
  const Image source = test::noise_picture(6, 5, 23);
  const Image result = crop_and_resize(source, {-4, -3, 14, 11}, 14, 11);
  for (int y = 0; y < 11; ++y) {
    for (int x = 0; x < 14; ++x) {
      const std::uint8_t* wanted = source.row(std::clamp(y - 3, 0, 4)) + 3 * std::clamp(x - 4, 0, 5);
      EXPECT_TRUE(std::equal(wanted, wanted + 3, result.row(y) + 3 * x)) << x << "," << y;
    }
  }
  const Image far = crop_and_resize(source, {1000, -1000, 8, 8}, 3, 3);
  EXPECT_TRUE(std::equal(far.pixels.begin(), far.pixels.begin() + 3, source.row(0) + std::ptrdiff_t{3} * 5));
}

TEST(Resizer, FlipsLeftRight) {
  const Image source = test::noise_picture(30, 20, 29);
  const Rectangle box{2, 3, 21.5, 14};
  Image flipped(16, 12);
  Resizer(30, 20, box, {.width_px = 16, .height_px = 12, .flip = true}).apply(source, flipped.pixels.data());
  EXPECT_EQ(flipped.pixels, mirrored(crop_and_resize(source, box, 16, 12)).pixels);
}

TEST(Resizer, GivesEveryPictureWhatAFreshOneWouldGive) {
  const Rectangle box{1, 2, 25, 15.5};
  Resizer resizer(30, 20, box, {.width_px = 11, .height_px = 9});
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const Image source = test::noise_picture(30, 20, seed);
    Image result(11, 9);
    resizer.apply(source, result.pixels.data());
    EXPECT_EQ(result.pixels, crop_and_resize(source, box, 11, 9).pixels);
  }
}

TEST(Resizer, RefusesPicturesOfAnotherSize) {
  Resizer resizer(30, 20, {0, 0, 30, 20}, {.width_px = 8, .height_px = 8});
  Image result(8, 8);
  test::expect_error(ErrorKind::kInvalidArgument, testing::AllOf(HasSubstr("20x30"), HasSubstr("30x20")),
                     [&] { resizer.apply(Image(20, 30), result.pixels.data()); });
}

TEST(Resizer, RefusesEmptySizes) {
  const auto refused = [](int width, int height, Rectangle box, ResizeOptions options) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"),
                       [&] { Resizer(width, height, box, options); });
  };
  const ResizeOptions good{.width_px = 4, .height_px = 4};
  refused(0, 8, {0, 0, 8, 8}, good);
  refused(8, -1, {0, 0, 8, 8}, good);
  refused(8, 8, {0, 0, 0, 8}, good);
  refused(8, 8, {0, 0, 8, -2}, good);
  refused(8, 8, {0, 0, 8, 8}, {.width_px = 0, .height_px = 4});
  refused(8, 8, {0, 0, 8, 8}, {.width_px = 4, .height_px = -4});
}

TEST(Resizer, RefusesRectanglesThatAreNoNumbersOrBeyondAnyPicture) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  for (const Rectangle& box : {Rectangle{nan, 0, 8, 8},
                               {0, infinity, 8, 8},
                               {0, 0, infinity, 8},
                               {-1e12, 0, 8, 8},
                               {0, 0, 1e12, 8},
                               {0, 1e300, 8, 8}}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("rectangle"),
                       [&] { Resizer(8, 8, box, {.width_px = 4, .height_px = 4}); });
  }
}

}  // namespace
}  // namespace ferv::media

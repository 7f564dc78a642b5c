// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/jpeg.h"

#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "matchers.h"
#include "test_pictures.h"

namespace ferv::media {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Bytes = std::vector<std::uint8_t>;

/// A 16x16 JPEG of one colour in a form that encode_jpeg does not write.
struct Form {
  std::vector<std::uint8_t> colour;  ///< one value a component
  J_COLOR_SPACE space = JCS_RGB;
  bool progressive = false;
};
Bytes jpeg_of(const Form& form) {
  jpeg_compress_struct info{};
  jpeg_error_mgr errors{};
  info.err = jpeg_std_error(&errors);
  jpeg_create_compress(&info);
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = 16;
  info.image_height = 16;
  info.input_components = static_cast<int>(form.colour.size());
  info.in_color_space = form.space;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, 95, TRUE);
  if (form.progressive) jpeg_simple_progression(&info);
  jpeg_start_compress(&info, TRUE);
  Bytes line;
  for (int x = 0; x < 16; ++x) line.insert(line.end(), form.colour.begin(), form.colour.end());
  JSAMPROW row = line.data();
  while (info.next_scanline < 16) jpeg_write_scanlines(&info, &row, 1);
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  Bytes bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

Image decoded(const Bytes& bytes) {
  Image image;
  JpegDecoder().decode(bytes, "a.jpg", image);
  return image;
}

void refused(const Bytes& bytes, const std::string& why) {
  test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr("a.jpg"), HasSubstr(why)),
                     [&] { (void)decoded(bytes); });
}

/// `bytes` with another size in the header.
Bytes claiming(Bytes bytes, int width, int height) {
  const std::uint8_t marker[] = {0xff, 0xc0};
  const auto frame = std::search(bytes.begin(), bytes.end(), marker, marker + 2);
  EXPECT_NE(frame, bytes.end());
  frame[5] = static_cast<std::uint8_t>(height >> 8);
  frame[6] = static_cast<std::uint8_t>(height & 255);
  frame[7] = static_cast<std::uint8_t>(width >> 8);
  frame[8] = static_cast<std::uint8_t>(width & 255);
  return bytes;
}

TEST(Jpeg, ComesBackNearlyAsItWas) {
  for (const auto& [width, height] : {std::pair{224, 224}, {97, 61}, {8, 8}, {1, 1}, {3, 200}}) {
    const Image source = test::smooth_picture(width, height);
    const Image result = decoded(encode_jpeg(source, 95));
    EXPECT_LE(test::mean_difference(source, result), 2.0) << width << "x" << height;
    EXPECT_LE(test::largest_difference(source, result), 24) << width << "x" << height;
  }
}

TEST(Jpeg, GetsNearerAndLargerWithQuality) {
  const Image source = test::smooth_picture(128, 96);
  double last_difference = 256;
  std::size_t last_size = 0;
  for (const int quality : {5, 30, 70, 98}) {
    const Bytes bytes = encode_jpeg(source, quality);
    const double difference = test::mean_difference(source, decoded(bytes));
    EXPECT_LT(difference, last_difference) << quality;
    EXPECT_GT(bytes.size(), last_size) << quality;
    last_difference = difference;
    last_size = bytes.size();
  }
}

TEST(Jpeg, IsTheSameBytesForTheSamePixels) {
  const Image source = test::noise_picture(40, 40, 1);
  EXPECT_EQ(encode_jpeg(source, 80), encode_jpeg(source, 80));
}

TEST(Jpeg, TellsItsSizeWithoutDecoding) {
  const JpegInfo info = JpegDecoder().read_header(encode_jpeg(Image(37, 21), 50), "a.jpg");
  EXPECT_EQ(info.width_px, 37);
  EXPECT_EQ(info.height_px, 21);
  EXPECT_EQ(info.component_count, 3);
}

TEST(JpegEncoder, RefusesWhatItCannotWrite) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"), [] { (void)encode_jpeg(Image(), 80); });
  for (const int quality : {0, 101, -5}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted 1 to 100"),
                       [&] { (void)encode_jpeg(Image(8, 8), quality); });
  }
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("70000x1"),
                     [] { (void)encode_jpeg(Image(70000, 1), 80); });
}

TEST(JpegDecoder, WidensGreyPictures) {
  const Image image = decoded(jpeg_of({{77}, JCS_GRAYSCALE}));
  EXPECT_EQ(image.width_px, 16);
  EXPECT_LE(test::largest_difference(image, test::constant_picture(16, 16, 77)), 1);
  EXPECT_EQ(JpegDecoder().read_header(jpeg_of({{77}, JCS_GRAYSCALE}), "a.jpg").component_count, 1);
}

TEST(JpegDecoder, ReadsProgressivePictures) {
  const Image image = decoded(jpeg_of({{200, 100, 50}, JCS_RGB, true}));
  EXPECT_NEAR(image.pixels[0], 200, 3);
  EXPECT_NEAR(image.pixels[1], 100, 3);
  EXPECT_NEAR(image.pixels[2], 50, 3);
}

TEST(JpegDecoder, RepeatsColourOnlyWhereThePictureIsShownMuchSmaller) {
  const Bytes bytes = encode_jpeg(test::smooth_picture(48, 60), 90);
  const Image whole = decoded(bytes);
  const auto shown_at = [&](int side_px) {
    Image image;
    JpegDecoder().decode(bytes, "a.jpg", image, {.shown_side_px = side_px});
    return image;
  };
  EXPECT_EQ(shown_at(41).pixels, whole.pixels);
  const Image repeated = shown_at(40);
  EXPECT_NE(repeated.pixels, whole.pixels);
  // Shrunk to that size, the two are the same picture to the eye.
  const auto shrunk = [](const Image& image) { return crop_and_resize(image, {0, 0, 48, 60}, 24, 30); };
  EXPECT_LT(test::mean_difference(shrunk(whole), shrunk(repeated)), 1.5);
}

TEST(JpegDecoder, RefusesCmykWithTheNumberOfComponents) {
  refused(jpeg_of({{10, 20, 30, 40}, JCS_CMYK}), "4 components");
  refused(jpeg_of({{10, 20}, JCS_UNKNOWN}), "2 components");
}

TEST(JpegDecoder, RefusesWhatIsNoJpeg) {
  const std::string text = "this is text, whatever its name says\n";
  refused(Bytes(text.begin(), text.end()), "not a JPEG");
  refused({}, "0 bytes");
  refused({0xff, 0xd8}, "2 bytes");
  refused({0xff, 0xd8, 0xff, 0xd9}, "not a readable JPEG");
  refused(Bytes(1000, 0), "FF D8");
}

TEST(JpegDecoder, RefusesATruncatedFileWhereverItIsCut) {
  const Bytes whole = encode_jpeg(test::noise_picture(48, 48, 2), 85);
  // All but a cut within the end marker, which takes nothing from the picture.
  for (std::size_t size = 0; size + 2 < whole.size(); size += 1 + whole.size() / 97)
    refused(Bytes(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size)), "JPEG");
}

TEST(JpegDecoder, RefusesAHeaderOf65535x65535BeforeItAllocates) {
  const Bytes bytes = claiming(encode_jpeg(Image(16, 16), 80), 65500, 65500);
  refused(bytes, "65500x65500 pixels, the limit is 64 Mpixel");
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("64 Mpixel"),
                     [&] { (void)JpegDecoder().read_header(bytes, "a.jpg"); });
  // libjpeg itself stops at 65500.
  refused(claiming(encode_jpeg(Image(16, 16), 80), 65535, 65535), "not a readable JPEG");
}

TEST(JpegDecoder, DoesNotPaintOnWhereAHeaderClaimsMoreThanThereIs) {
  const Bytes bytes = claiming(encode_jpeg(test::constant_picture(16, 16, 200), 80), 160, 4000);
  Image image;
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("damaged JPEG"),
                     [&] { JpegDecoder().decode(bytes, "a.jpg", image); });
  EXPECT_EQ(image.row(0)[0], 200);
  EXPECT_EQ(image.row(3999)[0], 0);
  refused(claiming(encode_jpeg(Image(16, 16), 80), 16, 0), "not a readable JPEG");
}

TEST(JpegDecoder, GoesOnAfterADamagedPicture) {
  const Bytes good = encode_jpeg(test::smooth_picture(32, 24), 90);
  const Image wanted = decoded(good);
  JpegDecoder decoder;
  Image image;
  const auto decode_again = [&](const Bytes& damaged) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("a.jpg"),
                       [&] { decoder.decode(damaged, "a.jpg", image); });
    decoder.decode(good, "b.jpg", image);
    EXPECT_EQ(image.pixels, wanted.pixels);
    EXPECT_EQ(image.width_px, 32);
  };
  decode_again(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(good.size() / 2)));
  decode_again({0xff, 0xd8, 0xff, 0xd9});
  decode_again(jpeg_of({{10, 20, 30, 40}, JCS_CMYK}));
  decode_again(claiming(good, 65500, 65500));
}

TEST(JpegDecoder, ReusesTheMemoryOfAnImageOfAnotherSize) {
  JpegDecoder decoder;
  Image image;
  for (const auto& [width, height] : {std::pair{64, 48}, {5, 9}, {80, 80}}) {
    decoder.decode(encode_jpeg(test::constant_picture(width, height, 140), 90), "a.jpg", image);
    EXPECT_LE(test::largest_difference(image, test::constant_picture(width, height, 140)), 1);
  }
}

TEST(JpegDecoder, StaysWholeWhenMoved) {
  JpegDecoder first;
  JpegDecoder second = std::move(first);
  Image image;
  second.decode(encode_jpeg(Image(8, 8), 90), "a.jpg", image);
  EXPECT_EQ(image.width_px, 8);
}

TEST(JpegDecoder, ThrowsErrorsAndNothingElseForMutatedFiles) {
  Random random(6);
  JpegDecoder decoder;
  Image image;
  int decoded_count = 0;
  const Bytes sources[] = {encode_jpeg(test::smooth_picture(24, 16), 75),
                           jpeg_of({{200, 100, 50}, JCS_RGB, true}), jpeg_of({{90}, JCS_GRAYSCALE})};
  for (int round = 0; round < 900; ++round) {
    try {
      decoder.decode(test::mutated(sources[round % 3], random), "a.jpg", image);
      ++decoded_count;
      EXPECT_EQ(image.pixels.size(), image.row_bytes() * static_cast<std::size_t>(image.height_px));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData) << error.what();
    }
  }
  EXPECT_GT(decoded_count, 20) << "some mutations change pixels alone";
  EXPECT_LT(decoded_count, 890);
}

TEST(EncodeJpeg, KeepsChannelsThatAreNoColoursWithFullChroma) {
  Image image(16, 16);
  // Single columns of red: half the chroma smears them.
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) image.row(y)[3 * x] = x % 2 == 0 ? 200 : 40;
  }
  const auto worst_error = [&](Chroma chroma) {
    Image decoded;
    JpegDecoder().decode(encode_jpeg(image, 95, chroma), "x", decoded);
    int worst = 0;
    for (std::size_t i = 0; i < image.pixels.size(); ++i)
      worst = std::max(worst, std::abs(int{image.pixels[i]} - int{decoded.pixels[i]}));
    return worst;
  };
  EXPECT_LT(worst_error(Chroma::kFull), 16);
  EXPECT_GT(worst_error(Chroma::kHalf), 40);
}

}  // namespace
}  // namespace ferv::media

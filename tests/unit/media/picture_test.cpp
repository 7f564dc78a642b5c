// SPDX-License-Identifier: Apache-2.0
#include <png.h>
#include <zlib.h>

#include <fstream>

#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"
#include "test_pictures.h"

namespace ferv::media {
namespace {

using testing::AllOf;
using testing::HasSubstr;

using Bytes = std::vector<std::uint8_t>;

/// A PNG of one colour in a form that write_png does not write; `pixel` has the bytes of one.
Bytes png_of(png_uint_32 format, const std::vector<std::uint8_t>& pixel) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = 6;
  png.height = 4;
  png.format = format;
  Bytes pixels;
  for (int i = 0; i < 24; ++i) pixels.insert(pixels.end(), pixel.begin(), pixel.end());
  png_alloc_size_t size = 0;
  EXPECT_NE(png_image_write_to_memory(&png, nullptr, &size, 0, pixels.data(), 0, nullptr), 0);
  Bytes bytes(size);
  EXPECT_NE(png_image_write_to_memory(&png, bytes.data(), &size, 0, pixels.data(), 0, nullptr), 0);
  return bytes;
}

void store_big_endian(std::uint8_t* place, std::uint64_t value) {
  for (int i = 0; i < 4; ++i) place[i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
}

/// `bytes` with another size in the header, and the check sum of that.
Bytes claiming(Bytes bytes, std::uint32_t width, std::uint32_t height) {
  store_big_endian(bytes.data() + 16, width);
  store_big_endian(bytes.data() + 20, height);
  store_big_endian(bytes.data() + 29, ::crc32(0, bytes.data() + 12, 17));
  return bytes;
}

class Picture : public testing::Test {
 protected:
  /// What read_picture makes of a file with these bytes.
  Image read(const std::string& name, const Bytes& bytes) {
    // Without a sync: the mutation tests write many.
    std::ofstream file(folder_ / name, std::ios::binary);
    file.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    file.close();
    return read_picture(folder_ / name);
  }
  void refused(const std::string& name, const Bytes& bytes, const std::string& why) {
    test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr(name), HasSubstr(why)),
                       [&] { (void)read(name, bytes); });
  }

  test::TemporaryFolder folder_;
};

TEST_F(Picture, WrittenAsPngComesBackExactly) {
  for (const auto& [width, height] : {std::pair{1, 1}, {33, 17}, {224, 224}}) {
    const Image source = test::noise_picture(width, height, 31);
    write_png(folder_ / "a.png", source);
    const Image result = read_picture(folder_ / "a.png");
    EXPECT_EQ(result.width_px, width);
    EXPECT_EQ(result.height_px, height);
    EXPECT_EQ(result.pixels, source.pixels);
  }
}

TEST_F(Picture, IsReadByItsContentNotItsName) {
  const Image source = test::smooth_picture(20, 12);
  write_png(folder_ / "png.jpg", source);
  EXPECT_EQ(read_picture(folder_ / "png.jpg").pixels, source.pixels);
  const Image jpeg = read("jpeg.png", encode_jpeg(source, 90));
  EXPECT_EQ(jpeg.width_px, 20);
  EXPECT_LE(test::mean_difference(jpeg, source), 4.0);
}

TEST_F(Picture, OfAnotherPngFormBecomesRgb) {
  EXPECT_EQ(test::largest_difference(read("grey.png", png_of(PNG_FORMAT_GRAY, {77})),
                                     test::constant_picture(6, 4, 77)),
            0);
  EXPECT_EQ(test::largest_difference(read("opaque.png", png_of(PNG_FORMAT_RGBA, {9, 9, 9, 255})),
                                     test::constant_picture(6, 4, 9)),
            0);
  const Image clear = read("clear.png", png_of(PNG_FORMAT_RGBA, {200, 100, 50, 0}));
  EXPECT_EQ(test::largest_difference(clear, test::constant_picture(6, 4, 0)), 0) << "laid on black";
}

TEST_F(Picture, ThatIsNoneIsRefused) {
  const std::string text = "this is text, whatever its name says\n";
  refused("text.jpg", Bytes(text.begin(), text.end()), "neither JPEG nor PNG");
  refused("empty.jpg", {}, "neither JPEG nor PNG");
  refused("short.jpg", {0xff, 0xd8}, "not a JPEG");
  refused("short.png", {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}, "not a readable PNG");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("absent.jpg"),
                     [&] { (void)read_picture(folder_ / "absent.jpg"); });
}

TEST_F(Picture, OfTooManyPixelsIsRefusedBeforeItIsAllocated) {
  write_png(folder_ / "a.png", Image(8, 8));
  const Bytes good = read_file(folder_ / "a.png");
  refused("large.png", claiming(good, 100000, 100000), "100000x100000 pixels, the limit is 64 Mpixel");
  refused("larger.png", claiming(good, 0x7fffffff, 0x7fffffff), "not a readable PNG");
  refused("none.png", claiming(good, 0, 8), "not a readable PNG");
}

TEST_F(Picture, CutShortIsRefused) {
  write_png(folder_ / "a.png", test::noise_picture(16, 16, 37));
  const Bytes good = read_file(folder_ / "a.png");
  // The last 12 bytes are the end chunk; the pixels are whole without it.
  for (std::size_t size = 8; size + 16 < good.size(); size += 23)
    refused("cut.png", Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)),
            "not a readable PNG");
}

TEST_F(Picture, MutatedGivesErrorsAndNothingElse) {
  write_png(folder_ / "a.png", test::smooth_picture(16, 12));
  const Bytes sources[] = {read_file(folder_ / "a.png"), encode_jpeg(test::smooth_picture(16, 12), 75),
                           png_of(PNG_FORMAT_RGBA, {1, 2, 3, 4})};
  Random random(41);
  int read_count = 0;
  for (int round = 0; round < 900; ++round) {
    Bytes bytes = test::mutated(sources[round % 3], random);
    // A sum that fits lets the mutation of a PNG's header through to the decoder.
    if (random.chance(0.5) && bytes.size() > 33 && bytes[0] == 0x89)
      store_big_endian(bytes.data() + 29, ::crc32(0, bytes.data() + 12, 17));
    try {
      const Image image = read("mutated", bytes);
      ++read_count;
      EXPECT_EQ(image.pixels.size(), image.row_bytes() * static_cast<std::size_t>(image.height_px));
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData) << error.what();
    }
  }
  EXPECT_GT(read_count, 20);
  EXPECT_LT(read_count, 890);
}

TEST_F(Picture, WithoutPixelsIsNotWritten) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("empty"),
                     [&] { write_png(folder_ / "a.png", Image()); });
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.png"));
}

}  // namespace
}  // namespace ferv::media

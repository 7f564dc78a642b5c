// SPDX-License-Identifier: Apache-2.0
// Picture files of either format, told apart by their first bytes.
#include <png.h>

#include <cstring>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "pixel_limit.h"

namespace ferv::media {
namespace {

constexpr std::size_t kFileLimit = std::size_t{256} << 20;

void decode_png(std::span<const std::uint8_t> bytes, const std::string& path, Image& image) {
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  if (png_image_begin_read_from_memory(&png, bytes.data(), bytes.size()) == 0) {
    throw corrupt_data(path, std::string("not a readable PNG (") + png.message + ")");
  }
  if (std::uint64_t{png.width} * png.height > kPixelLimit) {
    const std::string found = std::to_string(png.width) + "x" + std::to_string(png.height);
    png_image_free(&png);
    throw corrupt_data(path, "PNG of " + found + " pixels, the limit is 64 Mpixel");
  }
  png.format = PNG_FORMAT_RGB;
  image.width_px = static_cast<int>(png.width);
  image.height_px = static_cast<int>(png.height);
  image.pixels.resize(static_cast<std::size_t>(png.width) * png.height * 3);
  const png_color black{0, 0, 0};
  if (png_image_finish_read(&png, &black, image.pixels.data(), 0, nullptr) == 0) {
    throw corrupt_data(path, std::string("not a readable PNG (") + png.message + ")");
  }
}

}  // namespace

void PictureDecoder::decode(std::span<const std::uint8_t> bytes, const std::string& name, Image& image,
                            const JpegDecodeOptions& options) {
  static constexpr std::uint8_t kPngSignature[8] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  if (bytes.size() >= 8 && std::memcmp(bytes.data(), kPngSignature, 8) == 0) {
    decode_png(bytes, name, image);
  } else if (bytes.size() >= 2 && bytes[0] == 0xff && bytes[1] == 0xd8) {
    jpeg_.decode(bytes, name, image, options);
  } else {
    throw corrupt_data(name, "neither JPEG nor PNG");
  }
}

Image read_picture(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, kFileLimit);
  Image image;
  PictureDecoder().decode(bytes, path.string(), image);
  return image;
}

void write_png(const std::filesystem::path& path, const Image& image) {
  if (image.empty()) throw invalid_argument(path.string() + ": cannot write an empty picture as PNG");
  png_image png{};
  png.version = PNG_IMAGE_VERSION;
  png.width = static_cast<png_uint_32>(image.width_px);
  png.height = static_cast<png_uint_32>(image.height_px);
  png.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png);
  std::vector<std::uint8_t> bytes(size);
  if (png_image_write_to_memory(&png, bytes.data(), &size, 0, image.pixels.data(), 0, nullptr) == 0) {
    throw internal_error(std::string("PNG encoder: ") + png.message);
  }
  write_file_atomically(path, std::span<const std::uint8_t>(bytes.data(), size));
}

}  // namespace ferv::media

// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/jpeg.h"

#include <algorithm>
#include <csetjmp>
#include <cstdio>
#include <cstdlib>

#include <jpeglib.h>

#include "ferv/base/error.h"
#include "pixel_limit.h"

namespace ferv::media {
namespace {

/// libjpeg reports fatal errors by calling error_exit, which must not return: we jump back to the call and
/// throw there, so that no exception ever crosses C frames.
struct ErrorManager {
  jpeg_error_mgr base;
  std::jmp_buf jump;
  char message[JMSG_LENGTH_MAX];
};

[[noreturn]] void on_error(j_common_ptr info) {
  auto* manager = reinterpret_cast<ErrorManager*>(info->err);
  info->err->format_message(info, manager->message);
  std::longjmp(manager->jump, 1);
}

/// Warnings (level -1) mean damaged data that libjpeg papers over; keep the first text.
void on_message(j_common_ptr info, int level) {
  if (level >= 0) return;
  auto* manager = reinterpret_cast<ErrorManager*>(info->err);
  if (info->err->num_warnings++ == 0) info->err->format_message(info, manager->message);
}

void install(ErrorManager& manager) {
  jpeg_std_error(&manager.base);
  manager.base.error_exit = on_error;
  manager.base.emit_message = on_message;
  manager.message[0] = '\0';
}

}  // namespace

struct JpegDecoder::State {
  jpeg_decompress_struct info{};
  ErrorManager errors{};

  State() {
    install(errors);
    info.err = &errors.base;
    jpeg_create_decompress(&info);
  }
  ~State() { jpeg_destroy_decompress(&info); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  /// Runs `step` with libjpeg's error jump installed. Objects with destructors must live outside `step`.
  template <typename Step>
  void guarded(const std::string& name, Step step) {
    errors.base.num_warnings = 0;
    errors.message[0] = '\0';
    if (setjmp(errors.jump) != 0) {
      jpeg_abort_decompress(&info);
      throw Error(ErrorKind::kCorruptData, name + ": not a readable JPEG (" + errors.message + ")");
    }
    step();
  }

  void open(std::span<const std::uint8_t> bytes, const std::string& name) {
    if (bytes.size() < 4 || bytes[0] != 0xff || bytes[1] != 0xd8) {
      throw Error(ErrorKind::kCorruptData, name + ": not a JPEG (" + std::to_string(bytes.size()) +
                                               " bytes, wanted the first two to be FF D8)");
    }
    guarded(name, [&] {
      jpeg_mem_src(&info, bytes.data(), bytes.size());
      jpeg_read_header(&info, TRUE);
    });
    const std::uint64_t pixels = std::uint64_t{info.image_width} * info.image_height;
    if (pixels > kPixelLimit) {
      const std::string found = std::to_string(info.image_width) + "x" + std::to_string(info.image_height);
      jpeg_abort_decompress(&info);
      throw Error(ErrorKind::kCorruptData, name + ": JPEG of " + found + " pixels, the limit is 64 Mpixel");
    }
  }
};

JpegDecoder::JpegDecoder() : state_(std::make_unique<State>()) {}
JpegDecoder::~JpegDecoder() = default;
JpegDecoder::JpegDecoder(JpegDecoder&&) noexcept = default;
JpegDecoder& JpegDecoder::operator=(JpegDecoder&&) noexcept = default;

JpegInfo JpegDecoder::read_header(std::span<const std::uint8_t> bytes, const std::string& name) {
  state_->open(bytes, name);
  const JpegInfo result{static_cast<int>(state_->info.image_width),
                        static_cast<int>(state_->info.image_height), state_->info.num_components};
  jpeg_abort_decompress(&state_->info);
  return result;
}

void JpegDecoder::decode(std::span<const std::uint8_t> bytes, const std::string& name, Image& image,
                         const JpegDecodeOptions& options) {
  state_->open(bytes, name);
  jpeg_decompress_struct& info = state_->info;
  if (info.num_components != 1 && info.num_components != 3) {
    const int found = info.num_components;
    jpeg_abort_decompress(&info);
    throw Error(ErrorKind::kCorruptData,
                name + ": JPEG has " + std::to_string(found) + " components, wanted 1 (grey) or 3 (colour)");
  }
  image.width_px = static_cast<int>(info.image_width);
  image.height_px = static_cast<int>(info.image_height);
  image.pixels.resize(image.row_bytes() * static_cast<std::size_t>(image.height_px));
  const int longer_side = std::max(image.width_px, image.height_px);
  const bool is_shrunk = options.shown_side_px > 0 && 3 * options.shown_side_px <= 2 * longer_side;
  state_->guarded(name, [&] {
    info.out_color_space = JCS_RGB;
    info.do_fancy_upsampling = is_shrunk ? FALSE : TRUE;
    // The accurate integer DCT: reproducible, and no slower than the "fast" one on today's processors.
    info.dct_method = JDCT_ISLOW;
    jpeg_start_decompress(&info);
    // A warning ends it: after damage libjpeg paints on, for as many lines as the header claims.
    while (info.output_scanline < info.output_height && state_->errors.base.num_warnings == 0) {
      JSAMPROW rows[4];
      const int first = static_cast<int>(info.output_scanline);
      const int wanted = std::min(4, static_cast<int>(info.output_height) - first);
      for (int i = 0; i < wanted; ++i) rows[i] = image.row(first + i);
      jpeg_read_scanlines(&info, rows, static_cast<JDIMENSION>(wanted));
    }
    if (state_->errors.base.num_warnings == 0) jpeg_finish_decompress(&info);
  });
  if (state_->errors.base.num_warnings > 0) {
    jpeg_abort_decompress(&info);
    throw Error(ErrorKind::kCorruptData, name + ": damaged JPEG (" + state_->errors.message + ")");
  }
}

std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality, Chroma chroma) {
  if (image.empty()) throw invalid_argument("cannot encode an empty picture as JPEG");
  if (std::max(image.width_px, image.height_px) > JPEG_MAX_DIMENSION) {
    throw invalid_argument("picture is " + std::to_string(image.width_px) + "x" +
                           std::to_string(image.height_px) + ", a JPEG can have 65500 pixels a side");
  }
  if (quality < 1 || quality > 100) {
    throw invalid_argument("JPEG quality is " + std::to_string(quality) + ", wanted 1 to 100");
  }
  jpeg_compress_struct info{};
  ErrorManager errors{};
  install(errors);
  info.err = &errors.base;
  unsigned char* buffer = nullptr;
  unsigned long size = 0;
  if (setjmp(errors.jump) != 0) {
    jpeg_destroy_compress(&info);
    std::free(buffer);
    throw internal_error(std::string("JPEG encoder: ") + errors.message);
  }
  jpeg_create_compress(&info);
  jpeg_mem_dest(&info, &buffer, &size);
  info.image_width = static_cast<JDIMENSION>(image.width_px);
  info.image_height = static_cast<JDIMENSION>(image.height_px);
  info.input_components = 3;
  info.in_color_space = JCS_RGB;
  jpeg_set_defaults(&info);
  jpeg_set_quality(&info, quality, TRUE);
  if (chroma == Chroma::kFull) info.comp_info[0].h_samp_factor = info.comp_info[0].v_samp_factor = 1;
  jpeg_start_compress(&info, TRUE);
  while (info.next_scanline < info.image_height) {
    // libjpeg's interface is not const-correct; it only reads the rows.
    JSAMPROW row = const_cast<JSAMPROW>(image.row(static_cast<int>(info.next_scanline)));
    jpeg_write_scanlines(&info, &row, 1);
  }
  jpeg_finish_compress(&info);
  jpeg_destroy_compress(&info);
  std::vector<std::uint8_t> bytes(buffer, buffer + size);
  std::free(buffer);
  return bytes;
}

}  // namespace ferv::media

// SPDX-License-Identifier: Apache-2.0
// JPEG in and out (libjpeg-turbo), with limits checked before anything is allocated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::media {

/// What the header of a JPEG says.
struct JpegInfo {
  int width_px = 0;
  int height_px = 0;
  int component_count = 0;
};

struct JpegDecodeOptions {
  /// The longer side that the picture will be shrunk to; 0 = it is shown as it is. Where that is at most two
  /// thirds of the picture, colour that the file stores at half the size is repeated instead of interpolated:
  /// the shrinking averages over the steps, and decoding is a fifth faster.
  int shown_side_px = 0;
};

/// A JPEG decoder with its working memory; make one a thread and reuse it. Not thread-safe, movable.
/// All calls throw kCorruptData for data that is no JPEG, is truncated or damaged (libjpeg's warnings count
/// as damage: a truncated file decodes to grey otherwise), or has more than 64 Mpixel.
class JpegDecoder {
 public:
  JpegDecoder();
  ~JpegDecoder();
  JpegDecoder(JpegDecoder&&) noexcept;
  JpegDecoder& operator=(JpegDecoder&&) noexcept;

  /// Only the header. `name` is what an error message calls the data, usually the path.
  [[nodiscard]] JpegInfo read_header(std::span<const std::uint8_t> bytes, const std::string& name);
  /// The whole picture as RGB; grey pictures are widened. `image` is resized and reused.
  void decode(std::span<const std::uint8_t> bytes, const std::string& name, Image& image,
              const JpegDecodeOptions& options = {});

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Decodes JPEG and PNG, told apart by their first bytes. As JpegDecoder: one a thread, throws kCorruptData.
class PictureDecoder {
 public:
  void decode(std::span<const std::uint8_t> bytes, const std::string& name, Image& image,
              const JpegDecodeOptions& options = {});

 private:
  JpegDecoder jpeg_;
};

/// How much of the colour a JPEG keeps.
enum class Chroma : std::uint8_t {
  kHalf,  ///< 4:2:0, as cameras write: colour at half the width and height
  kFull,  ///< 4:4:4, for pictures whose channels are no colours
};

/// Baseline JPEG, `quality` 1 to 100. The same pixels give the same bytes. Throws kInvalidArgument
/// for an empty picture, one of over 65500 pixels a side, or another quality.
[[nodiscard]] std::vector<std::uint8_t> encode_jpeg(const Image& image, int quality,
                                                    Chroma chroma = Chroma::kHalf);

/// Reads a picture file by its content, not its name: JPEG or PNG. Throws kNotFound, kCorruptData.
[[nodiscard]] Image read_picture(const std::filesystem::path& path);

/// Writes an RGB PNG atomically. Throws kInvalidArgument for an empty picture, kIo.
void write_png(const std::filesystem::path& path, const Image& image);

}  // namespace ferv::media

// SPDX-License-Identifier: Apache-2.0
// Fuzz target: JPEG as the loader decodes it.
#include "ferv/media/jpeg.h"
#include "fuzz_target.h"

FERV_FUZZ_TARGET(bytes) {
  static ferv::media::JpegDecoder decoder;
  static ferv::media::Image image;
  // Large pictures are valid, and only slow to fuzz.
  const ferv::media::JpegInfo info = decoder.read_header(bytes, "fuzz");
  if (std::int64_t{info.width_px} * info.height_px <= 1 << 20) decoder.decode(bytes, "fuzz", image);
}

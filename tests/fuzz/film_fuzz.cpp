// SPDX-License-Identifier: Apache-2.0
// Fuzz target: films as `ferv predict` opens them. The first frames of small pictures are decoded; libav
// itself is as Debian builds it, so what is watched is our use of it.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "ferv/media/video_reader.h"
#include "fuzz_target.h"

namespace {

constexpr int kFrames = 12;
constexpr std::size_t kLargestFilm = 1 << 20;

/// A file of this process, in memory where the system has such a folder.
struct ScratchFile {
  std::filesystem::path path =
      std::filesystem::path(std::filesystem::exists("/dev/shm") ? "/dev/shm" : "/tmp") /
      ("ferv_film_fuzz_" + std::to_string(::getpid()));
  ~ScratchFile() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

/// What is readable, frame after frame.
void read_film(const std::filesystem::path& path) {
  using namespace ferv;
  media::VideoReader reader(path, {.decoder_threads = 1});
  // Large pictures are valid, and only slow to fuzz.
  const media::VideoMetadata& film = reader.metadata();
  if (std::int64_t{film.width_px} * film.height_px > 1 << 20) return;
  media::VideoFrame frame;
  double last_s = -1e300;
  for (int i = 0; i < kFrames && reader.read(frame); ++i) {
    if (frame.image.width_px <= 0 || frame.timestamp_s < last_s) std::abort();
    last_s = frame.timestamp_s;
  }
}

}  // namespace

FERV_FUZZ_TARGET(bytes) {
  static const ScratchFile file;
  if (bytes.empty() || bytes.size() > kLargestFilm) return;
  std::ofstream(file.path, std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  try {
    read_film(file.path);
  } catch (const ferv::Error& error) {
    // A name of a codec that nobody has a decoder for is no damage.
    if (error.kind() != ferv::ErrorKind::kUnsupported) throw;
  }
}

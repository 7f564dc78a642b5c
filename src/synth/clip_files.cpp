// SPDX-License-Identifier: Apache-2.0
#include "clip_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include "clip_renderer.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/media/jpeg.h"
#include "time_course.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;

std::string frame_name(int frame) {
  return (frame < 10 ? "0" : "") + std::to_string(frame) + ".jpg";
}

/// No sync and no rename as write_file_atomically() has them: here the folder is what is renamed, and syncing
/// each of a million small files would take longer than rendering them.
void write_picture(const fs::path& path, std::span<const std::uint8_t> bytes) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) throw io_error(path, "cannot create", errno);
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0) {
      if (errno == EINTR) continue;
      const int reason = errno;
      ::close(file);
      throw io_error(path, "cannot write", reason);
    }
    written += static_cast<std::size_t>(count);
  }
  if (::close(file) != 0) throw io_error(path, "cannot write", errno);
}

/// Whether a file ends as a JPEG ends; a file that was cut off by a crash does not.
bool ends_as_jpeg(const fs::path& path) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return false;
  std::uint8_t tail[2] = {};
  const bool is_whole =
      ::lseek(file, -2, SEEK_END) >= 0 && ::read(file, tail, 2) == 2 && tail[0] == 0xff && tail[1] == 0xd9;
  ::close(file);
  return is_whole;
}

bool folder_is_complete(const fs::path& folder, int frame_count) {
  std::error_code error;
  int entries = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
    ++entries;
  if (error || entries != frame_count) return false;
  for (int frame = 0; frame < frame_count; ++frame) {
    if (!ends_as_jpeg(folder / frame_name(frame))) return false;
  }
  return true;
}

void move_into_place(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::remove_all(to, error);
  if (error) throw io_error(to, "cannot remove what an unfinished run left", error.value());
  make_folder(to.parent_path());
  fs::rename(from, to, error);
  if (error) throw io_error(to, "cannot rename the finished clip", error.value());
}

}  // namespace

ClipFiles clip_files(const SynthOptions& options, const PlannedClip& clip) {
  const std::string path = clip.path();
  ClipFiles files;
  files.faces = options.folder / "2_ClipsforFaceCrop" / path;
  if (options.write_scene_frames) files.scenes = options.folder / "3_ClipsforScenImages" / path;
  if (options.film_sink) files.film = options.folder / "0_7_LabelClips" / (path + ".mp4");
  files.scratch = options.folder / ".unfinished" / path;
  return files;
}

bool clip_is_complete(const ClipFiles& files, int frame_count) {
  return folder_is_complete(files.faces, frame_count) &&
         (files.scenes.empty() || folder_is_complete(files.scenes, frame_count)) &&
         (files.film.empty() || fs::exists(files.film));
}

void write_clip(const SynthOptions& options, const PlannedClip& clip, const ClipFiles& files) {
  ClipRecipe recipe;
  recipe.scene = clip.scene;
  recipe.expression = clip.expression;
  recipe.frame_count = clip.frame_count;
  recipe.identity_seed = derive_seed(options.seed, "identity", {clip.identity});
  recipe.clip_seed = derive_seed(
      options.seed, "clip",
      {clip.scene, static_cast<std::uint64_t>(clip.expression), static_cast<std::uint64_t>(clip.number)});
  ClipRenderer renderer(recipe, options.face_size_px);
  const int quality = options.jpeg_quality.value_or(renderer.jpeg_quality());

  const fs::path faces = files.scratch / "faces";
  const fs::path scenes = files.scratch / "scenes";
  make_folder(faces);
  if (!files.scenes.empty()) make_folder(scenes);
  RenderedFrame picture;
  std::vector<media::Image> film;
  for (int frame = 0; frame < clip.frame_count; ++frame) {
    renderer.render_next(picture);
    write_picture(faces / frame_name(frame), media::encode_jpeg(picture.face_crop, quality));
    if (!files.scenes.empty())
      write_picture(scenes / frame_name(frame), media::encode_jpeg(picture.scene, quality));
    if (options.film_sink) film.push_back(picture.scene);
  }
  if (options.film_sink) {
    make_folder(files.film.parent_path());
    options.film_sink(files.film, film, kFrameRateHz);
  }
  if (!files.scenes.empty()) move_into_place(scenes, files.scenes);
  move_into_place(faces, files.faces);
  std::error_code ignored;
  fs::remove_all(files.scratch, ignored);
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "clip_files.h"

#include <memory>
#include <string>
#include <system_error>
#include <vector>

#include "clip_renderer.h"
#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/media/frame_folder.h"
#include "ferv/media/jpeg.h"
#include "time_course.h"

namespace ferv::synth {
namespace fs = std::filesystem;

ClipFiles clip_files(const SynthOptions& options, const PlannedClip& clip) {
  const std::string path = clip.path();
  ClipFiles files;
  files.faces = options.folder / "2_ClipsforFaceCrop" / path;
  if (options.write_scene_frames) files.scenes = options.folder / "3_ClipsforScenImages" / path;
  if (options.film_opener) files.film = options.folder / "0_7_LabelClips" / (path + ".mp4");
  files.scratch = options.folder / ".unfinished" / path;
  return files;
}

bool clip_is_complete(const ClipFiles& files, int frame_count) {
  const std::vector<std::string> names = media::frame_names(frame_count);
  return media::folder_is_complete(files.faces, names) &&
         (files.scenes.empty() || media::folder_is_complete(files.scenes, names)) &&
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
  const std::vector<std::string> names = media::frame_names(clip.frame_count);
  RenderedFrame picture;
  std::unique_ptr<FilmFile> film;
  if (options.film_opener) {
    make_folder(files.film.parent_path());
    film = options.film_opener(
        files.film, {.width_px = kSceneWidthPx, .height_px = kSceneHeightPx, .frame_rate_hz = kFrameRateHz});
  }
  for (int frame = 0; frame < clip.frame_count; ++frame) {
    const std::string& name = names[static_cast<std::size_t>(frame)];
    renderer.render_next(picture);
    media::write_picture(faces / name, media::encode_jpeg(picture.face_crop, quality));
    if (!files.scenes.empty())
      media::write_picture(scenes / name, media::encode_jpeg(picture.scene, quality));
    if (film) film->write(picture.scene, frame / kFrameRateHz);
  }
  if (film) film->finish();
  if (!files.scenes.empty()) media::move_into_place(scenes, files.scenes);
  media::move_into_place(faces, files.faces);
  std::error_code ignored;
  fs::remove_all(files.scratch, ignored);
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "layout_files.h"

#include <algorithm>
#include <system_error>

#include "ferv/base/files.h"
#include "ferv/media/frame_folder.h"
#include "ferv/media/jpeg.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;

/// The kept frames of all shots as JPEG, in order.
std::vector<std::vector<std::uint8_t>> render(const SynthOptions& options, const PlannedFolders& planned) {
  std::vector<std::vector<std::uint8_t>> pictures;
  RenderedFrame frame;
  for (const Shot& shot : planned.shots) {
    ClipRenderer renderer(shot.recipe, options.face_size_px);
    const int quality = options.jpeg_quality.value_or(renderer.jpeg_quality());
    int position = 0;
    for (const int wanted : shot.frames) {
      renderer.skip(wanted - position);
      renderer.render_next(frame);
      pictures.push_back(media::encode_jpeg(frame.face_crop, quality));
      position = wanted + 1;
    }
  }
  return pictures;
}

}  // namespace

bool folders_are_complete(const SynthOptions& options, const PlannedFolders& planned) {
  return std::all_of(planned.folders.begin(), planned.folders.end(), [&](const PictureFolder& folder) {
    return media::folder_is_complete(options.folder / folder.path, folder.names);
  });
}

std::size_t write_folders(const SynthOptions& options, const PlannedFolders& planned, std::size_t number) {
  const auto pictures = render(options, planned);
  const fs::path scratch = options.folder / ".unfinished" / std::to_string(number);
  std::size_t written = 0;
  for (const PictureFolder& folder : planned.folders) {
    const fs::path unfinished = scratch / "pictures";
    make_folder(unfinished);
    for (std::size_t i = 0; i < folder.names.size(); ++i)
      media::write_picture(unfinished / folder.names[i], pictures[folder.pictures[i]]);
    media::move_into_place(unfinished, options.folder / folder.path);
    written += folder.names.size();
  }
  std::error_code ignored;
  fs::remove_all(scratch, ignored);
  return written;
}

}  // namespace ferv::synth

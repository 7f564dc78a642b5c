// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/frame_store.h"

#include "ferv/base/files.h"
#include "frame_file_limit.h"

namespace ferv::data {
namespace {

const std::filesystem::path& folder_of(const ClipIndex& index, Stream stream) {
  if (stream == Stream::kScene) return index.scene_folder;
  return stream == Stream::kFlow ? index.flow_folder : index.face_folder;
}

}  // namespace

StoredFrame stored_frame(const ClipIndex& index, const FrameAddress& address,
                         std::vector<std::uint8_t>& buffer) {
  if (index.store) return index.store->frame(address);
  const std::filesystem::path path =
      frame_path(folder_of(index, address.stream), address.clip, address.frame);
  buffer = read_file(path, kFrameFileLimit);
  return {buffer, 0, path.string()};
}

}  // namespace ferv::data

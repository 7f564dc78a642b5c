// SPDX-License-Identifier: Apache-2.0
#include "clip_reader.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::data {
namespace {

TEST(ClipReader, PutsEachFrameIntoItsPlaceAndFlipsAllOfThem) {
  const test::TemporaryFolder folder;
  Clip clip;
  clip.id = "clip";
  clip.frame_count = 3;
  for (int frame = 0; frame < 3; ++frame) {
    media::Image image(16, 16);
    // Left half dark, right half as bright as the frame's number says.
    for (int y = 0; y < 16; ++y) {
      for (int x = 8 * 3; x < 16 * 3; ++x) image.row(y)[x] = static_cast<std::uint8_t>(80 * (frame + 1));
    }
    write_file_atomically(folder / ("clip/0" + std::to_string(frame) + ".jpg"),
                          std::span<const std::uint8_t>(media::encode_jpeg(image, 100)));
  }
  ClipPlan plan;
  plan.frames = {0, 1, 1, 2};
  ClipIndex index;
  index.face_folder = folder.path();
  index.clips = {clip};
  std::vector<std::uint8_t> pixels(4 * 8 * 8 * 3);
  std::uint8_t* const target = pixels.data();
  ClipReader reader(index, {.frame_count = 4, .height_px = 8, .width_px = 8}, {Stream::kFace});
  const auto right_edge = [&](std::size_t t) { return pixels[(t * 64 + 7) * 3]; };
  const auto left_edge = [&](std::size_t t) { return pixels[t * 64 * 3]; };
  reader.read(0, plan, {&target, 1});
  for (const auto& [t, value] : {std::pair{0U, 80}, {1U, 160}, {2U, 160}, {3U, 240}}) {
    EXPECT_NEAR(right_edge(t), value, 4);
    EXPECT_NEAR(left_edge(t), 0, 4);
  }
  plan.flip = true;
  reader.read(0, plan, {&target, 1});
  EXPECT_NEAR(left_edge(3), 240, 4);
  EXPECT_NEAR(right_edge(3), 0, 4);
}

}  // namespace
}  // namespace ferv::data

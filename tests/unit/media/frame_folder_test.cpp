// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/frame_folder.h"

#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "matchers.h"

namespace ferv::media {
namespace {

TEST(FrameNames, HaveTwoDigitsFromZero) {
  EXPECT_THAT(frame_names(2), testing::ElementsAre("00.jpg", "01.jpg"));
  EXPECT_EQ(frame_names(12).back(), "11.jpg");
}

TEST(FrameFolder, IsCompleteWithItsPicturesAndNoOthers) {
  const test::TemporaryFolder folder;
  const auto picture = encode_jpeg(Image(8, 8), 90);
  const std::vector<std::string> names = {"1.jpg", "2.jpg"};
  make_folder(folder / "new");
  write_picture(folder / "new/1.jpg", picture);
  EXPECT_FALSE(folder_is_complete(folder / "new", names));
  write_picture(folder / "new/2.jpg", picture);
  EXPECT_TRUE(folder_is_complete(folder / "new", names));
  make_folder(folder / "deep/old");
  move_into_place(folder / "new", folder / "deep/old");
  EXPECT_TRUE(folder_is_complete(folder / "deep/old", names));
  write_picture(folder / "deep/old/2.jpg", std::span(picture).first(picture.size() / 2));
  EXPECT_FALSE(folder_is_complete(folder / "deep/old", names));
}

}  // namespace
}  // namespace ferv::media

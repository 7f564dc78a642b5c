// SPDX-License-Identifier: Apache-2.0
#include "clip_folder.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::data {
namespace {

Clip scan(std::initializer_list<const char*> names) {
  const test::TemporaryFolder folder;
  for (const char* name : names)
    write_file_atomically(folder / ("clip/" + std::string(name)), std::string_view("x"));
  Clip clip;
  clip.id = "clip";
  scan_clip_folder(folder.path(), clip);
  return clip;
}

TEST(ScanClipFolder, StoresNoNamesWhenTheyAreRegular) {
  const Clip clip = scan({"00.jpg", "01.jpg", "02.jpg", "notes.txt"});
  EXPECT_EQ(clip.frame_count, 3);
  EXPECT_TRUE(clip.frame_names.empty());
}

TEST(ScanClipFolder, PutsNumbersIntoNumericOrder) {
  EXPECT_EQ(scan({"1.jpg", "10.jpg", "2.jpg"}).frame_names,
            (std::vector<std::string>{"1.jpg", "2.jpg", "10.jpg"}));
  EXPECT_EQ(scan({"002.JPG", "010.jpg", "001.jpeg"}).frame_names,
            (std::vector<std::string>{"001.jpeg", "002.JPG", "010.jpg"}));
  EXPECT_EQ(scan({"b.jpg", "a.jpg"}).frame_names, (std::vector<std::string>{"a.jpg", "b.jpg"}));
  EXPECT_EQ(scan({"00.jpg", "02.jpg"}).frame_names, (std::vector<std::string>{"00.jpg", "02.jpg"}))
      << "a gap is kept visible";
}

TEST(ScanClipFolder, TakesPngWhereThereAreNoJpegs) {
  EXPECT_EQ(scan({"0002.png", "0001.PNG"}).frame_names, (std::vector<std::string>{"0001.PNG", "0002.png"}));
  EXPECT_EQ(scan({"00.jpg", "sheet.png"}).frame_count, 1);
}

TEST(ScanClipFolder, FindsNothingWhereNothingIs) {
  Clip clip;
  clip.id = "none";
  clip.frame_count = 5;
  scan_clip_folder("/no/such/folder", clip);
  EXPECT_EQ(clip.frame_count, 0);
}

}  // namespace
}  // namespace ferv::data

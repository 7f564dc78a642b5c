// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/open_data_set.h"

#include "ferv/data/pack.h"
#include "ferv/data/tar_archive.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

TEST(OpenDataSet, TellsFoldersPacksAndTarsApart) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .frame_count = 2});
  const ClipIndex index = open_data_set(folder / "data", {}, {});
  (void)write_pack(index, folder / "a.pack", {}, {});
  write_tar(index, folder / "a.tar", {Stream::kFace}, {});
  for (const char* name : {"data", "a.pack", "a.tar"}) {
    EXPECT_EQ(fingerprint(open_data_set(folder / name, {}, {})), fingerprint(index)) << name;
    EXPECT_EQ(open_data_set(folder / name, {.setup = "War"}, {}).clips.size(), 14U) << name;
  }
  test::expect_error(ErrorKind::kNotFound, testing::HasSubstr("nothing"),
                     [&] { (void)open_data_set(folder / "nothing", {}, {}); });
}

TEST(OpenDataSet, WarnsOfAPackThatIsCutOff) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .frame_count = 2});
  (void)write_pack(open_data_set(folder / "data", {}, {}), folder / "a.pack", {}, {});
  std::filesystem::resize_file(folder / "a.pack", std::filesystem::file_size(folder / "a.pack") - 1);
  std::string warning;
  Observer observer;
  observer.log_sink = [&](LogLevel, std::string_view text) { warning = text; };
  EXPECT_EQ(open_data_set(folder / "a.pack", {}, observer).clips.size(), 27U);
  EXPECT_THAT(warning, testing::HasSubstr("27 of 28 clips are whole"));
}

}  // namespace
}  // namespace ferv::data

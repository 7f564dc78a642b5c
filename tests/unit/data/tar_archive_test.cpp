// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/tar_archive.h"

#include <cstdlib>

#include "ferv/data/ferv39k.h"
#include "ferv/data/pack.h"
#include "matchers.h"
#include "tar_members.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

/// A tar of text members.
void write_members(const std::filesystem::path& path,
                   const std::vector<std::pair<std::string, std::string>>& members) {
  std::vector<std::uint8_t> bytes;
  for (const auto& [name, text] : members) {
    const auto header = tar_header(name, text.size());
    bytes.insert(bytes.end(), header.begin(), header.end());
    bytes.insert(bytes.end(), text.begin(), text.end());
    bytes.resize(bytes.size() + tar_padding(text.size()).size());
  }
  bytes.resize(bytes.size() + 1024);
  write_file_atomically(path, std::span<const std::uint8_t>(bytes));
}

TEST(TarArchive, RoundTripsADataSetThroughPackAndTar) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .scenes = {"War"}, .frame_count = 3});
  const ClipIndex index = read_ferv39k(folder / "data", {});
  write_tar(index, folder / "a.tar", {Stream::kFace}, {});
  const ClipIndex from_tar = open_tar(folder / "a.tar");
  EXPECT_EQ(fingerprint(from_tar), fingerprint(index));
  std::vector<std::uint8_t> buffer;
  for (const Clip& clip : index.clips) {
    const StoredFrame frame = stored_frame(from_tar, {clip, Stream::kFace, 2}, buffer);
    EXPECT_EQ(std::vector<std::uint8_t>(frame.bytes.begin(), frame.bytes.end()),
              read_file(frame_path(index.face_folder, clip, 2)));
  }
  (void)write_pack(from_tar, folder / "a.pack", {.encoding = PackEncoding::kOriginal}, {});
  const ClipIndex from_pack = open_pack(folder / "a.pack").index;
  EXPECT_EQ(fingerprint(from_pack), fingerprint(index));
  write_tar(from_pack, folder / "b.tar", {Stream::kFace}, {});
  EXPECT_EQ(read_file(folder / "a.tar"), read_file(folder / "b.tar"));
}

TEST(TarArchive, IsWhatTheSystemsTarReads) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .scenes = {"War"}, .frame_count = 2});
  write_tar(read_ferv39k(folder / "data", {}), folder / "a.tar", {Stream::kFace}, {});
  const std::string line = "cd '" + folder.path().string() +
                           "' && tar xf a.tar && cmp War/Sad/0000.face.01.jpg " +
                           "data/2_ClipsforFaceCrop/War/Sad/0000/01.jpg && tar cf again.tar War";
  ASSERT_EQ(std::system(line.c_str()), 0);
  EXPECT_EQ(open_tar(folder / "again.tar").clips.size(), 14U) << "and what it writes is read here";
}

TEST(TarArchive, TakesFramesByNumberAndLabelsByIndex) {
  const test::TemporaryFolder folder;
  write_members(folder / "a.tar",
                {{"x/1.10.jpg", "ten"}, {"x/1.9.jpg", "nine"}, {"x/1.cls", "3\n"}, {"x/1.txt", "?"}});
  const ClipIndex index = open_tar(folder / "a.tar");
  ASSERT_EQ(index.clips.size(), 1U);
  EXPECT_EQ(index.clips[0].id, "x/1");
  EXPECT_EQ(index.clips[0].label, 3);
  EXPECT_EQ(index.clips[0].frame_count, 2);
  std::vector<std::uint8_t> buffer;
  EXPECT_EQ(stored_frame(index, {index.clips[0], Stream::kFace, 0}, buffer).bytes.size(), 4U) << "nine";
  test::expect_error(ErrorKind::kNotFound, HasSubstr("scene frame 0"), [&] {
    (void)stored_frame(index, {index.clips[0], Stream::kScene, 0}, buffer);
  });
}

TEST(TarArchive, RefusesSamplesThatMakeNoSense) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::vector<std::pair<std::string, std::string>>& members, const char* why) {
    write_members(folder / "a.tar", members);
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(why), [&] { (void)open_tar(folder / "a.tar"); });
  };
  refused({}, "holds no clip");
  refused({{"a.jpg", "x"}}, "neither a .json");
  refused({{"a.cls", "7"}}, "neither a .json");
  refused({{"a.json", "{"}}, "a.json");
  refused({{"a.json", R"({"label":"Bored"})"}}, "'Bored'");
  refused({{"a.json", R"({"label":"Sad","split":"dev"})"}}, "'dev'");
  refused({{"../a.json", R"({"label":"Sad"})"}}, "no name of a clip");
  refused({{"a.json", R"({"label":"Sad"})"}, {"b.json", R"({"label":"A","classes":["A"]})"}},
          "other classes");
}

}  // namespace
}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/ferv39k.h"

#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "ferv/data/labels.h"
#include "ferv/data/splits.h"
#include "ferv/data/statistics.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

TEST(Ferv39k, ReadsAReleaseNestedByUnzippingInAnyCase) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "FERV39K/FERV39k", {.clips_per_cell = 2});
  const fs::path release = folder / "FERV39K/FERV39k";
  fs::create_directories(release / "nested");
  fs::rename(release / "2_ClipsforFaceCrop", release / "nested/2_clipsforfacecrop");
  fs::rename(release / "nested", release / "2_ClipsForFaceCrop");
  const ClipIndex index = read_ferv39k(folder.path(), {});
  EXPECT_EQ(index.clips.size(), 28U);
  for (const Clip& clip : index.clips) EXPECT_EQ(clip.frame_count, 10) << clip.id;
  EXPECT_TRUE(index.scene_folder.empty());
}

TEST(Ferv39k, KeepsClipsWithoutFramesInTheIndex) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  fs::remove_all(folder / "data/2_ClipsforFaceCrop/War/Sad/0000");
  const ClipIndex index = read_ferv39k(folder / "data", {});
  EXPECT_EQ(index.clips.size(), 28U);
  EXPECT_EQ(statistics(index).clips_without_frames, 1);
}

TEST(Ferv39k, NarrowsToASceneOrAScenario) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2, .scenes = {"Action", "War", "Speech"}});
  EXPECT_EQ(read_ferv39k(folder / "data", {.setup = "War"}).clips.size(), 14U);
  EXPECT_EQ(read_ferv39k(folder / "data", {.setup = "WIS9k"}).clips.size(), 28U);
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("did you mean 'Speech'"),
                     [&] { (void)read_ferv39k(folder / "data", {.setup = "Speach"}); });
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("no clip belongs to setup Crime"),
                     [&] { (void)read_ferv39k(folder / "data", {.setup = "Crime"}); });
}

TEST(Ferv39k, SaysWhatIsMissing) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("none"),
                     [&] { (void)read_ferv39k(folder / "none", {}); });
  test::expect_error(ErrorKind::kNotFound, HasSubstr("4_setups"),
                     [&] { (void)read_ferv39k(folder.path(), {}); });
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  fs::remove_all(folder / "data/2_ClipsforFaceCrop");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("face crops"),
                     [&] { (void)read_ferv39k(folder / "data", {}); });
  EXPECT_EQ(read_ferv39k(folder / "data", {.scan_frames = false}).clips.size(), 28U)
      << "lists alone can be counted";
}

TEST(Ferv39k, RefusesAClipThatIsListedTwice) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const fs::path list = folder / "data/4_setups/All_scenes/test_All.csv";
  write_file_atomically(list, "War/Sad/0000 Sad\nWar/Sad/0000 Sad\n");
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("War/Sad/0000 is listed twice"),
                     [&] { (void)read_ferv39k(folder / "data", {}); });
}

TEST(HoldOutValidation, TakesACeilingShareOfEveryCellAndNeverTheLastClip) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 9, .frame_count = 1});
  ClipIndex index = read_ferv39k(folder / "data", {.scan_frames = false});
  hold_out_validation(index, 0.4, 1);
  std::map<std::pair<std::string, int>, std::map<Split, int>> cells;
  for (const Clip& clip : index.clips) ++cells[{std::string(scene_of(clip)), clip.label}][clip.split];
  for (auto& [cell, counts] : cells) {
    EXPECT_EQ(counts[Split::kValidation], 3) << "ceil(0.4 * 6)";
    EXPECT_EQ(counts[Split::kTrain], 3);
    EXPECT_EQ(counts[Split::kTest], 3) << "test is untouched";
  }
  ClipIndex same = read_ferv39k(folder / "data", {.scan_frames = false});
  hold_out_validation(same, 0.4, 1);
  EXPECT_EQ(fingerprint(same), fingerprint(index));
  ClipIndex other = read_ferv39k(folder / "data", {.scan_frames = false});
  hold_out_validation(other, 0.4, 2);
  EXPECT_NE(fingerprint(other), fingerprint(index));
  ClipIndex greedy = read_ferv39k(folder / "data", {.scan_frames = false});
  hold_out_validation(greedy, 0.99, 1);
  EXPECT_EQ(clips_of(greedy, Split::kTrain).size(), 14U) << "one clip of every cell stays";
}

TEST(ReadFerv39k, IsRebuiltFromTheListsByScene) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder.path(), {.clips_per_cell = 2});
  const std::filesystem::path setups = folder / "4_setups";
  std::filesystem::remove_all(setups / "All_scenes");
  test::expect_error(ErrorKind::kNotFound, testing::HasSubstr("or 22_scenes"),
                     [&] { (void)read_ferv39k(folder.path(), {}); });
  for (const std::string scene : {"Action", "War"}) {
    write_file_atomically(setups / "22_scenes" / ("train_" + scene + ".csv"), scene + "/Sad/0000 Sad\n");
    write_file_atomically(setups / "22_scenes" / ("test_" + scene + ".csv"), scene + "/Sad/0001 Sad\n");
  }
  const ClipIndex index = read_ferv39k(folder.path(), {.setup = "AI9k"});
  ASSERT_EQ(index.clips.size(), 2U);
  EXPECT_EQ(index.clips[1].id, "War/Sad/0001");
  EXPECT_EQ(index.clips[1].split, Split::kTest);
}

TEST(OfficialLists, HaveTheCountsOfThePublishedTable) {
  FERV_REQUIRE_SHARED();
  const ClipIndex index = read_ferv39k(test::shared_folder() / "data/ferv39k", {.scan_frames = false});
  EXPECT_EQ(clips_of(index, Split::kTrain).size(), 31088U);
  EXPECT_EQ(clips_of(index, Split::kTest).size(), 7847U);
  const Statistics counted = statistics(index);
  std::map<std::string, const ClassCounts*> scenes;
  for (const ClassCounts& scene : counted.scenes) scenes[scene.name] = &scene;
  std::ifstream table(test::shared_folder() / "facts/counts.csv");
  std::string line;
  std::getline(table, line);
  int cells = 0;
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string scenario;
    std::string scene;
    std::string label;
    std::string train;
    std::string test;
    std::getline(fields, scenario, ',');
    std::getline(fields, scene, ',');
    std::getline(fields, label, ',');
    std::getline(fields, train, ',');
    std::getline(fields, test, ',');
    const auto k = class_index(index.classes, label);
    if (!scenes.contains(scene) || !k) continue;  // rows of sums
    const auto& counts = scenes[scene]->counts;
    EXPECT_EQ(counts[0][static_cast<std::size_t>(*k)], std::stoi(train)) << line;
    EXPECT_EQ(counts[2][static_cast<std::size_t>(*k)], std::stoi(test)) << line;
    ++cells;
  }
  EXPECT_EQ(cells, 154);
}

}  // namespace
}  // namespace ferv::data

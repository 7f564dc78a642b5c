// SPDX-License-Identifier: Apache-2.0
// AFEW, CAER, CREMA-D, RAVDESS and MAFW as folders on disk, without pictures.
#include <map>
#include <set>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/data/data_set.h"
#include "ferv/data/splits.h"
#include "mafw.h"
#include "matchers.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Pair;

void make_clips(const fs::path& root, const std::vector<std::string>& splits,
                const std::vector<std::string>& classes) {
  for (const std::string& split : splits) {
    for (const std::string& name : classes) fs::create_directories(root / split / name / "0001");
  }
}

DataSetOptions lists_only(int fold = 0) {
  return {.fold = fold, .scan_frames = false};
}

TEST(Afew, IsReadInBothSpellings) {
  const test::TemporaryFolder folder;
  make_clips(folder / "AFEW_Face", {"train", "validation"},
             {"Anger", "Disgust", "Fear", "Happiness", "Neutral", "Sadness", "Surprise"});
  make_clips(folder / "old", {"train_afew", "val_afew"},
             {"Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise"});
  for (const char* place : {"AFEW_Face", "old"}) {
    const ClipIndex index = read_data_set(folder / place, lists_only());
    EXPECT_EQ(index.layout, "afew");
    EXPECT_EQ(clips_of(index, Split::kTrain).size(), 7U);
    std::set<int> labels;
    for (const std::size_t i : clips_of(index, Split::kTest)) labels.insert(index.clips[i].label);
    EXPECT_EQ(labels.size(), 7U);
    EXPECT_EQ(index.clips[0].label, 3) << "Anger is ferv's Angry";
    EXPECT_EQ(scene_of(index.clips[0]), "");
  }
}

TEST(Caer, HasThreeSplitsAndFilms) {
  const test::TemporaryFolder folder;
  for (const char* split : {"train", "validation", "test"}) {
    for (const char* name : {"Anger", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise"})
      write_file_atomically(folder / "CAER" / split / name / "0001.avi", std::string_view("film"));
  }
  const ClipIndex index = read_data_set(folder.path(), lists_only());
  EXPECT_EQ(index.layout, "caer");
  EXPECT_TRUE(index.clips_are_films);
  EXPECT_EQ(clips_of(index, Split::kValidation).size(), 7U);
  test::expect_error(ErrorKind::kUnsupported, HasSubstr("are films, wanted folders of frames"),
                     [&] { (void)read_data_set(folder.path(), {}); });
}

TEST(CremaD, TestsEachActorInOneFoldAndLeavesBrokenClipsOut) {
  const test::TemporaryFolder folder;
  for (int actor = 1001; actor <= 1091; ++actor)
    fs::create_directories(folder / "frames" / (std::to_string(actor) + "_DFA_ANG_XX"));
  fs::create_directories(folder / "frames/1076_MTI_NEU_XX");
  fs::create_directories(folder / "frames/1064_IEO_DIS_MD");
  std::map<int, std::set<std::string>> tested;
  for (int fold = 1; fold <= 5; ++fold) {
    const ClipIndex index = read_data_set(folder.path(), lists_only(fold));
    EXPECT_EQ(index.layout, "crema-d");
    EXPECT_EQ(index.clips.size(), 91U);
    for (const std::size_t i : clips_of(index, Split::kTest)) tested[fold].insert(index.clips[i].subject);
  }
  EXPECT_EQ(tested[1].size(), 18U);
  EXPECT_EQ(*tested[2].begin(), "1019");
  EXPECT_EQ(tested[5].size(), 19U);
  EXPECT_EQ(*tested[5].rbegin(), "1091");
}

TEST(Ravdess, TakesSpokenClipsOnceAndFourActorsAFold) {
  const test::TemporaryFolder folder;
  for (int actor = 1; actor <= 24; ++actor) {
    const std::string number = (actor < 10 ? "0" : "") + std::to_string(actor);
    for (const char* name : {"01-01-03-01-01-01-", "02-01-03-01-01-01-", "02-01-08-01-01-01-",
                             "03-01-03-01-01-01-", "01-02-03-01-01-01-"})
      fs::create_directories(folder / ("Actor_" + number) / (name + number));
  }
  const ClipIndex index = read_data_set(folder.path(), lists_only(6));
  EXPECT_EQ(index.layout, "ravdess");
  EXPECT_EQ(index.clips.size(), 48U) << "no songs, no sound alone, no picture twice";
  EXPECT_EQ(index.classes.size(), 8U);
  std::set<std::string> actors;
  for (const std::size_t i : clips_of(index, Split::kTest)) actors.insert(index.clips[i].subject);
  EXPECT_THAT(actors, ElementsAre("21", "22", "23", "24"));
  ClipIndex held_out = index;
  hold_out_validation(held_out, 0.2, 1);
  std::set<std::string> held;
  for (const std::size_t i : clips_of(held_out, Split::kValidation)) held.insert(held_out.clips[i].subject);
  EXPECT_EQ(clips_of(held_out, Split::kValidation).size(), held.size() * 2) << "whole people";
}

TEST(Mafw, IsReadWithAndWithoutCaptions) {
  EXPECT_THAT(parse_mafw_list("00025.mp4 anger\n00026.mp4 disappointment\r\n", "x"),
              ElementsAre(Pair("00025", 0), Pair("00026", 10)));
  EXPECT_THAT(parse_mafw_list("00108.mp4\tContempt\t\xc4\xe3\xba\xc3 \\\xff\tA man frowns.\n", "x"),
              ElementsAre(Pair("00108", 7)));
  for (const char* line : {"00025.mp4", "00025.mp4 anger_disgust", "25.mp4 anger", "../1 anger"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("set.txt:2"), [&] {
      (void)parse_mafw_list("00001.mp4 fear\n" + std::string(line) + "\n", "set.txt");
    });
  }
}

TEST(Mafw, HasFiveFolds) {
  const test::TemporaryFolder folder;
  const fs::path lists = folder / "MAFW/Train & Test Set/single/with_caption/set_4";
  write_file_atomically(lists / "train.txt", std::string_view("00001.mp4\tfear\tx\ty\n"));
  write_file_atomically(lists / "test.txt", std::string_view("00002.mp4\tanxiety\tx\ty\n"));
  fs::create_directories(folder / "MAFW/data/faces/00001");
  const ClipIndex index = read_data_set(folder.path(), lists_only(4));
  EXPECT_EQ(index.layout, "mafw");
  EXPECT_EQ(index.face_folder.filename(), "faces");
  EXPECT_EQ(index.clips[1].label, 8);
  test::expect_error(ErrorKind::kNotFound, HasSubstr("set_1"),
                     [&] { (void)read_data_set(folder.path(), lists_only()); });
}

TEST(Mafw, GivesClipsOrOneErrorForAnyBytes) {
  Random random(8);
  const std::string sound = "00108.mp4\tanger\t\xc4\xe3\tA\n00025.mp4 fear\n";
  for (int round = 0; round < 2000; ++round) {
    std::string text = sound;
    for (int i = 0; i < 3; ++i) text[random.below(text.size())] = static_cast<char>(random.below(256));
    try {
      for (const auto& [id, label] : parse_mafw_list(text, "x")) EXPECT_TRUE(id.size() == 5 && label < 11);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

}  // namespace
}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/dataset_writer.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "ferv/synth/clip_plan.h"
#include "film_opener_spy.h"
#include "matchers.h"

namespace ferv::synth {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

SynthOptions small_options(const fs::path& folder) {
  SynthOptions options;
  options.folder = folder;
  options.clips_per_cell = 2;
  options.scenes = {"War", "Action"};
  options.face_size_px = 64;
  options.seed = 5;
  options.threads = 2;
  return options;
}

/// Content of every file below `folder`, by its path in it.
std::map<std::string, std::vector<std::uint8_t>> contents(const fs::path& folder) {
  std::map<std::string, std::vector<std::uint8_t>> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) files[fs::relative(entry.path(), folder)] = read_file(entry.path());
  }
  return files;
}

TEST(WriteDataSet, HasTheLayoutOfTheRelease) {
  const test::TemporaryFolder folder;
  const SynthSummary summary = write_data_set(small_options(folder / "data"), {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.train_clips, 14U);
  EXPECT_EQ(summary.test_clips, 14U);
  EXPECT_EQ(summary.clips_written, 28U);
  EXPECT_EQ(summary.frames, summary.frames_written);

  media::JpegDecoder decoder;
  std::size_t faces = 0;
  std::size_t scenes = 0;
  for (const auto& [path, bytes] : contents(folder / "data")) {
    const bool is_face = path.starts_with("2_ClipsforFaceCrop/");
    const bool is_scene = path.starts_with("3_ClipsforScenImages/");
    if (!is_face && !is_scene) continue;
    ++(is_face ? faces : scenes);
    const media::JpegInfo info = decoder.read_header(bytes, path);
    EXPECT_EQ(info.width_px, is_face ? 64 : 400) << path;
    EXPECT_EQ(info.height_px, is_face ? 64 : 300) << path;
  }
  EXPECT_EQ(faces, summary.frames);
  EXPECT_EQ(scenes, summary.frames);
  for (const char* list : {"All_scenes/train_All.csv", "All_scenes/test_All.csv", "22_scenes/train_War.csv",
                           "22_scenes/test_Action.csv"}) {
    EXPECT_TRUE(fs::exists(folder / "data/4_setups" / list)) << list;
  }
  EXPECT_FALSE(fs::exists(folder / "data/.unfinished"));
}

TEST(WriteDataSet, ListedClipsAreThoseOnDiskAndPeopleDoNotCrossTheSplit) {
  const test::TemporaryFolder folder;
  write_data_set(small_options(folder / "data"), {});
  std::map<std::string, std::set<std::string>> people;
  std::set<std::string> listed;
  for (const char* split : {"train", "test"}) {
    std::istringstream lines(
        read_text_file(folder / "data/4_setups/All_scenes" / (std::string(split) + "_All.csv")));
    for (std::string clip, label; lines >> clip >> label;) {
      listed.insert(clip);
      EXPECT_TRUE(fs::exists(folder / "data/2_ClipsforFaceCrop" / clip / "07.jpg")) << clip;
      EXPECT_THAT(clip, HasSubstr("/" + label + "/"));
    }
  }
  EXPECT_EQ(listed.size(), 28U);
  std::istringstream table(read_text_file(folder / "data/synth_clips.csv"));
  std::string line;
  std::getline(table, line);
  EXPECT_EQ(line, "clip,split,identity,frames");
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string clip;
    std::string split;
    std::string identity;
    std::getline(fields, clip, ',');
    std::getline(fields, split, ',');
    std::getline(fields, identity, ',');
    people[split].insert(identity);
  }
  for (const std::string& identity : people["test"]) EXPECT_FALSE(people["train"].contains(identity));
}

TEST(WriteDataSet, GivesTheSameBytesWhateverTheThreadCount) {
  const test::TemporaryFolder folder;
  SynthOptions options = small_options(folder / "one");
  options.threads = 1;
  write_data_set(options, {});
  options.folder = folder / "three";
  options.threads = 3;
  options.scenes = {"Action", "War", "Action"};
  write_data_set(options, {});
  EXPECT_EQ(contents(folder / "one"), contents(folder / "three"));
}

TEST(WriteDataSet, AnotherSeedGivesOtherPictures) {
  const test::TemporaryFolder folder;
  SynthOptions options = small_options(folder / "a");
  options.scenes = {"War"};
  write_data_set(options, {});
  options.folder = folder / "b";
  options.seed = 6;
  write_data_set(options, {});
  EXPECT_NE(read_file(folder / "a/2_ClipsforFaceCrop/War/Sad/0000/00.jpg"),
            read_file(folder / "b/2_ClipsforFaceCrop/War/Sad/0000/00.jpg"));
}

TEST(WriteDataSet, AStoppedRunIsCompletedByTheSameCall) {
  const test::TemporaryFolder folder;
  SynthOptions options = small_options(folder / "whole");
  options.threads = 1;
  write_data_set(options, {});

  options.folder = folder / "stopped";
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done >= 5; };
  const SynthSummary first = write_data_set(options, observer);
  EXPECT_FALSE(first.complete);
  EXPECT_EQ(first.clips_written, 5U);
  EXPECT_THAT(read_text_file(folder / "stopped/synth.json"), HasSubstr("\"complete\": false"));
  fs::resize_file(folder / "stopped/2_ClipsforFaceCrop/Action/Happy/0000/03.jpg", 100);

  std::vector<std::string> log;
  Observer listening;
  listening.log_sink = [&](LogLevel, std::string_view text) { log.emplace_back(text); };
  const SynthSummary second = write_data_set(options, listening);
  EXPECT_TRUE(second.complete);
  EXPECT_EQ(second.clips_kept, 4U);
  EXPECT_THAT(log, testing::ElementsAre(HasSubstr("kept 4 clips")));
  EXPECT_EQ(contents(folder / "whole"), contents(folder / "stopped"));
}

TEST(WriteDataSet, LeavesForeignFoldersAlone) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "thesis.txt", std::string_view("important"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("is not empty"),
                     [&] { write_data_set(small_options(folder.path()), {}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("is a file"),
                     [&] { write_data_set(small_options(folder / "thesis.txt"), {}); });
  EXPECT_EQ(contents(folder.path()).size(), 1U);
}

TEST(WriteDataSet, RefusesAFolderOfOtherOptionsAndSaysWhich) {
  const test::TemporaryFolder folder;
  SynthOptions options = small_options(folder / "data");
  options.scenes = {"War"};
  write_data_set(options, {});
  const auto before = contents(folder / "data");
  options.seed = 77;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("made with seed 5, wanted 77"),
                     [&] { write_data_set(options, {}); });
  EXPECT_EQ(contents(folder / "data"), before);
  write_file_atomically(folder / "data/synth.json", std::string_view("{]"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("synth.json"), [&] { write_data_set(options, {}); });
}

TEST(WriteDataSet, RefusesImpossibleOptionsBeforeItTouchesTheDisk) {
  const test::TemporaryFolder folder;
  const auto expect = [&](const std::string& message, auto change) {
    SynthOptions options = small_options(folder / "never");
    change(options);
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr(message), [&] { write_data_set(options, {}); });
    EXPECT_FALSE(fs::exists(folder / "never"));
  };
  expect("clips per cell is 1", [](SynthOptions& options) { options.clips_per_cell = 1; });
  expect("8 px", [](SynthOptions& options) { options.face_size_px = 8; });
  expect("quality is 0", [](SynthOptions& options) { options.jpeg_quality = 0; });
  expect("did you mean 'War'", [](SynthOptions& options) { options.scenes = {"Wars"}; });
  expect("threads is -2", [](SynthOptions& options) { options.threads = -2; });
}

TEST(WriteDataSet, HandsTheSceneFramesOfAClipToTheFilmOpener) {
  const test::TemporaryFolder folder;
  SynthOptions options = small_options(folder / "data");
  options.scenes = {"War"};
  std::mutex mutex;
  std::map<std::string, std::size_t> films;
  const test::FilmOpenerSpy spy([&](const fs::path& path, const std::vector<double>& times_s) {
    const std::lock_guard lock(mutex);
    films[fs::relative(path, folder / "data")] = times_s.size();
    EXPECT_DOUBLE_EQ(times_s.at(1), 0.04);
    write_file_atomically(path, std::string_view("film"));
  });
  options.film_opener = spy.opener();
  write_data_set(options, {});
  EXPECT_EQ(films.size(), 14U);
  for (const auto& [path, frames] : films) {
    EXPECT_TRUE(path.starts_with("0_7_LabelClips/War/")) << path;
    const fs::path clip = folder / "data/2_ClipsforFaceCrop" /
                          fs::path(path).lexically_relative("0_7_LabelClips").replace_extension();
    EXPECT_EQ(std::distance(fs::directory_iterator(clip), fs::directory_iterator()),
              static_cast<std::ptrdiff_t>(frames));
  }
}

TEST(WriteDataSet, TakesItsCellsFromATable) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "counts.csv",
                        std::string_view("scenario,scene,class,train,test\nx,War,Sad,3,1\nx,War,Fear,1,1\n"));
  SynthOptions options = small_options(folder / "data");
  options.counts_file = folder / "counts.csv";
  options.scenes = {"War"};
  options.write_scene_frames = false;
  const SynthSummary summary = write_data_set(options, {});
  EXPECT_EQ(summary.train_clips, 4U);
  EXPECT_EQ(summary.test_clips, 2U);
  EXPECT_FALSE(fs::exists(folder / "data/3_ClipsforScenImages"));
}

TEST(WriteDataSet, WritesFilmsWithTheirTruthAndKeepsThoseThatAreThere) {
  const test::TemporaryFolder folder;
  SynthOptions options;
  options.folder = folder / "films";
  options.films = 2;
  options.film_length_s = 1;
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("film_opener"),
                     [&] { write_data_set(options, {}); });
  const test::FilmOpenerSpy spy([](const fs::path& path, const std::vector<double>& times_s) {
    write_file_atomically(path, std::to_string(times_s.size()));
  });
  options.film_opener = spy.opener();
  const SynthSummary summary = write_data_set(options, {});
  EXPECT_TRUE(summary.complete);
  EXPECT_EQ(summary.clips_written, 2U);
  std::size_t frames = 0;
  for (const char* stem : {"film_0000", "film_0001"})
    frames += std::stoul(read_text_file(folder / ("films/" + std::string(stem) + ".mp4")));
  EXPECT_EQ(frames, summary.frames);
  const std::string truth = read_text_file(folder / "films/film_0001.csv");
  EXPECT_THAT(truth, testing::StartsWith("frame,timestamp_s,shot,identity,"));
  fs::remove(folder / "films/film_0001.csv");
  EXPECT_EQ(write_data_set(options, {}).clips_written, 1U);
  EXPECT_EQ(read_text_file(folder / "films/film_0001.csv"), truth);
  options.layout = "mafw";
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("films stand alone"),
                     [&] { write_data_set(options, {}); });
}

}  // namespace
}  // namespace ferv::synth

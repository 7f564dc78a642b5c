// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_files.h"

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/media/video_reader.h"
#include "file_lines.h"
#include "film_of_two.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using test::lines_of;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

FilmFilesOptions options_for(const TemporaryFolder& folder, const std::string& formats) {
  FilmFilesOptions options;
  options.inputs = {folder / "two.mp4"};
  options.out = folder / "out";
  options.formats = output_formats(formats);
  options.film.stream = test::stream_options();
  return options;
}

std::size_t frames_of(const std::filesystem::path& path) {
  media::VideoReader reader(path);
  std::size_t count = 0;
  for (media::VideoFrame frame; reader.read(frame); ++count)
    EXPECT_NEAR(frame.timestamp_s, static_cast<double>(count) * test::kFilmFrameS, 1e-4);
  return count;
}

constexpr int kSmallFrames = 12;

/// Shows nobody, quickly.
void write_small_film(const std::filesystem::path& path) {
  media::VideoWriter writer(path, {.width_px = 96, .height_px = 64});
  for (int i = 0; i < kSmallFrames; ++i) writer.write(media::Image(96, 64));
  writer.finish();
}

/// Everything that can be written of the film of two.
struct AllOutputs {
  TemporaryFolder folder;
  std::vector<PredictedFile> files;

  AllOutputs() {
    test::write_film_of_two(folder / "two.mp4");
    files = predict_files(options_for(folder, "all"), test::model_of_two(), {});
  }
};

const AllOutputs& all_outputs() {
  static const AllOutputs outputs;
  return outputs;
}

TEST(OutputFormats, AreNamedWithCommasBetween) {
  EXPECT_THAT(output_formats("srt,csv,srt"), ElementsAre(OutputFormat::kSubRip, OutputFormat::kCsv));
  EXPECT_EQ(output_formats("all").size(), 9U);
  for (const OutputFormat format : output_formats("all"))
    EXPECT_THAT(output_formats(to_string(format)), ElementsAre(format));
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("format is 'doc', wanted csv, json, "),
               [] { (void)output_formats("csv,doc"); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("format is ''"), [] { (void)output_formats(""); });
}

TEST(PredictFiles, WritesEveryFormatOfAFilmOfTwoPersons) {
  const auto& [folder, files] = all_outputs();
  ASSERT_EQ(files.size(), 1U);
  std::vector<std::string> names;
  for (const auto& path : files[0].outputs) names.push_back(path.filename().string());
  EXPECT_THAT(names, ElementsAre("two.csv", "two.json", "two.jsonl", "two.segments.csv", "two.srt", "two.vtt",
                                 "two.eaf", "two.annotated.mp4", "two.html"));
  for (const auto& path : files[0].outputs) EXPECT_TRUE(std::filesystem::exists(path)) << path;
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "out"),
                          std::filesystem::directory_iterator()),
            9)
      << "a short film is put into the page";

  const auto lines = lines_of(folder / "out/two.jsonl");
  ASSERT_EQ(lines.size(), static_cast<std::size_t>(test::kFilmFrames));
  std::size_t face_count = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const auto json = nlohmann::json::parse(lines[i]);
    EXPECT_EQ(json.at("frame"), i);
    face_count += json.at("faces").size();
  }
  EXPECT_EQ(lines_of(folder / "out/two.csv").size(), 1 + face_count) << "a row a face and frame";
  EXPECT_THAT(read_text_file(folder / "out/two.segments.csv"), HasSubstr(",1,Happy,"));
  EXPECT_EQ(frames_of(folder / "out/two.annotated.mp4"), static_cast<std::size_t>(test::kFilmFrames));
  for (const char* name : {"two.srt", "two.vtt", "two.eaf", "two.html", "two.json"})
    EXPECT_THAT(read_text_file(folder / "out" / name), HasSubstr("what a person feels")) << name;
}

TEST(PredictFiles, SummarisesEachPerson) {
  const TemporaryFolder& folder = all_outputs().folder;
  const auto facts = nlohmann::json::parse(read_text_file(folder / "out/two.json"));
  ASSERT_EQ(facts.at("persons").size(), 2U);
  const auto& first = facts.at("persons")[0];
  EXPECT_EQ(first.at("face_id"), 1);
  EXPECT_NEAR(first.at("on_screen_s").get<double>(), test::kFilmFrames * test::kFilmFrameS, 1e-6);
  EXPECT_EQ(first.at("label_shares").at("Happy"), 1);
  EXPECT_EQ(first.at("episodes").at("Happy").at("count"), 1);
  EXPECT_EQ(facts.at("persons")[1].at("label_shares").at("Sad"), 1);
  EXPECT_EQ(facts.at("face_limit"), kDefaultFaceLimit);
}

TEST(PredictFiles, WritesNothingThatWasNotAskedFor) {
  const TemporaryFolder folder;
  write_small_film(folder / "two.mp4");
  const auto files = predict_files(options_for(folder, "segments"), test::model_of_two(), {});
  EXPECT_EQ(files[0].outputs.size(), 1U);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder / "out"),
                          std::filesystem::directory_iterator()),
            1);
}

TEST(PredictFiles, CountsFramesOfAllFilmsInOneProgress) {
  const TemporaryFolder folder;
  write_small_film(folder / "two.mp4");
  std::filesystem::copy_file(folder / "two.mp4", folder / "again.mp4");
  FilmFilesOptions options = options_for(folder, "csv,mp4");
  options.inputs.push_back(folder / "again.mp4");
  std::vector<std::uint64_t> done;
  std::string details;
  Observer observer;
  observer.progress_sink = [&](const ProgressEvent& event) {
    EXPECT_EQ(event.total, 4U * kSmallFrames) << "two films, each read twice";
    done.push_back(event.done);
    details = event.detail;
  };
  (void)predict_files(options, test::model_of_two(), observer);
  ASSERT_EQ(done.size(), 4U * kSmallFrames);
  EXPECT_TRUE(std::is_sorted(done.begin(), done.end()));
  EXPECT_EQ(details, "again.mp4, 2 of 2");
}

TEST(PredictFiles, TakesTheFilmsOfAFolder) {
  const TemporaryFolder folder;
  std::filesystem::create_directory(folder / "films");
  write_small_film(folder / "films/take10.mp4");
  std::filesystem::copy_file(folder / "films/take10.mp4", folder / "films/take9.MP4");
  write_file_atomically(folder / "films/notes.txt", std::string_view("no film"));
  FilmFilesOptions options = options_for(folder, "csv");
  options.inputs = {folder / "films"};
  const auto files = predict_files(options, test::model_of_two(), {});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].outputs[0].filename(), "take9.csv") << "in natural order";
  EXPECT_EQ(files[1].result.summary.frame_count(), kSmallFrames);
}

TEST(PredictFiles, FindsAFilmThatIsNoneBeforeAnyWork) {
  const TemporaryFolder folder;
  write_small_film(folder / "two.mp4");
  write_file_atomically(folder / "text.mp4", std::string_view("dear diary"));
  FilmFilesOptions options = options_for(folder, "csv");
  options.inputs.push_back(folder / "text.mp4");
  expect_error(ErrorKind::kCorruptData, HasSubstr("text.mp4"),
               [&] { (void)predict_files(options, test::model_of_two(), {}); });
  EXPECT_TRUE(std::filesystem::is_empty(folder / "out"));
}

TEST(PredictFiles, LeavesNothingWhenItIsStopped) {
  const TemporaryFolder folder;
  write_small_film(folder / "two.mp4");
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done >= kSmallFrames + 5U; };
  expect_error(ErrorKind::kFailed, HasSubstr("stopped"), [&] {
    (void)predict_files(options_for(folder, "csv,jsonl,mp4,html"), test::model_of_two(), observer);
  });
  EXPECT_TRUE(std::filesystem::is_empty(folder / "out")) << "not even of the films that were half written";
}

TEST(PredictFiles, WatchesACameraAloneAndOnce) {
  const TemporaryFolder folder;
  FilmFilesOptions options = options_for(folder, "csv,json");
  options.inputs = {"camera:987"};
  require_usable(options);
  EXPECT_THROW((void)predict_files(options, test::model_of_two(), {}), Error) << "there is no such camera";
  options.formats = output_formats("csv,mp4");
  expect_error(ErrorKind::kUnsupported, HasSubstr("a second time"), [&] { require_usable(options); });
  options = options_for(folder, "csv");
  write_small_film(folder / "two.mp4");
  options.inputs.emplace_back("camera:0");
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("camera alone"), [&] { require_usable(options); });
  options.inputs = {"camera:front"};
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("camera:front"), [&] { require_usable(options); });
}

TEST(PredictFiles, RefusesWhatCannotBeWritten) {
  const TemporaryFolder folder;
  write_small_film(folder / "two.mp4");
  FilmFilesOptions options = options_for(folder, "mp4");
  options.out = folder.path();
  EXPECT_NO_THROW(require_usable(options)) << "beside the film, but under another name";
  std::filesystem::create_hard_link(folder / "two.mp4", folder / "two.annotated.mp4");
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("written over"), [&] { require_usable(options); });
  options.out = folder / "out";
  options.privacy = Privacy::kLandmarks;
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("landmarks"), [&] { require_usable(options); });
  options.privacy = Privacy::kNone;
  options.formats.clear();
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("no format"), [&] { require_usable(options); });
}

}  // namespace
}  // namespace ferv::inference

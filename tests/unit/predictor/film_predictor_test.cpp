// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_predictor.h"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/media/jpeg.h"
#include "ferv/media/video_writer.h"
#include "file_lines.h"
#include "matchers.h"
#include "small_weights.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using test::lines_of;
using test::TemporaryFolder;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr int kWidth = 320;
constexpr int kHeight = 240;

media::Image plain_frame(int number) {
  media::Image frame(kWidth, kHeight);
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      std::uint8_t* pixel = frame.row(y) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>(60 + x / 4);
      pixel[1] = static_cast<std::uint8_t>(90 + y / 4 + number % 5);
      pixel[2] = 120;
    }
  }
  return frame;
}

/// The face of the sample photograph, a little to the side.
media::Image frame_with_face(int number) {
  static const media::Image photograph =
      media::read_picture(test::shared_folder() / "samples/single_face.jpg");
  return media::crop_and_resize(photograph, {20.0 + number % 4, 40, 480, 360}, kWidth, kHeight);
}

void write_film(const std::filesystem::path& path, int frame_count,
                const std::function<media::Image(int)>& frame_at) {
  media::VideoWriter writer(path, {.width_px = kWidth, .height_px = kHeight});
  for (int i = 0; i < frame_count; ++i) writer.write(frame_at(i));
  writer.finish();
}

PredictFilesOptions options_for(const TemporaryFolder& folder, std::vector<std::filesystem::path> inputs) {
  if (!std::filesystem::exists(folder / "w.safetensors")) test::write_small_weights(folder / "w.safetensors");
  PredictFilesOptions options;
  options.inputs = std::move(inputs);
  options.weights = folder / "w.safetensors";
  options.out = folder / "out";
  options.film.stream.windows.stride = 4;
  return options;
}

TEST(PredictFiles, SaysThatAFilmShowsNoFace) {
  const TemporaryFolder folder;
  write_film(folder / "sea.mp4", 30, plain_frame);
  const auto files = predict_files(options_for(folder, {folder / "sea.mp4"}), {});
  ASSERT_EQ(files.size(), 1U);
  EXPECT_THAT(files[0].result.summary.text(), HasSubstr("no face found in 30 frames"));
  const auto lines = lines_of(folder / "out/sea.csv");
  ASSERT_EQ(lines.size(), 31U);
  EXPECT_EQ(lines[0], "frame,timestamp_s,face_id,success,confidence,box,label,p_Happy,p_Sad,p_Neutral");
  for (std::size_t i = 1; i < lines.size(); ++i)
    EXPECT_THAT(lines[i], testing::EndsWith(",0,0,,,,,,")) << lines[i];
  const auto facts = nlohmann::json::parse(read_text_file(folder / "out/sea.json"));
  EXPECT_EQ(facts.at("face_found"), false);
  EXPECT_EQ(facts.at("frames"), 30);
  EXPECT_EQ(facts.at("model"), "r18_lstm");
  EXPECT_THAT(facts.at("notice").get<std::string>(), HasSubstr("feels"));
}

TEST(PredictFiles, LabelsExactlyTheFramesWithAFace) {
  FERV_REQUIRE_SHARED();
  const TemporaryFolder folder;
  write_film(folder / "film.mp4", 75, [](int i) { return i < 50 ? frame_with_face(i) : plain_frame(i); });
  const auto files = predict_files(options_for(folder, {folder / "film.mp4"}), {});
  const auto lines = lines_of(files.at(0).outputs.at(0));
  ASSERT_EQ(lines.size(), 76U);
  for (int i = 0; i < 75; ++i) {
    std::vector<std::string> fields;
    std::istringstream stream(lines[static_cast<std::size_t>(i) + 1] + ",");
    for (std::string field; std::getline(stream, field, ',');) fields.push_back(field);
    ASSERT_EQ(fields.size(), 10U) << lines[static_cast<std::size_t>(i) + 1];
    EXPECT_EQ(std::stoi(fields[0]), i);
    EXPECT_NEAR(std::stod(fields[1]), i / 25.0, 1e-3);
    EXPECT_EQ(fields[2], i < 50 ? "1" : "0") << i;
    EXPECT_EQ(fields[3], i < 50 ? "1" : "0") << i;
    if (i < 50) {
      EXPECT_THAT(fields[6], testing::AnyOf("Happy", "Sad", "Neutral"));
      EXPECT_NEAR(std::stod(fields[7]) + std::stod(fields[8]) + std::stod(fields[9]), 1, 1e-5);
    } else {
      for (std::size_t f = 4; f < 10; ++f) EXPECT_THAT(fields[f], IsEmpty());
    }
  }
  EXPECT_EQ(files[0].result.summary.frame_count_with_face(), 50);
  EXPECT_NEAR(files[0].result.summary.with_face_s(), 2, 0.01);
}

TEST(PredictFiles, ReadsPicturesAndFoldersOfPictures) {
  FERV_REQUIRE_SHARED();
  const TemporaryFolder folder;
  for (int i = 0; i < 12; ++i)
    media::write_png(folder / ("frames/" + std::to_string(i) + ".png"), frame_with_face(i));
  media::write_png(folder / "photo.png", frame_with_face(0));
  const auto files = predict_files(options_for(folder, {folder / "frames/", folder / "photo.png"}), {});
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].outputs[0].filename(), "frames.csv") << "a slash at the end changes nothing";
  EXPECT_EQ(files[0].result.summary.frame_count_with_face(), 12);
  EXPECT_EQ(lines_of(folder / "out/photo.csv").size(), 2U);
  EXPECT_EQ(files[1].result.summary.frame_count_with_face(), 1);
}

TEST(PredictFiles, ReportsATruncatedFilmAndKeepsItsFrames) {
  const TemporaryFolder folder;
  write_film(folder / "film.mkv", 90, plain_frame);
  std::filesystem::resize_file(folder / "film.mkv", std::filesystem::file_size(folder / "film.mkv") * 3 / 5);
  std::string warnings;
  Observer observer;
  observer.log_sink = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::kWarning) warnings += text;
  };
  const auto files = predict_files(options_for(folder, {folder / "film.mkv"}), observer);
  EXPECT_GT(files.at(0).result.summary.frame_count(), 10);
  EXPECT_THAT(warnings, HasSubstr("truncated"));
  EXPECT_THAT(
      nlohmann::json::parse(read_text_file(folder / "out/film.json")).at("warning").get<std::string>(),
      HasSubstr("truncated"));
}

TEST(PredictFiles, FindsWrongInputsBeforeAnyWork) {
  const TemporaryFolder folder;
  write_film(folder / "film.mp4", 3, plain_frame);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("no film"),
               [&] { (void)predict_files(options_for(folder, {}), {}); });
  expect_error(ErrorKind::kNotFound, HasSubstr("nowhere.mp4"), [&] {
    (void)predict_files(options_for(folder, {folder / "film.mp4", folder / "nowhere.mp4"}), {});
  });
  std::filesystem::create_directory(folder / "other");
  std::filesystem::copy_file(folder / "film.mp4", folder / "other/film.mp4");
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("both"), [&] {
    (void)predict_files(options_for(folder, {folder / "film.mp4", folder / "other/film.mp4"}), {});
  });
  EXPECT_FALSE(std::filesystem::exists(folder / "out"));
}

TEST(PredictFiles, LeavesNoTimelineOfAFilmThatCannotBeRead) {
  const TemporaryFolder folder;
  write_file_atomically(folder / "text.mp4", std::string_view("dear diary"));
  expect_error(ErrorKind::kCorruptData, HasSubstr("text.mp4"),
               [&] { (void)predict_files(options_for(folder, {folder / "text.mp4"}), {}); });
  EXPECT_TRUE(std::filesystem::is_empty(folder / "out"));
}

TEST(PredictFiles, StopsWhenAskedAndLeavesNothingHalfDone) {
  const TemporaryFolder folder;
  write_film(folder / "film.mp4", 30, plain_frame);
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  observer.progress_sink = [&](const ProgressEvent& event) { stop = event.done >= 10; };
  expect_error(ErrorKind::kFailed, HasSubstr("stopped"),
               [&] { (void)predict_files(options_for(folder, {folder / "film.mp4"}), observer); });
  EXPECT_TRUE(std::filesystem::is_empty(folder / "out"));
}

TEST(PredictFiles, ReportsProgressAndTimes) {
  const TemporaryFolder folder;
  write_film(folder / "film.mp4", 20, plain_frame);
  std::vector<std::uint64_t> done;
  Observer observer;
  observer.progress_sink = [&](const ProgressEvent& event) {
    EXPECT_EQ(event.total, 20U);
    done.push_back(event.done);
  };
  const auto files = predict_files(options_for(folder, {folder / "film.mp4"}), observer);
  EXPECT_EQ(done.size(), 20U);
  EXPECT_EQ(done.back(), 20U);
  const StageTimes& times = files[0].result.times;
  EXPECT_GT(times.decode_s, 0);
  EXPECT_GT(times.face_s, 0);
  EXPECT_EQ(times.model_s, 0) << "no face, no work for the model";
  EXPECT_LE(times.decode_s + times.face_s + times.crop_s + times.model_s, times.total_s * 1.001);
}

TEST(ExampleProgram, SaysOfEveryFrameWhatItShows) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  write_film(folder / "film.mp4", 20, plain_frame);
  const auto run = [&](const std::string& arguments) {
    return std::system(("cd '" + folder.path().string() + "' && '" FERV_EXAMPLE_PROGRAM "' " + arguments +
                        " >out.txt 2>err.txt")
                           .c_str());
  };
  ASSERT_EQ(run("w.safetensors film.mp4"), 0) << read_text_file(folder / "err.txt");
  const auto lines = lines_of(folder / "out.txt");
  ASSERT_EQ(lines.size(), 20U);
  EXPECT_EQ(lines[0], "0 s: person 0 ");
  EXPECT_NE(run("w.safetensors nowhere.mp4"), 0);
  EXPECT_THAT(read_text_file(folder / "err.txt"), HasSubstr("nowhere.mp4"));
}

TEST(FilmModel, IsWhatTheWeightsSay) {
  const TemporaryFolder folder;
  auto file = test::small_weights();
  file.metadata["test_crop"] = "0.9";
  weights::write_safetensors(folder / "w.safetensors", file);
  ClipPredictor predictor(folder / "w.safetensors");
  const FilmModel model = film_model(predictor);
  EXPECT_EQ(model.id, "r18_lstm");
  EXPECT_EQ(model.classes, predictor.classes());
  EXPECT_EQ(model.window.class_count, 3U);
  EXPECT_EQ(model.window.uncertain_below, predictor.uncertain_below());
  EXPECT_EQ(model.window.test_crop, 0.9);
  EXPECT_EQ(model.about, predictor.about());
  const std::vector<std::uint8_t> pixels(4U * 32 * 32 * 3, 100);
  EXPECT_EQ(model.window.predict(pixels, 1), predictor.predict(pixels, 1));
}

}  // namespace
}  // namespace ferv::inference

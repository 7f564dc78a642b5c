// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/clip_predictor.h"

#include <cmath>
#include <numeric>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"
#include "small_weights.h"

namespace ferv::inference {
namespace {

using test::expect_error;
using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::size_t kClipBytes = 4 * 32 * 32 * 3;

std::vector<std::uint8_t> random_clips(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<std::uint8_t> pixels(count * kClipBytes);
  for (auto& value : pixels) value = static_cast<std::uint8_t>(random.next());
  return pixels;
}

/// Of the small weights, whose metadata say `value` of `key` too.
ClipPredictor predictor_told(const std::string& key, const std::string& value) {
  const TemporaryFolder folder;
  auto file = test::small_weights();
  file.metadata[key] = value;
  weights::write_safetensors(folder / "w.safetensors", file);
  return ClipPredictor(folder / "w.safetensors", {.precision = "fp32"});
}

TEST(ClipPredictor, ReadsEverythingFromTheWeights) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  const ClipPredictor predictor(folder / "w.safetensors");
  EXPECT_EQ(predictor.model_id(), "r18_lstm");
  EXPECT_THAT(predictor.classes(), ElementsAre("Happy", "Sad", "Neutral"));
  EXPECT_EQ(predictor.spec(), test::kSmallSpec);
  EXPECT_EQ(predictor.sampling().segment_count * predictor.sampling().frames_per_segment, 4);
  EXPECT_THAT(predictor.weights_hash(), HasSubstr("xxh3:"));
}

TEST(ClipPredictor, TakesTheSamplingOfTheTraining) {
  const ClipPredictor predictor =
      predictor_told("sampling", R"({"segments":4,"frames_per_segment":1,"method":"padded"})");
  EXPECT_EQ(predictor.sampling().segment_count, 4);
  EXPECT_EQ(predictor.sampling().method, "padded");
}

TEST(ClipPredictor, KnowsBelowWhatItsWeightsGiveNoAnswer) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  EXPECT_EQ(ClipPredictor(folder / "w.safetensors").uncertain_below(), 0) << "not said";
  EXPECT_EQ(predictor_told("uncertain_below", "0.625").uncertain_below(), 0.625);
  for (const char* wrong : {"1.5", "-0.1", "half", "0.5x", "nan", ""}) {
    expect_error(ErrorKind::kCorruptData, HasSubstr("'uncertain_below'"),
                 [&] { (void)predictor_told("uncertain_below", wrong); });
  }
}

TEST(ClipPredictor, GivesTheModelsOwnProbabilities) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  ClipPredictor predictor(folder / "w.safetensors", {.precision = "fp32"});
  const auto pixels = random_clips(2, 1);
  const auto probabilities = predictor.predict(pixels, 2);

  // The definition, written out: (pixel / 255 - mean) / deviation, [B, T, H, W, C] -> [B, C, T, H, W].
  torch::Tensor clips = torch::empty({2, 3, 4, 32, 32});
  auto values = clips.accessor<float, 5>();
  std::size_t at = 0;
  for (int b = 0; b < 2; ++b) {
    for (int t = 0; t < 4; ++t) {
      for (int y = 0; y < 32; ++y) {
        for (int x = 0; x < 32; ++x) {
          for (int c = 0; c < 3; ++c) {
            const auto i = static_cast<std::size_t>(c);
            values[b][c][t][y][x] = (static_cast<float>(pixels[at++]) / 255 - test::kSmallSpec.mean[i]) /
                                    test::kSmallSpec.deviation[i];
          }
        }
      }
    }
  }
  const torch::NoGradGuard no_grad;
  const auto model = test::small_model();
  const torch::Tensor wanted =
      torch::softmax(model->forward({&clips, 1}).to(torch::kFloat64), 1).contiguous();
  ASSERT_EQ(probabilities.size(), 6U);
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(probabilities[i], wanted.data_ptr<double>()[i], 1e-5);
}

TEST(ClipPredictor, SumsToOneAndDoesNotDependOnTheBatch) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  ClipPredictor predictor(folder / "w.safetensors", {.precision = "fp32"});
  const auto pixels = random_clips(3, 2);
  const auto together = predictor.predict(pixels, 3);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto alone = predictor.predict(std::span(pixels).subspan(i * kClipBytes, kClipBytes), 1);
    EXPECT_NEAR(std::accumulate(alone.begin(), alone.end(), 0.0), 1, 1e-9);
    for (std::size_t k = 0; k < 3; ++k) EXPECT_NEAR(alone[k], together[3 * i + k], 1e-5);
  }
  EXPECT_EQ(predictor.predict(pixels, 3), together) << "the same call gives the same bits";
}

TEST(ClipPredictor, ShowsMirrorImagesTooWhereTheWeightsSaySo) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "plain.safetensors");
  ClipPredictor plain(folder / "plain.safetensors", {.precision = "fp32"});
  ClipPredictor both = predictor_told("test_crops", "2");
  const auto pixels = random_clips(2, 4);
  std::vector<std::uint8_t> mirrored(pixels.size());
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const std::size_t channel = i % 3, column = i / 3 % 32, row = i / 96;
    mirrored[i] = pixels[row * 96 + (31 - column) * 3 + channel];
  }
  const auto one = plain.predict(pixels, 2), other = plain.predict(mirrored, 2);
  const auto clips = both.predict(pixels, 2);
  const auto frames = both.predict_features(both.frame_features(pixels, 8), 2);
  ASSERT_EQ(clips.size(), one.size());
  ASSERT_EQ(frames.size(), one.size());
  for (std::size_t i = 0; i < one.size(); ++i) {
    EXPECT_GT(std::abs(one[i] - other[i]), 1e-6) << "the test could not fail";
    EXPECT_NEAR(clips[i], (one[i] + other[i]) / 2, 1e-5);
    EXPECT_NEAR(frames[i], (one[i] + other[i]) / 2, 1e-5);
  }
  expect_error(ErrorKind::kCorruptData, HasSubstr("'test_crops' is '5', wanted 1 or 2"),
               [&] { (void)predictor_told("test_crops", "5"); });
}

TEST(ClipPredictor, SaysWhatItsWeightsWereTrainedOnAndHowGoodTheyAre) {
  const TemporaryFolder folder;
  auto file = test::small_weights();
  for (const char* key : {"training_data", "trained_on", "metrics", "split"}) file.metadata.erase(key);
  weights::write_safetensors(folder / "w.safetensors", file);
  EXPECT_EQ(ClipPredictor(folder / "w.safetensors").about(),
            "r18_lstm trained on data that its weights do not name: figures unknown");
  file.metadata["training_data"] = "xxh3:5";
  file.metadata["metrics"] = "WAR 0.4 UAR 0.3";
  file.metadata["split"] = "val";
  weights::write_safetensors(folder / "w.safetensors", file);
  EXPECT_EQ(ClipPredictor(folder / "w.safetensors").about(),
            "r18_lstm trained on data xxh3:5: WAR 0.4 UAR 0.3 on the set 'val'");
  file.metadata["trained_on"] = "films of actors";
  weights::write_safetensors(folder / "w.safetensors", file);
  EXPECT_THAT(ClipPredictor(folder / "w.safetensors").about(), HasSubstr("trained on films of actors: WAR"));
}

TEST(ClipPredictor, KnowsHowMuchOfAFaceItsWeightsWantToSee) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  EXPECT_EQ(ClipPredictor(folder / "w.safetensors").test_crop(), 1) << "not said";
  EXPECT_EQ(predictor_told("test_crop", "0.95").test_crop(), 0.95);
  expect_error(ErrorKind::kCorruptData, HasSubstr("'test_crop' is '0', wanted 0.1 to 1"),
               [&] { (void)predictor_told("test_crop", "0"); });
}

TEST(ClipPredictor, OfFramesSeenOnceSaysWhatItSaysOfClips) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  ClipPredictor predictor(folder / "w.safetensors", {.precision = "fp32"});
  ASSERT_TRUE(predictor.is_framewise());
  const auto pixels = random_clips(2, 5);
  const auto wanted = predictor.predict(pixels, 2);
  constexpr std::size_t kFrameBytes = kClipBytes / 4;
  std::vector<float> features;
  for (std::size_t first : {0, 3}) {  // in batches that are none of the clips
    const std::size_t count = first == 0 ? 3 : 5;
    const auto some =
        predictor.frame_features(std::span(pixels).subspan(first * kFrameBytes, count * kFrameBytes), count);
    features.insert(features.end(), some.begin(), some.end());
  }
  const auto found = predictor.predict_features(features, 2);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 1e-5);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("a whole number"),
               [&] { (void)predictor.predict_features(std::span(features).subspan(1), 2); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("1x32x32"),
               [&] { (void)predictor.frame_features(pixels, 3); });
}

TEST(ClipPredictor, InBfloat16StaysNearFloat32) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  const auto pixels = random_clips(2, 6);
  const auto wanted = ClipPredictor(folder / "w.safetensors", {.precision = "fp32"}).predict(pixels, 2);
  const auto found = ClipPredictor(folder / "w.safetensors", {.precision = "bf16"}).predict(pixels, 2);
  for (std::size_t i = 0; i < wanted.size(); ++i) EXPECT_NEAR(found[i], wanted[i], 0.05);
}

TEST(ClipPredictor, RefusesOtherAmountsOfPixels) {
  const TemporaryFolder folder;
  test::write_small_weights(folder / "w.safetensors");
  ClipPredictor predictor(folder / "w.safetensors");
  const auto pixels = random_clips(2, 3);
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("4x32x32"),
               [&] { (void)predictor.predict(pixels, 1); });
  expect_error(ErrorKind::kInvalidArgument, HasSubstr("at least one"),
               [&] { (void)predictor.predict({}, 0); });
}

TEST(ClipPredictor, RefusesWhatAreNoWeightsOfFerv) {
  const TemporaryFolder folder;
  const auto path = folder / "w.safetensors";
  const auto expect_refusal = [&](ErrorKind kind, const char* text) {
    expect_error(kind, testing::AllOf(HasSubstr("w.safetensors"), HasSubstr(text)),
                 [&] { ClipPredictor predictor(path); });
  };
  expect_refusal(ErrorKind::kNotFound, "");
  write_file_atomically(path, std::string_view("hello"));
  expect_refusal(ErrorKind::kCorruptData, "");
  for (const char* key : {"model", "classes", "clip_spec"}) {
    auto file = test::small_weights();
    file.metadata.erase(key);
    weights::write_safetensors(path, file);
    expect_refusal(ErrorKind::kCorruptData, key);
  }
  const auto expect_refusal_with = [&](const char* key, const char* value, ErrorKind kind, const char* text) {
    auto file = test::small_weights();
    file.metadata[key] = value;
    weights::write_safetensors(path, file);
    expect_refusal(kind, text);
  };
  expect_refusal_with("classes", "Happy,Sad", ErrorKind::kIncompatible, "fc");
  expect_refusal_with("classes", "Happy", ErrorKind::kCorruptData, "fewer than two");
  expect_refusal_with("classes", "Happy,,Sad", ErrorKind::kCorruptData, "empty name");
  expect_refusal_with("model", "r18_lsmt", ErrorKind::kIncompatible, "r18_lstm");
  expect_refusal_with("clip_spec", "{}", ErrorKind::kCorruptData, "clip specification");
  expect_refusal_with("sampling", R"({"segments":3,"frames_per_segment":2,"method":"segments"})",
                      ErrorKind::kCorruptData, "wanted 4");
  expect_refusal_with("sampling", "often", ErrorKind::kCorruptData, "sampling");
}

}  // namespace
}  // namespace ferv::inference

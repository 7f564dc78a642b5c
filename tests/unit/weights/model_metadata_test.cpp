// SPDX-License-Identifier: Apache-2.0
#include "ferv/weights/model_metadata.h"

#include "matchers.h"

namespace ferv::weights {
namespace {

using testing::HasSubstr;

TEST(ModelMetadata, SurvivesARoundTrip) {
  ModelMetadata metadata;
  metadata.model = "r18_lstm";
  metadata.classes = {"A", "B"};
  metadata.spec.frame_count = 8;
  metadata.sampling = {.segment_count = 4, .frames_per_segment = 2, .method = "padded"};
  metadata.protocol = "clean";
  metadata.trained_on = "films of actors";
  metadata.uncertain_below = 0.25;
  metadata.test_crop = 0.95;
  metadata.test_crops = 2;
  const ModelMetadata read = read_model_metadata(to_metadata(metadata), "w");
  EXPECT_EQ(read.model, metadata.model);
  EXPECT_EQ(read.classes, metadata.classes);
  EXPECT_EQ(read.spec, metadata.spec);
  EXPECT_EQ(read.sampling.method, "padded");
  EXPECT_EQ(read.sampling.segment_count, 4);
  EXPECT_EQ(read.protocol, "clean");
  EXPECT_EQ(read.trained_on, "films of actors");
  EXPECT_EQ(read.license, metadata.license);
  EXPECT_EQ(read.uncertain_below, 0.25);
  EXPECT_EQ(read.test_crop, 0.95);
  EXPECT_EQ(read.test_crops, 2);
}

TEST(ModelMetadata, TakesPairsOfFramesWhereFilesSayNothingOfSampling) {
  ModelMetadata metadata;
  metadata.classes = {"A", "B"};
  for (const auto& [frames, segments] : {std::pair{12, 6}, std::pair{7, 7}, std::pair{1, 1}}) {
    metadata.spec.frame_count = frames;
    auto text = to_metadata(metadata);
    text.erase("sampling");
    EXPECT_EQ(read_model_metadata(text, "w").sampling.segment_count, segments);
  }
}

TEST(ModelMetadata, NamesWhatIsMissingOrWrong) {
  ModelMetadata metadata;
  metadata.model = "m";
  metadata.classes = {"A", "B"};
  const auto good = to_metadata(metadata);
  const auto expect_refusal = [](const std::map<std::string, std::string>& text, const char* message) {
    test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("w: "), HasSubstr(message)),
                       [&] { (void)read_model_metadata(text, "w"); });
  };
  for (const char* key : {"model", "classes", "clip_spec"}) {
    auto text = good;
    text.erase(key);
    expect_refusal(text, key);
  }
  const auto expect_refusal_of = [&](const char* key, const char* value, const char* message) {
    auto text = good;
    text[key] = value;
    expect_refusal(text, message);
  };
  expect_refusal_of("classes", "A", "fewer than two");
  expect_refusal_of("classes", "A,,B", "empty name");
  expect_refusal_of("clip_spec", "{}", "'clip_spec' is not readable");
  expect_refusal_of("sampling", "[]", "'sampling' is not readable");
  expect_refusal_of("sampling", R"({"segments":3,"frames_per_segment":2,"method":"segments"})", "wanted 16");
  expect_refusal_of("test_crop", "0.05", "'0.05', wanted 0.1 to 1");
  expect_refusal_of("test_crop", "much", "'much', wanted 0.1 to 1");
  expect_refusal_of("test_crops", "3", "wanted 1 or 2");
  expect_refusal_of("uncertain_below", "\033[2J", "'?[2J', wanted 0 to 1");
}

}  // namespace
}  // namespace ferv::weights

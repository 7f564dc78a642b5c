// SPDX-License-Identifier: Apache-2.0
#include "model_metadata.h"

#include "matchers.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

TEST(ModelMetadata, SurvivesARoundTrip) {
  ModelMetadata metadata;
  metadata.model = "r18_lstm";
  metadata.classes = {"A", "B"};
  metadata.spec.frame_count = 8;
  metadata.sampling = {.segment_count = 4, .frames_per_segment = 2, .method = "padded"};
  metadata.protocol = "clean";
  const ModelMetadata read = read_model_metadata(to_metadata(metadata), "w");
  EXPECT_EQ(read.model, metadata.model);
  EXPECT_EQ(read.classes, metadata.classes);
  EXPECT_EQ(read.spec, metadata.spec);
  EXPECT_EQ(read.sampling.method, "padded");
  EXPECT_EQ(read.sampling.segment_count, 4);
  EXPECT_EQ(read.protocol, "clean");
}

TEST(ModelMetadata, NamesWhatIsMissingOrWrong) {
  ModelMetadata metadata;
  metadata.model = "m";
  metadata.classes = {"A", "B"};
  auto text = to_metadata(metadata);
  text.erase("clip_spec");
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("clip_spec"),
                     [&] { (void)read_model_metadata(text, "w"); });
  text = to_metadata(metadata);
  text["sampling"] = "[]";
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("w: "),
                     [&] { (void)read_model_metadata(text, "w"); });
  text = to_metadata(metadata);
  text["classes"] = "A";
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("fewer than two"),
                     [&] { (void)read_model_metadata(text, "w"); });
}

}  // namespace
}  // namespace ferv::training

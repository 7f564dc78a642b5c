// SPDX-License-Identifier: Apache-2.0
// `ferv pretrain` in small: what a run leaves, that it learns, and that stops leave no trace.

#include "ferv/base/files.h"
#include "ferv/models/backbone.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/pretrain.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "stop_after.h"
#include "tiny_faces.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Two sets of faces that all tests share.
struct Faces {
  test::TemporaryFolder folder;
  fs::path expressions = folder / "expressions";
  fs::path identities = folder / "identities";

  Faces() {
    test::write_tiny_faces(expressions, {"Happy", "Sad", "Neutral", "Angry"}, 10);
    std::vector<std::string> people;
    for (int i = 0; i < 12; ++i) people.push_back("person" + std::to_string(10 + i));
    test::write_tiny_faces(identities, people, 4);
  }
};

const Faces& faces() {
  static const Faces kFaces;
  return kFaces;
}

PretrainOptions tiny_options(const fs::path& data) {
  PretrainOptions options;
  options.data = data.string();
  options.size = 32;
  options.epochs = 2;
  options.batch_size = 8;
  options.learning_rate = 0.02;
  options.warmup_epochs = 0;
  options.held_out_fraction = 0.3;
  options.threads = 1;
  options.precision = "fp32";
  options.pair_count = 40;
  return options;
}

PretrainOptions margin_options() {
  PretrainOptions options = tiny_options(faces().identities);
  options.head = "margin";
  return options;
}

TEST(Pretrain, OnExpressionsGivesWeightsOfAZooRow) {
  const test::TemporaryFolder folder;
  const PretrainOutcome outcome = pretrain(tiny_options(faces().expressions), folder / "run", {});
  EXPECT_TRUE(outcome.is_expression);
  EXPECT_EQ(outcome.held_out.rows.size(), 12U);
  const LoadedModel loaded = load_model(folder / "run/weights/best.safetensors");
  EXPECT_EQ(loaded.id, "resnet18");
  EXPECT_EQ(loaded.classes.size(), 7U);
  EXPECT_EQ(loaded.model->options().spec, (ClipSpec{.frame_count = 1, .height_px = 32, .width_px = 32}));
  EXPECT_EQ(loaded.sampling.segment_count * loaded.sampling.frames_per_segment, 1);
  for (const char* name : {"config.toml", "environment.json", "metrics.csv", "log.jsonl", "results/val.csv",
                           "results/val.json", "weights/last.safetensors"}) {
    EXPECT_TRUE(fs::exists(folder.path() / "run" / name)) << name;
  }
  EXPECT_THAT(read_text_file(folder / "run/metrics.csv"), HasSubstr("val_war"));
}

TEST(Pretrain, OnIdentitiesGivesABackboneThatOtherNetworksStartFrom) {
  const test::TemporaryFolder folder;
  PretrainOptions options = margin_options();
  options.about_data = "tiny faces";
  const PretrainOutcome outcome = pretrain(options, folder / "run", {});
  EXPECT_FALSE(outcome.is_expression);
  EXPECT_EQ(outcome.verification.fold_count, 2U);
  EXPECT_GE(outcome.verification.accuracy, 0.4);
  const auto file = weights::read_safetensors(folder / "run/weights/best.safetensors");
  const auto backbone = models::make_backbone("resnet18", 1);
  weights::load_state(*backbone->module(), file);  // throws unless every name and shape is right
  EXPECT_THAT(file.metadata.at("content"), HasSubstr("face identities"));
  EXPECT_EQ(file.metadata.at("trained_on"), "tiny faces");
  EXPECT_THAT(read_text_file(folder / "run/results/verification.json"), HasSubstr("area_under_roc"));
  EXPECT_THAT(read_text_file(folder / "run/metrics.csv"), HasSubstr("verification_accuracy"));

  PretrainOptions next = tiny_options(faces().expressions);
  next.epochs = 1;
  next.weights_format = "fp16";
  next.init_from = (folder / "run/weights/best.safetensors").string();
  (void)pretrain(next, folder / "next", {});
  EXPECT_LT(fs::file_size(folder / "next/weights/best.safetensors"), 23'000'000U);
  EXPECT_EQ(load_model(folder / "next/weights/best.safetensors").id, "resnet18");
}

TEST(Pretrain, EndsWithTheSameWeightsAfterStopsAtAnyStep) {
  for (const bool is_identity : {false, true}) {
    PretrainOptions options = is_identity ? margin_options() : tiny_options(faces().expressions);
    if (!is_identity) {
      options.ema_decay = 0.9;
      options.mixup_alpha = 0.3;
      options.sharpness_radius = 0.05;
    }
    const test::TemporaryFolder folder;
    (void)pretrain(options, folder / "whole", {});
    for (const int first_stop : {is_identity ? 4 : 2}) {
      const fs::path run = folder / ("stopped_" + std::to_string(first_stop));
      test::StopAfter first(first_stop);
      ASSERT_TRUE(pretrain(options, run, first.observer).stopped);
      EXPECT_FALSE(resume_pretraining(run, {}).stopped);
      for (const char* name : {"weights/last.safetensors", "weights/best.safetensors"})
        EXPECT_TRUE(read_file(run / name) == read_file(folder / "whole" / name)) << name << first_stop;
    }
  }
}

TEST(Pretrain, OnGreyPicturesGivesAModelThatDoesNotSeeColours) {
  PretrainOptions options = tiny_options(faces().expressions);
  options.grey_probability = 1;
  options.epochs = 1;
  const test::TemporaryFolder folder;
  (void)pretrain(options, folder / "run", {});
  const auto file = weights::read_safetensors(folder / "run/weights/best.safetensors");
  for (const auto& [name, tensor] : file.tensors) {
    if (name != "conv1.weight") continue;
    const torch::Tensor weight = tensor.to(torch::kFloat32);
    EXPECT_TRUE(torch::allclose(weight.select(1, 0) / 0.299, weight.select(1, 1) / 0.587, 1e-3, 1e-5));
    EXPECT_TRUE(torch::allclose(weight.select(1, 2) / 0.114, weight.select(1, 1) / 0.587, 1e-3, 1e-5));
  }
}

TEST(Pretrain, MayShowMirrorImagesTooWhichItsWeightsSay) {
  PretrainOptions options = tiny_options(faces().expressions);
  options.epochs = 1;
  options.test_crops = 2;
  const test::TemporaryFolder folder;
  const evaluation::Results both = pretrain(options, folder / "both", {}).held_out;
  options.test_crops = 1;
  const evaluation::Results one = pretrain(options, folder / "one", {}).held_out;
  const auto crops_of = [&](const char* run) {
    const auto file = weights::read_safetensors(folder / run / "weights/best.safetensors");
    const auto found = file.metadata.find("test_crops");
    return found == file.metadata.end() ? "" : found->second;
  };
  EXPECT_EQ(crops_of("both"), "2");
  EXPECT_EQ(crops_of("one"), "");
  ASSERT_EQ(both.rows.size(), one.rows.size());
  double difference = 0;
  for (std::size_t i = 0; i < one.rows.size(); ++i)
    difference += std::abs(both.rows[i].probabilities[0] - one.rows[i].probabilities[0]);
  EXPECT_GT(difference, 0) << "the same training, and mirror images make no difference";
}

TEST(Pretrain, MovesAnswersTowardsFrequentExpressionsInItsFiguresAndItsWeights) {
  PretrainOptions options = tiny_options(faces().expressions);
  options.epochs = 1;
  const test::TemporaryFolder folder;
  const evaluation::Results plain = pretrain(options, folder / "plain", {}).held_out;
  options.answer_shift = -1;
  options.test_crop = 0.9;
  options.about_data = "tiny faces";
  const evaluation::Results moved = pretrain(options, folder / "moved", {}).held_out;
  const auto bias_of = [&](const char* run) {
    torch::Tensor bias;
    for (const auto& [name, tensor] :
         weights::read_safetensors(folder / run / "weights/last.safetensors").tensors)
      if (name == "fc.bias") bias = tensor.clone();
    return bias;
  };
  // Four expressions have as many pictures each, three have none, which counts as one of all.
  const torch::Tensor shift = bias_of("moved") - bias_of("plain");
  for (int k : {1, 2, 3}) EXPECT_NEAR((shift[k] - shift[0]).item<double>(), 0, 1e-5);
  EXPECT_LT(shift[6].item<double>(), shift[0].item<double>() - 1);
  double rare_before = 0, rare_after = 0;
  for (std::size_t i = 0; i < plain.rows.size(); ++i) {
    rare_before += plain.rows[i].probabilities[6];
    rare_after += moved.rows[i].probabilities[6];
  }
  EXPECT_LT(rare_after, rare_before);
  const auto metadata = weights::read_safetensors(folder / "moved/weights/last.safetensors").metadata;
  EXPECT_EQ(metadata.at("test_crop"), "0.9");
  EXPECT_EQ(metadata.at("trained_on"), "tiny faces");
}

TEST(Pretrain, RefusesWhatDoesNotGoTogetherAndLeavesNothingBehind) {
  const test::TemporaryFolder folder;
  const auto expect_refused = [&](const PretrainOptions& options, ErrorKind kind, const char* text) {
    test::expect_error(kind, HasSubstr(text), [&] { (void)pretrain(options, folder / "run", {}); });
    EXPECT_FALSE(fs::exists(folder / "run"));
  };
  PretrainOptions options = tiny_options(faces().expressions);
  options.head = "margin";
  expect_refused(options, ErrorKind::kInvalidArgument, "wanted softmax");
  options = tiny_options(faces().identities);
  options.class_weights = "balanced";
  expect_refused(options, ErrorKind::kInvalidArgument, "wanted none");
  options.class_weights = "none";
  options.logit_adjustment = 0.5;
  expect_refused(options, ErrorKind::kInvalidArgument, "logit_adjustment is 0.5");
  options.logit_adjustment = 0;
  options.answer_shift = -0.1;
  expect_refused(options, ErrorKind::kInvalidArgument, "answer_shift is -0.1");
  options.answer_shift = 0;
  options.test_crops = 2;
  expect_refused(options, ErrorKind::kInvalidArgument, "test_crops is 2");
  options.test_crops = 1;
  options.mixup_alpha = 0.2;
  options.head = "margin";
  expect_refused(options, ErrorKind::kInvalidArgument, "mixup_alpha is 0.2");
  options.mixup_alpha = 0;
  options.head = "softmax";
  options.task = "expression";
  expect_refused(options, ErrorKind::kCorruptData, "person10");
  options.data = "/no/such";
  expect_refused(options, ErrorKind::kNotFound, "/no/such");
}

TEST(ResumePretraining, RefusesFacesThatHaveChanged) {
  const test::TemporaryFolder folder;
  test::write_tiny_faces(folder / "data", {"Happy", "Sad"}, 8);
  test::StopAfter stop(1);
  ASSERT_TRUE(pretrain(tiny_options(folder / "data"), folder / "run", stop.observer).stopped);
  fs::remove(folder / "data/Sad/p3_0001.jpg");
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("data of this run have changed"),
                     [&] { (void)resume_pretraining(folder / "run", {}); });
}

}  // namespace
}  // namespace ferv::training

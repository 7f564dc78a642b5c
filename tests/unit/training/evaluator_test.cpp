// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/evaluator.h"

#include "ferv/base/files.h"
#include "ferv/data/ferv39k.h"
#include "ferv/weights/model_metadata.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "rank_threads.h"
#include "tiny_data_set.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

constexpr ClipSpec kSpec{.frame_count = 2, .height_px = 32, .width_px = 32};
constexpr int kSegments = 1;

EvaluationOptions tiny_evaluation() {
  EvaluationOptions options;
  options.sampling = {.segment_count = kSegments, .frames_per_segment = 2};
  options.batch_size = 5;
  return options;
}

TEST(Evaluate, GivesEachClipOneRowInOrderWithProbabilities) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const auto model = models::make_model("r18_lstm", {.class_count = 7, .spec = kSpec}, 1);
  const std::vector<std::size_t> positions = data::clips_of(index, data::Split::kTest);
  const evaluation::Results results = evaluate(*model, index, positions, tiny_evaluation(), {});
  ASSERT_EQ(results.rows.size(), positions.size());
  for (std::size_t i = 0; i < positions.size(); ++i) {
    EXPECT_EQ(results.rows[i].clip, index.clips[positions[i]].id);
    double sum = 0;
    for (const double p : results.rows[i].probabilities) sum += p;
    EXPECT_NEAR(sum, 1.0, 1e-9);
  }
}

TEST(Evaluate, AveragesTheProbabilitiesOfEveryViewAndCrop) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const auto model = models::make_model("r18_lstm", {.class_count = 7, .spec = kSpec}, 1);
  const std::vector<std::size_t> positions = data::clips_of(index, data::Split::kTest);
  EvaluationOptions options = tiny_evaluation();
  const auto probabilities = [&](int views, int crops) {
    options.view_count = views;
    options.crop_count = crops;
    return evaluate(*model, index, positions, options, {}).rows[3].probabilities;
  };
  const auto one = probabilities(1, 1);
  const auto three = probabilities(3, 1);
  const auto mirrored = probabilities(1, 2);
  const auto all = probabilities(3, 2);
  double sum = 0;
  double difference = 0;
  for (std::size_t k = 0; k < all.size(); ++k) {
    sum += all[k];
    difference += std::abs(one[k] - three[k]) + std::abs(one[k] - mirrored[k]) + std::abs(three[k] - all[k]);
  }
  EXPECT_NEAR(sum, 1.0, 1e-9);
  EXPECT_GT(difference, 1e-9) << "other views show other pixels";
}

TEST(Evaluate, CountsEachClipOnceAViewInItsProgress) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const auto model = models::make_model("r18_lstm", {.class_count = 7, .spec = kSpec}, 1);
  EvaluationOptions options = tiny_evaluation();
  options.view_count = 2;
  options.crop_count = 5;
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  Observer observer;
  observer.progress_sink = [&](const ProgressEvent& event) {
    EXPECT_GT(event.done, done);
    done = event.done;
    total = event.total;
  };
  const std::vector<std::size_t> positions = data::clips_of(index, data::Split::kTest);
  (void)evaluate(*model, index, positions, options, observer);
  EXPECT_EQ(done, 10 * positions.size());
  EXPECT_EQ(total, done);
}

TEST(Evaluate, ByRanksCountsEachClipOnceInTheUsualOrder) {
  FERV_REQUIRE_GLOO();
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const std::vector<std::size_t> positions = data::clips_of(index, data::Split::kTest);
  std::vector<std::unique_ptr<models::Model>> networks;  // one more than ranks: for the single process
  for (int i = 0; i < 5; ++i)
    networks.push_back(models::make_model("resnet18", {.class_count = 7, .spec = kSpec}, 1));
  const evaluation::Results wanted = evaluate(*networks[4], index, positions, tiny_evaluation(), {});
  ASSERT_EQ(wanted.rows.size(), 14U);
  const auto errors = test::run_ranks(4, 120, [&](nn::Communicator& communicator) {
    // Three batches of 5, 5 and 4: one rank has none.
    EvaluationOptions options = tiny_evaluation();
    options.communicator = &communicator;
    options.loader_threads = 1;
    const evaluation::Results results =
        evaluate(*networks[static_cast<std::size_t>(communicator.rank())], index, positions, options, {});
    ASSERT_EQ(results.rows.size(), wanted.rows.size());
    for (std::size_t i = 0; i < wanted.rows.size(); ++i) {
      EXPECT_EQ(results.rows[i].clip, wanted.rows[i].clip);
      EXPECT_EQ(results.rows[i].label, wanted.rows[i].label);
      EXPECT_EQ(results.rows[i].predicted, wanted.rows[i].predicted);
      for (std::size_t k = 0; k < 7; ++k)
        EXPECT_NEAR(results.rows[i].probabilities[k], wanted.rows[i].probabilities[k], 1e-9);
    }
  });
  EXPECT_THAT(errors, testing::Each(testing::IsEmpty()));
}

TEST(Evaluate, RefusesAnUnreadableClip) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  std::filesystem::resize_file(folder / "data/2_ClipsforFaceCrop/War/Fear/0001/04.jpg", 300);
  const data::ClipIndex index = data::read_ferv39k(folder / "data", {});
  const auto model = models::make_model("r18_lstm", {.class_count = 7, .spec = kSpec}, 1);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("War/Fear/0001/04.jpg"), [&] {
    (void)evaluate(*model, index, data::clips_of(index, data::Split::kTest), tiny_evaluation(), {});
  });
}

TEST(LoadModel, BuildsWhatTheMetadataNames) {
  const test::TemporaryFolder folder;
  const auto model = models::make_model("r18_lstm", {.class_count = 7, .spec = kSpec}, 3);
  weights::NamedTensors tensors = weights::state_of(model->module());
  weights::ModelMetadata metadata;
  metadata.model = "r18_lstm";
  metadata.classes = {"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"};
  metadata.spec = kSpec;
  metadata.sampling = {.segment_count = kSegments, .frames_per_segment = 2};
  tensors.metadata = weights::to_metadata(metadata);
  weights::write_safetensors(folder / "w.safetensors", tensors);
  const LoadedModel loaded = load_model(folder / "w.safetensors");
  EXPECT_EQ(loaded.id, "r18_lstm");
  EXPECT_EQ(loaded.model->options().spec, kSpec);
  EXPECT_EQ(loaded.sampling.segment_count, kSegments);

  tensors.metadata["model"] = "resnet18";
  weights::write_safetensors(folder / "other.safetensors", tensors);
  test::expect_error(ErrorKind::kIncompatible, HasSubstr("missing conv1.weight"),
                     [&] { (void)load_model(folder / "other.safetensors"); });
  tensors.metadata.clear();
  weights::write_safetensors(folder / "foreign.safetensors", tensors);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("no metadata 'model'"),
                     [&] { (void)load_model(folder / "foreign.safetensors"); });
}

}  // namespace
}  // namespace ferv::training

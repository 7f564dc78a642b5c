// SPDX-License-Identifier: Apache-2.0
#include "train_setup.h"

#include "matchers.h"

namespace ferv::training {
namespace {

TEST(TrainSetup, FixesWhatDependsOnTheMachine) {
  nn::Communicator alone;
  const TrainOptions options = resolved({.model = "two_r18_lstm"}, alone);
  EXPECT_GT(options.threads, 0);
  EXPECT_EQ(options.loader_threads, options.threads);
  EXPECT_TRUE(options.precision == "fp32" || options.precision == "bf16") << options.precision;
  EXPECT_EQ(options.streams, "face,scene");
  EXPECT_TRUE(options.device == "cpu" || options.device == "cuda") << options.device;
}

TEST(TrainSetup, KeepsWhatIsGiven) {
  nn::Communicator alone;
  const TrainOptions options = resolved({.precision = "fp32", .threads = 3, .loader_threads = 1}, alone);
  EXPECT_EQ(options.threads, 3);
  EXPECT_EQ(options.loader_threads, 1);
  EXPECT_EQ(options.precision, "fp32");
}

TEST(TrainSetup, MakesPathsAbsoluteAndLeavesEmptyOnes) {
  const TrainOptions options = with_absolute_paths({.data = "a/../b"});
  EXPECT_EQ(options.data, (std::filesystem::current_path() / "b").string());
  EXPECT_EQ(options.init_from, "");
}

TEST(TrainSetup, WantsWeightsForAPreTrainedRow) {
  TrainOptions options{.model = "r18_lstm.msceleb"};
  test::expect_error(ErrorKind::kInvalidArgument, testing::HasSubstr("init_from"),
                     [&] { require_starting_weights(options); });
  options.init_from = "some.pth";
  require_starting_weights(options);
  require_starting_weights({.model = "r18_lstm"});
}

}  // namespace
}  // namespace ferv::training

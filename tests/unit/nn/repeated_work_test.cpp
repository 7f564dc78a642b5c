// SPDX-License-Identifier: Apache-2.0
// When work is done as it stands, when it is recorded, and what is copied where, with a recorder that calls
// the work again on the processor. A GPU's own: cuda_graph_test.cpp.
#include "ferv/nn/repeated_work.h"

#include <torch/torch.h>

#include <string>

#include "calling_recorder.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

std::vector<torch::Tensor> doubled(const std::vector<torch::Tensor>& inputs) {
  return {inputs[0] * 2};
}

torch::Tensor ones(std::int64_t count) {
  return torch::ones({count});
}

TEST(RepeatedWork, IsRehearsedThreeTimesThenRecordedAndReplayed) {
  std::string calls;
  RepeatedWork work(doubled, std::make_unique<test::CallingRecorder>(calls));
  for (int i = 0; i < 6; ++i) EXPECT_TRUE(torch::equal(work({ones(4) * i})[0], ones(4) * 2 * i)) << i;
  EXPECT_EQ(calls, "wwwrppp");
}

TEST(RepeatedWork, LeavesInputsOfOtherShapesAndTypesUnrecorded) {
  std::string calls;
  RepeatedWork work(doubled, std::make_unique<test::CallingRecorder>(calls));
  for (int i = 0; i < 4; ++i) (void)work({ones(4)});
  EXPECT_TRUE(torch::equal(work({ones(3)})[0], ones(3) * 2));
  EXPECT_EQ(work({ones(4).to(torch::kFloat64)})[0].scalar_type(), torch::kFloat64);
  EXPECT_TRUE(torch::equal(work({ones(4) * 5})[0], ones(4) * 10));
  EXPECT_EQ(calls, "wwwrpp");
}

TEST(RepeatedWork, ReadsItsInputsFromTheMemoryThatWasRecorded) {
  std::string calls;
  std::vector<const void*> seen;
  RepeatedWork work(
      [&](const std::vector<torch::Tensor>& inputs) {
        seen.push_back(inputs[0].data_ptr());
        return doubled(inputs);
      },
      std::make_unique<test::CallingRecorder>(calls));
  std::vector<torch::Tensor> alive;  // or another tensor may get the same memory
  for (int i = 0; i < 7; ++i) {
    alive.push_back(ones(4) * i);
    (void)work({alive.back()});
  }
  ASSERT_EQ(seen.size(), 8U);  // of the first replay: recorded and replayed
  for (std::size_t i = 4; i < seen.size(); ++i) EXPECT_EQ(seen[i], seen[3]);
  EXPECT_NE(seen[3], alive[3].data_ptr());
}

TEST(RepeatedWork, IsRecordedAnewAfterForgetting) {
  std::string calls;
  RepeatedWork work(doubled, std::make_unique<test::CallingRecorder>(calls));
  for (int i = 0; i < 5; ++i) (void)work({ones(4)});
  work.forget();
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(torch::equal(work({ones(2)})[0], ones(2) * 2));
  EXPECT_EQ(calls, "wwwrppwwwrp");
}

TEST(RepeatedWork, WithoutARecorderIsOrdinaryWork) {
  RepeatedWork work(doubled, nullptr);
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(torch::equal(work({ones(4) * i})[0], ones(4) * 2 * i));
}

TEST(GraphRecorder, IsRefusedOnTheProcessor) {
  EXPECT_THAT(
      [] { (void)make_graph_recorder(torch::kCPU); },
      testing::ThrowsMessage<Error>(testing::HasSubstr("CUDA graphs are asked for on cpu, wanted a GPU")));
}

}  // namespace
}  // namespace ferv::nn

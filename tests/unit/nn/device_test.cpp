// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/device.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::nn {
namespace {

using test::expect_error;
using testing::HasSubstr;

TEST(DeviceFromName, TakesTheProcessorWhereNoGpuIsSeen) {
  EXPECT_EQ(device_from_name("auto", {.gpu_count = 0}), torch::Device(torch::kCPU));
  EXPECT_EQ(device_from_name("cpu", {.gpu_count = 2}), torch::Device(torch::kCPU));
}

TEST(DeviceFromName, SharesTheGpusAmongTheProcessesOfAMachine) {
  for (const char* name : {"auto", "cuda"}) {
    EXPECT_EQ(device_from_name(name, {.gpu_count = 2, .local_rank = 0}), torch::Device(torch::kCUDA, 0));
    EXPECT_EQ(device_from_name(name, {.gpu_count = 2, .local_rank = 1}), torch::Device(torch::kCUDA, 1));
    EXPECT_EQ(device_from_name(name, {.gpu_count = 2, .local_rank = 2}), torch::Device(torch::kCUDA, 0));
  }
  EXPECT_EQ(device_from_name("cuda:1", {.gpu_count = 2, .local_rank = 0}), torch::Device(torch::kCUDA, 1));
}

TEST(DeviceFromName, RefusesGpusThatAreNotSeen) {
  expect_error(ErrorKind::kUnsupported, HasSubstr("'cuda'"),
               [] { (void)device_from_name("cuda", {.gpu_count = 0, .local_rank = 3}); });
  expect_error(ErrorKind::kUnsupported, HasSubstr("it sees 2"),
               [] { (void)device_from_name("cuda:2", {.gpu_count = 2}); });
}

TEST(DeviceFromName, RefusesOtherWords) {
  for (const char* name :
       {"", "gpu", "CUDA", "cuda:", "cuda:-1", "cuda:1x", "cuda: 1", "cuda:128", "cuda:256"}) {
    expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted auto, cpu, cuda or cuda:<number>"),
                 [&] { (void)device_from_name(name, {.gpu_count = 200}); });
  }
}

TEST(SettledDeviceName, IsAWordThatMeansTheSameWhereverARunGoesOn) {
  EXPECT_EQ(settled_device_name("auto", torch::kCPU), "cpu");
  EXPECT_EQ(settled_device_name("auto", torch::Device(torch::kCUDA, 3)), "cuda");
  EXPECT_EQ(settled_device_name("cuda:1", torch::Device(torch::kCUDA, 1)), "cuda:1");
}

TEST(MoveTo, LeavesOnTheProcessorWhatIsThere) {
  torch::nn::Linear layer(3, 2);
  const void* memory = layer->weight.data_ptr();
  move_to(*layer, torch::kCPU);
  EXPECT_EQ(layer->weight.data_ptr(), memory);
  EXPECT_EQ(device_of(*layer), torch::Device(torch::kCPU));
}

TEST(DeviceOf, IsTheProcessorForAModuleWithoutParameters) {
  EXPECT_EQ(device_of(*torch::nn::ReLU()), torch::Device(torch::kCPU));
}

TEST(MemoryForCopies, IsOrdinaryForTheProcessor) {
  std::pmr::memory_resource& memory = memory_for_copies_to(torch::kCPU);
  const std::pmr::vector<std::uint8_t> bytes({1, 2, 3}, &memory);
  EXPECT_EQ(bytes[2], 3);
  wait_for(torch::kCPU);
}

TEST(CopiedTo, CopiesNothingWhereTheTensorIsThere) {
  const torch::Tensor tensor = torch::ones({2});
  EXPECT_EQ(copied_to(tensor, torch::kCPU).data_ptr(), tensor.data_ptr());
}

}  // namespace
}  // namespace ferv::nn

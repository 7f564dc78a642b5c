// SPDX-License-Identifier: Apache-2.0
// Page-locked memory is what a GPU copies from by itself.
#include <torch/torch.h>

#include "ferv/nn/device.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

TEST(MemoryForCopiesToGpu, IsPageLockedAndArrives) {
  if (!torch::cuda::is_available()) GTEST_SKIP() << "no GPU here";
  const torch::Device gpu = device_from_name("cuda");
  std::pmr::vector<std::uint8_t> bytes(&memory_for_copies_to(gpu));
  for (int i = 0; i < 1000; ++i) bytes.push_back(static_cast<std::uint8_t>(i));  // grows: is moved
  const torch::Tensor here = torch::from_blob(bytes.data(), {1000}, torch::kUInt8);
  EXPECT_TRUE(here.is_pinned());
  const torch::Tensor there = copied_to(here, gpu);
  wait_for(gpu);
  EXPECT_TRUE(torch::equal(there.cpu(), here));
}

}  // namespace
}  // namespace ferv::nn

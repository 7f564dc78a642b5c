// SPDX-License-Identifier: Apache-2.0
#include "arithmetic_floor.h"

#include <torch/torch.h>

#include "ferv/models/summary.h"
#include "matchers.h"

namespace ferv::training {
namespace {

TEST(ArithmeticFloor, DoesTheMultiplicationsOfTheNetworkAndRuns) {
  constexpr std::int64_t kBatchSize = 2;
  for (const char* id : {"r18_lstm", "resnet50", "vgg13_lstm", "i3d", "r3d18", "two_r18_lstm"}) {
    const auto model = models::make_model(
        id, {.class_count = 7, .spec = {.frame_count = 8, .height_px = 64, .width_px = 64}}, /*seed=*/0);
    ArithmeticFloor floor(*model, kBatchSize);
    EXPECT_EQ(floor.mac_count(), kBatchSize * models::summarise(*model).mac_count) << id;
    EXPECT_NO_THROW(floor.run()) << id;
  }
}

}  // namespace
}  // namespace ferv::training

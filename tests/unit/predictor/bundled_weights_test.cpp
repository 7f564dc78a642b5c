// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/bundled_weights.h"

#include "ferv/inference/clip_predictor.h"
#include "matchers.h"

namespace ferv::inference {
namespace {

using testing::ElementsAre;

TEST(BundledWeights, AreAModelOfOnePictureThatMaySayUncertain) {
  const ClipPredictor predictor(bundled_weights());
  EXPECT_EQ(predictor.model_id(), "resnet18");
  EXPECT_EQ(predictor.spec().frame_count, 1);
  EXPECT_THAT(predictor.classes(),
              ElementsAre("Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"));
  EXPECT_GT(predictor.uncertain_below(), 0.3);
  EXPECT_LT(predictor.uncertain_below(), 0.95);
}

}  // namespace
}  // namespace ferv::inference

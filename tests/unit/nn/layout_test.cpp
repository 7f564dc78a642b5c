// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/layout.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::nn {
namespace {

using testing::HasSubstr;

TEST(NormaliseClips, PutsEachPixelIntoItsPlaceAndRange) {
  const ClipSpec spec{.frame_count = 2,
                      .height_px = 3,
                      .width_px = 4,
                      .mean = {0.5F, 0.0F, 0.25F},
                      .deviation = {0.5F, 1.0F, 2.0F}};
  const torch::Tensor pixels = torch::randint(0, 256, {2, 2, 3, 4, 3}, torch::kUInt8);
  const torch::Tensor clips = normalise_clips(pixels, spec);
  EXPECT_EQ(clips.sizes().vec(), (std::vector<std::int64_t>{2, 3, 2, 3, 4}));
  for (int c = 0; c < 3; ++c) {
    const auto channel = static_cast<std::size_t>(c);
    const double wanted =
        (pixels[1][1][2][3][c].item<double>() / 255.0 - spec.mean[channel]) / spec.deviation[channel];
    EXPECT_NEAR(clips[1][c][1][2][3].item<double>(), wanted, 1e-5);
  }
}

TEST(NormaliseClips, RefusesOtherShapesWithBoth) {
  test::expect_error(ErrorKind::kIncompatible,
                     testing::AllOf(HasSubstr("[1, 2, 3, 4, 3]"), HasSubstr("[B, 16, 112, 112, 3]")), [] {
                       (void)normalise_clips(torch::zeros({1, 2, 3, 4, 3}, torch::kUInt8), ClipSpec());
                     });
}

TEST(FoldFrames, IsAViewOfNormalisedClipsAndChannelsLast) {
  const ClipSpec spec{.frame_count = 2, .height_px = 3, .width_px = 4};
  const torch::Tensor clips = normalise_clips(torch::randint(0, 256, {2, 2, 3, 4, 3}, torch::kUInt8), spec);
  const torch::Tensor frames = fold_frames(clips);
  EXPECT_EQ(frames.data_ptr(), clips.data_ptr()) << "no copy on the way into a 2-D network";
  EXPECT_TRUE(frames.is_contiguous(torch::MemoryFormat::ChannelsLast));
  EXPECT_TRUE(torch::equal(frames[3], clips[1].select(1, 1)));
}

TEST(ConvolutionLayout, IsChannelsLastButForVolumesOnTheProcessor) {
  EXPECT_EQ(convolution_layout(4, torch::kCPU), torch::MemoryFormat::ChannelsLast);
  EXPECT_EQ(convolution_layout(5, torch::kCPU), torch::MemoryFormat::Contiguous);
  EXPECT_EQ(convolution_layout(5, torch::kCUDA), torch::MemoryFormat::ChannelsLast3d);
  EXPECT_EQ(convolution_layout(2, torch::kCUDA), torch::MemoryFormat::Contiguous);
}

TEST(AsVolumes, LiesInTheOrderOfItsDimensionsOnTheProcessor) {
  const torch::Tensor clips = torch::rand({2, 4, 5, 6, 3}).permute({0, 4, 1, 2, 3});
  const torch::Tensor volumes = as_volumes(clips);
  EXPECT_TRUE(volumes.is_contiguous());
  EXPECT_TRUE(torch::equal(volumes, clips));
}

TEST(FoldFrames, TakesPlainMemoryToo) {
  const torch::Tensor clips = torch::rand({2, 3, 4, 5, 6});
  EXPECT_TRUE(torch::equal(fold_frames(clips)[4 + 2], clips[1].select(1, 2)));
}

}  // namespace
}  // namespace ferv::nn

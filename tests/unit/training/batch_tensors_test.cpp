// SPDX-License-Identifier: Apache-2.0
#include "batch_tensors.h"

#include <torch/torch.h>

#include "matchers.h"

namespace ferv::training {
namespace {

using data::Stream;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(BatchTensors, HoldEachStreamInItsOwnTensor) {
  const ClipSpec spec{.frame_count = 2, .height_px = 3, .width_px = 4};
  data::Batch batch;
  batch.labels = {5};
  batch.streams.assign(2, std::pmr::vector<std::uint8_t>(2 * 3 * 4 * 3, 0));
  batch.streams[1][(1 * 12 + 2 * 4 + 3) * 3 + 1] = 255;  // frame 1, row 2, column 3, green
  const std::vector<torch::Tensor> clips = clips_of(batch, spec);
  ASSERT_EQ(clips.size(), 2U);
  EXPECT_EQ(clips[1].sizes().vec(), (std::vector<std::int64_t>{1, 3, 2, 3, 4}));
  EXPECT_NEAR((clips[1] - clips[0])[0][1][1][2][3].item<double>(),
              (clips[1] - clips[0]).abs().max().item<double>(), 1e-6);
  EXPECT_EQ(labels_of(batch)[0].item<std::int64_t>(), 5);
}

TEST(Streams, AreTheCardsUnlessNamed) {
  EXPECT_THAT(streams_of("", "r18_lstm"), ElementsAre(Stream::kFace));
  EXPECT_THAT(streams_of("", "two_c3d"), ElementsAre(Stream::kFace, Stream::kScene));
  EXPECT_THAT(streams_of("face,flow", "two_c3d"), ElementsAre(Stream::kFace, Stream::kFlow));
  EXPECT_EQ(to_text(streams_of("", "two_c3d")), "face,scene");
}

TEST(Streams, AreRefusedInOtherNumbersAndByUnknownNames) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("streams is 'face', wanted 2 for two_c3d"),
                     [] { (void)streams_of("face", "two_c3d"); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("depth"),
                     [] { (void)streams_of("face,depth", "two_c3d"); });
}

}  // namespace
}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "live_source.h"

#include <atomic>

#include "matchers.h"

namespace ferv::inference {
namespace {

/// A camera that shows a frame each 40 ms, for ever.
class EndlessCamera : public media::VideoSource {
 public:
  [[nodiscard]] bool read(media::VideoFrame& frame) override {
    frame.index = count_;
    frame.timestamp_s = 0.04 * static_cast<double>(count_++);
    return true;
  }
  [[nodiscard]] const media::VideoMetadata& metadata() const override { return metadata_; }
  [[nodiscard]] std::string warning() const override { return "dusty"; }

 private:
  media::VideoMetadata metadata_;
  std::int64_t count_ = 0;
};

int frames_of(LiveSource& source) {
  int count = 0;
  for (media::VideoFrame frame; source.read(frame);) ++count;
  return count;
}

TEST(LiveSource, EndsWhenTheTimeIsOver) {
  const Observer observer;
  LiveSource source(std::make_unique<EndlessCamera>(), observer, 1.0);
  EXPECT_EQ(frames_of(source), 25);
  EXPECT_EQ(source.warning(), "dusty");
}

TEST(LiveSource, EndsWhenTheObserverWantsAnEnd) {
  std::atomic<bool> stop{false};
  Observer observer;
  observer.stop_requested = &stop;
  LiveSource source(std::make_unique<EndlessCamera>(), observer, 0);
  media::VideoFrame frame;
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(source.read(frame));
  stop = true;
  EXPECT_FALSE(source.read(frame));
}

}  // namespace
}  // namespace ferv::inference

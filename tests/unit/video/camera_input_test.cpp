// SPDX-License-Identifier: Apache-2.0
// What can be said of cameras where there is none.
#include "camera_input.h"

#include <fstream>

#include "ferv/media/video_source.h"
#include "matchers.h"

namespace ferv::media {
namespace {

using testing::HasSubstr;

TEST(CameraDevice, IsToldByNumberOrByPath) {
  EXPECT_EQ(camera_device("camera:0"), "/dev/video0");
  EXPECT_EQ(camera_device("camera:12"), "/dev/video12");
  EXPECT_EQ(camera_device("/dev/video3"), "/dev/video3");
  EXPECT_EQ(camera_device("film.mp4"), std::nullopt);
  EXPECT_EQ(camera_device("/dev"), std::nullopt);
  for (const char* name : {"camera:", "camera:x", "camera:0/1", "camera:99999"}) {
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("wanted camera:0"),
                       [&] { (void)camera_device(name); });
  }
}

TEST(CameraDevice, IsNotAFileOfSuchAName) {
  const test::TemporaryFolder folder;
  const std::filesystem::path path = folder / "camera:0";
  std::ofstream(path) << "x";
  EXPECT_EQ(camera_device(path), std::nullopt);
}

TEST(OpenVideoSource, SaysThatThereIsNoCamera) {
  if (std::filesystem::exists("/dev/video97")) GTEST_SKIP() << "there is a camera of that number";
  try {
    (void)open_video_source("camera:97");
    ADD_FAILURE() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("/dev/video97"));
    // Builds without libavdevice cannot look.
    EXPECT_TRUE(error.kind() == ErrorKind::kNotFound || error.kind() == ErrorKind::kUnsupported)
        << error.what();
  }
}

TEST(OpenVideoSource, RefusesADeviceThatIsNoCamera) {
  try {
    (void)open_video_source("/dev/null");
    ADD_FAILURE() << "no error was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(std::string(error.what()), HasSubstr("/dev/null"));
  }
}

}  // namespace
}  // namespace ferv::media

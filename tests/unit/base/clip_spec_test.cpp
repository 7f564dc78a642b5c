// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/clip_spec.h"

#include "matchers.h"

namespace ferv {
namespace {

using testing::HasSubstr;

TEST(ClipSpec, SurvivesARoundTripThroughJson) {
  const ClipSpec spec{.frame_count = 8,
                      .height_px = 96,
                      .width_px = 64,
                      .mean = {0.1F, 0.2F, 0.3F},
                      .deviation = {0.5F, 0.25F, 2.0F}};
  EXPECT_EQ(clip_spec_from_json(to_json(spec)), spec);
}

TEST(ClipSpec, PrintsFramesHeightWidth) {
  EXPECT_EQ(to_string(ClipSpec{.frame_count = 16, .height_px = 112, .width_px = 96}), "16x112x96");
}

TEST(ClipSpec, RefusesSizesThatMakeNoSense) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("frames is 0"),
                     [] { validate(ClipSpec{.frame_count = 0}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("width is 5000"),
                     [] { validate(ClipSpec{.width_px = 5000}); });
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("deviation"), [] {
    validate(ClipSpec{.deviation = {1.0F, 0.0F, 1.0F}});
  });
}

TEST(ClipSpec, RefusesTextThatIsNoSpecification) {
  for (const char* text : {"", "{}", "[1]", R"({"frames":"x"})",
                           R"({"frames":-1,"height":1,"width":1,"mean":[0,0,0],"std":[1,1,1]})"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("not a clip specification"),
                       [&] { (void)clip_spec_from_json(text); });
  }
}

}  // namespace
}  // namespace ferv

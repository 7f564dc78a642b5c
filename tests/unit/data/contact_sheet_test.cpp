// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/contact_sheet.h"

#include "ferv/data/ferv39k.h"
#include "matchers.h"
#include "tiny_data_set.h"

namespace ferv::data {
namespace {

TEST(ContactSheet, ShowsARowAClipAndAColumnAFrame) {
  const test::TemporaryFolder folder;
  test::write_tiny_data_set(folder / "data", {.clips_per_cell = 2});
  const ClipIndex index = read_ferv39k(folder / "data", {});
  LoaderOptions options;
  options.spec = {.frame_count = 4, .height_px = 24, .width_px = 20};
  options.sampling = {.segment_count = 4, .frames_per_segment = 1};
  const media::Image sheet = contact_sheet(index, clips_of(index, Split::kTest), options, 3);
  EXPECT_EQ(sheet.width_px, 4 * 20);
  EXPECT_EQ(sheet.height_px, 3 * 24);
  // Test clips are in list order: Happy is red (bit 0), Sad green (bit 1). Frames brighten from left to
  // right.
  EXPECT_GT(sheet.row(12)[3 * 10], sheet.row(12)[3 * 10 + 1] + 40);
  EXPECT_GT(sheet.row(24 + 12)[3 * 10 + 1], sheet.row(24 + 12)[3 * 10] + 40);
  EXPECT_GT(sheet.row(12)[3 * 70], sheet.row(12)[3 * 10] + 20);
}

}  // namespace
}  // namespace ferv::data

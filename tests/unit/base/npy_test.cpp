// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/npy.h"

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv {
namespace {

using testing::HasSubstr;

TEST(Npy, SurvivesARoundTrip) {
  const test::TemporaryFolder folder;
  for (const NpyArray& array : {NpyArray{{2, 3}, {1, 2, 3, 4, 5, -6.5F}}, NpyArray{{1}, {7}},
                                NpyArray{{}, {3}}, NpyArray{{0, 4}, {}}}) {
    write_npy(folder / "x.npy", array);
    const NpyArray read = read_npy(folder / "x.npy");
    EXPECT_EQ(read.shape, array.shape);
    EXPECT_EQ(read.values, array.values);
  }
}

TEST(Npy, StartsItsDataOnA64ByteBoundary) {
  const test::TemporaryFolder folder;
  write_npy(folder / "x.npy", NpyArray{{2}, {1, 2}});
  EXPECT_EQ(read_file(folder / "x.npy").size() % 64, 8U);
}

TEST(Npy, RefusesWhatItDoesNotRead) {
  const test::TemporaryFolder folder;
  write_npy(folder / "x.npy", NpyArray{{2}, {1, 2}});
  std::string text = read_text_file(folder / "x.npy");
  const auto refused = [&](std::string bytes, const char* why) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr(why), [&] {
      (void)parse_npy(std::span(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()), "x.npy");
    });
  };
  refused(text.substr(0, 5), "no .npy file");
  refused(text.substr(0, 40), "header is cut short");
  refused(text.substr(0, text.size() - 1), "its shape wants");
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    changed.replace(changed.find(from), from.size(), to);
    return changed;
  };
  refused(with("<f4", "<f8"), "dtype is '<f8', wanted '<f4'");
  refused(with("False,", "True, "), "Fortran order");
  refused(with("(2,)", "(9,)"), "more data than the file holds");
  refused(with("(2,), }", "(2;), }"), "not a tuple");
}

TEST(Npy, NeverCrashesOnMutatedBytes) {
  const test::TemporaryFolder folder;
  write_npy(folder / "x.npy", NpyArray{{2, 2}, {1, 2, 3, 4}});
  const std::vector<std::uint8_t> good = read_file(folder / "x.npy");
  Random random(1);
  for (int round = 0; round < 3000; ++round) {
    std::vector<std::uint8_t> bytes = good;
    for (int k = 0; k < 3; ++k) bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    bytes.resize(random.below(bytes.size() + 1));
    try {
      const NpyArray array = parse_npy(bytes, "fuzz");
      EXPECT_LE(array.values.size() * 4, bytes.size());
    } catch (const Error&) {
      // refused: fine
    }
  }
}

}  // namespace
}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
#include "check_resume.h"

#include <fstream>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;

std::vector<ClipFindings> some_findings() {
  std::vector<ClipFindings> findings(3);
  findings[0].is_done = true;
  findings[0].content_hash = ~std::uint64_t{0};
  findings[0].look[2][3] = 1;
  findings[2].is_done = true;
  findings[2].problems = {{ProblemKind::kOddSize, "a/b.jpg", "30x32, wanted 32x32"}};
  return findings;
}

class CheckResume : public testing::Test {
 protected:
  CheckResume() { write_findings(file_, "key", some_findings()); }
  test::TemporaryFolder folder_;
  std::filesystem::path file_ = folder_ / "check.json";
};

TEST_F(CheckResume, KeepsWhatWasFound) {
  const auto read = read_findings(file_, "key", 3);
  const auto wanted = some_findings();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(read[i].is_done, wanted[i].is_done);
    EXPECT_EQ(read[i].content_hash, wanted[i].content_hash);
    EXPECT_EQ(read[i].look, wanted[i].look);
    EXPECT_EQ(read[i].problems, wanted[i].problems);
  }
}

TEST_F(CheckResume, IsRefusedForOtherClips) {
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("other clips"),
                     [&] { (void)read_findings(file_, "another", 3); });
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("wanted fewer than 2"),
                     [&] { (void)read_findings(file_, "key", 2); });
}

TEST_F(CheckResume, GivesFindingsOrOneErrorForAnyBytes) {
  const std::string sound = read_text_file(file_);
  Random random(8);
  for (int round = 0; round < 300; ++round) {
    std::string text = sound;
    for (int i = 0; i < 2; ++i) text[random.below(text.size())] = static_cast<char>(random.below(256));
    std::ofstream(file_, std::ios::binary) << text;
    try {
      EXPECT_EQ(read_findings(file_, "key", 3).size(), 3U);
    } catch (const Error& error) {
      EXPECT_TRUE(error.kind() == ErrorKind::kCorruptData || error.kind() == ErrorKind::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// The generated parts of the documentation are what the program makes today.
#include <filesystem>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

const std::filesystem::path kRoot = FERV_SOURCE_DIR;

TEST(ZooDocuments, TheReadmeHasTheTableThatTheProgramPrints) {
  const auto table = test::run_shell("ferv zoo list --markdown");
  ASSERT_EQ(table.exit_code, 0) << table.errors;
  const std::string readme = read_text_file(kRoot / "README.md", 1 << 20);
  EXPECT_NE(readme.find("<!-- zoo:begin -->\n" + table.output + "<!-- zoo:end -->"), std::string::npos)
      << "stale: run tools/update-readme";
}

TEST(ZooDocuments, EveryRowHasTheCardThatTheProgramWrites) {
  const test::TemporaryFolder folder;
  const auto made = test::run_shell("ferv zoo cards --out '" + folder.path().string() + "'");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  int cards = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
    const std::filesystem::path committed = kRoot / "docs/cards" / entry.path().filename();
    ASSERT_TRUE(std::filesystem::exists(committed)) << committed;
    EXPECT_EQ(read_text_file(entry.path(), 1 << 20), read_text_file(committed, 1 << 20))
        << "stale: run tools/update-readme";
    ++cards;
  }
  EXPECT_EQ(cards, 20);
}

}  // namespace
}  // namespace ferv

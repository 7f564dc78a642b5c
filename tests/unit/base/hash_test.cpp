// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/hash.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv {
namespace {

TEST(Hash, OfAFileEqualsThatOfItsBytes) {
  const test::TemporaryFolder folder;
  const std::string text(3'000'000, 'q');  // more than one read buffer
  write_file_atomically(folder / "f", std::string_view(text));
  EXPECT_EQ(hash_file(folder / "f"), hash_bytes(read_file(folder / "f")));
  EXPECT_EQ(hash_file(folder / "f").size(), 5U + 32U);
}

TEST(Hash, ChangesWithOneBitAndWithTheSeed) {
  EXPECT_NE(hash64("a"), hash64("c"));
  EXPECT_NE(hash64("a", 1), hash64("a", 2));
  // The reference value of XXH3-64 for no input: the same on every machine.
  EXPECT_EQ(hash64(""), 0x2d06800538d394c2ULL);
}

TEST(Crc32c, EqualsThePublishedCheckValues) {
  const auto of = [](const std::string& bytes) {
    return crc32c({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
  };
  EXPECT_EQ(of(""), 0U);
  EXPECT_EQ(of("123456789"), 0xE3069283U);              // the catalogue's check value of CRC-32/ISCSI
  EXPECT_EQ(of(std::string(32, '\0')), 0x8A9136AAU);    // RFC 3720, B.4
  EXPECT_EQ(of(std::string(32, '\xFF')), 0x62A8AB43U);  // RFC 3720, B.4
}

TEST(Hash, NamesAMissingFile) {
  test::expect_error(ErrorKind::kNotFound, testing::HasSubstr("/no/such"),
                     [] { (void)hash_file("/no/such"); });
}

}  // namespace
}  // namespace ferv

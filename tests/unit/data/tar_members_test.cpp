// SPDX-License-Identifier: Apache-2.0
#include "tar_members.h"

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

Bytes archive_of(const std::vector<std::string>& names) {
  Bytes bytes;
  const auto append = [&](const Bytes& more) { bytes.insert(bytes.end(), more.begin(), more.end()); };
  for (const std::string& name : names) {
    append(tar_header(name, name.size()));
    bytes.insert(bytes.end(), name.begin(), name.end());
    append(tar_padding(name.size()));
  }
  bytes.resize(bytes.size() + 1024);
  return bytes;
}

TEST(Tar, GivesBackNamesAndBytes) {
  const std::vector<std::string> names = {"a.json", "War/Sad/0001.face.00.jpg",
                                          std::string(300, 'x') + ".jpg", "b"};
  const Bytes archive = archive_of(names);
  const auto members = parse_tar(archive, "x.tar");
  ASSERT_EQ(members.size(), names.size());
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_EQ(members[i].name, names[i]);
    EXPECT_EQ(std::string(members[i].bytes.begin(), members[i].bytes.end()), names[i]);
  }
  EXPECT_EQ(archive.size() % 512, 0U);
}

TEST(Tar, RefusesDamageAndTruncation) {
  Bytes archive = archive_of({"a.json", "b.json"});
  test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("x.tar"), HasSubstr("ends within")),
                     [&] { (void)parse_tar(std::span(archive).first(1030), "x.tar"); });
  archive[1024 + 3] ^= 1;
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("byte 1024 is damaged"),
                     [&] { (void)parse_tar(archive, "x.tar"); });
}

TEST(Tar, NeverCrashesOnMutatedBytes) {
  const Bytes good = archive_of({"a.json", std::string(150, 'y'), "c.jpg"});
  Random random(5);
  for (int round = 0; round < 5000; ++round) {
    Bytes bytes = good;
    const std::size_t block = random.below(bytes.size() / 512) * 512;
    for (int k = 0; k < 2; ++k) bytes[block + random.below(160)] = static_cast<std::uint8_t>(random.next());
    if (round % 2 == 0) {
      // With a checksum that fits again, so that the fields behind it are reached.
      std::uint64_t sum = 0;
      for (std::size_t i = 0; i < 512; ++i) sum += i >= 148 && i < 156 ? ' ' : bytes[block + i];
      char text[32];
      std::snprintf(text, sizeof text, "%06llo", static_cast<unsigned long long>(sum));
      std::copy_n(text, 7, bytes.begin() + static_cast<std::ptrdiff_t>(block) + 148);
      bytes[block + 155] = ' ';
    }
    try {
      for (const TarMember& member : parse_tar(bytes, "x")) EXPECT_LE(member.bytes.size(), bytes.size());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

}  // namespace
}  // namespace ferv::data

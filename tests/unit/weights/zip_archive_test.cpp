// SPDX-License-Identifier: Apache-2.0
#include "zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "zip_builder.h"

namespace ferv::weights {
namespace {

using test::bytes_of;
using test::make_zip;
using test::ZipPart;
using testing::HasSubstr;

std::string content_of(const std::string& zip, const std::string& name) {
  const ZipArchive archive(bytes_of(zip));
  const auto content = archive.content_of(name);
  return {content.begin(), content.end()};
}

/// What opening the archive and reading its entry "a" says.
std::string problem_of(const std::string& zip) {
  return test::message_of([&] { (void)content_of(zip, "a"); });
}

TEST(ZipArchive, GivesEachEntryByName) {
  const std::string zip = make_zip({{"b/second", "two"}, {"a", "one"}, {"empty", ""}});
  EXPECT_EQ(content_of(zip, "a"), "one");
  EXPECT_EQ(content_of(zip, "b/second"), "two");
  EXPECT_EQ(content_of(zip, "empty"), "");
  const ZipArchive archive(bytes_of(zip));
  EXPECT_EQ(archive.entries().size(), 3U);
  EXPECT_TRUE(archive.has("empty"));
  EXPECT_FALSE(archive.has("c"));
  EXPECT_THAT(test::message_of([&] { (void)archive.content_of("c"); }), HasSubstr("no entry 'c'"));
}

TEST(ZipArchive, MayBeEmptyOrHaveAComment) {
  EXPECT_EQ(ZipArchive(bytes_of(make_zip({}))).entries().size(), 0U);
  std::string zip = make_zip({{"a", "one"}});
  zip[zip.size() - 2] = 5;
  EXPECT_EQ(content_of(zip + "hello", "a"), "one");
}

TEST(ZipArchive, ReadsTheZip64RecordsThatPyTorchWrites) {
  const auto bytes = read_file(std::string(FERV_SOURCE_DIR) + "/tests/golden/pth/plain.pth");
  const ZipArchive archive(bytes);
  EXPECT_EQ(archive.content_of("plain/version").size(), 2U);
  EXPECT_EQ(archive.content_of("plain/data/0").size(), 96U);
}

TEST(ZipArchive, ReadsZip64SizesAndEnd) {
  // One entry whose 32-bit fields all refer to 64-bit ones.
  std::string local;
  test::append_number(local, 0x04034b50, 4);
  local.append(22, '\0');
  test::append_number(local, 1, 2);
  test::append_number(local, 0, 2);
  local += "aone";
  std::string directory;
  test::append_number(directory, 0x02014b50, 4);
  test::append_number(directory, 0, 12);
  test::append_number(directory, crc32_z(0, reinterpret_cast<const Bytef*>("one"), 3), 4);
  directory.append(8, '\xff');
  test::append_number(directory, 1, 2);
  test::append_number(directory, 28, 2);
  test::append_number(directory, 0, 10);
  directory.append(4, '\xff');
  directory += "a";
  test::append_number(directory, 1, 2);
  test::append_number(directory, 24, 2);
  test::append_number(directory, 3, 8);
  test::append_number(directory, 3, 8);
  test::append_number(directory, 0, 8);
  const auto with_end = [&](std::uint64_t count, std::uint64_t record_at) {
    std::string zip = local + directory;
    test::append_number(zip, 0x06064b50, 4);
    zip.append(20, '\0');
    test::append_number(zip, count, 8);
    test::append_number(zip, count, 8);
    test::append_number(zip, directory.size(), 8);
    test::append_number(zip, local.size(), 8);
    test::append_number(zip, 0x07064b50, 4);
    test::append_number(zip, 0, 4);
    test::append_number(zip, record_at, 8);
    test::append_number(zip, 1, 4);
    test::append_number(zip, 0x06054b50, 4);
    test::append_number(zip, 0, 4);
    zip.append(12, '\xff');
    return zip + std::string(2, '\0');
  };
  const std::size_t record_at = local.size() + directory.size();
  EXPECT_EQ(content_of(with_end(1, record_at), "a"), "one");
  EXPECT_THAT(problem_of(with_end(1, record_at + 1)), HasSubstr("no ZIP64 end record"));
  EXPECT_THAT(problem_of(with_end(1, ~std::uint64_t{0})), HasSubstr("no ZIP64 end record"));
  EXPECT_THAT(problem_of(with_end(std::uint64_t{1} << 60U, record_at)), HasSubstr("entries in a directory"));
}

TEST(ZipArchive, RefusesWhatIsNotStoredByName) {
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .method = 8}})),
              HasSubstr("entry 'a' is compressed (deflate)"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .method = 77}})), HasSubstr("method 77"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .flags = 1}})),
              HasSubstr("entry 'a' is encrypted"));
  const auto deflated = read_file(std::string(FERV_SOURCE_DIR) + "/tests/golden/pth/refused/deflated.pth");
  EXPECT_THAT(test::message_of([&] { (void)ZipArchive(deflated).content_of("plain/data.pkl"); }),
              HasSubstr("deflate"));
}

TEST(ZipArchive, RefusesLiesAboutSizesAndPlaces) {
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .checksum = 5}})),
              HasSubstr("checksum 2053932785, wanted 5"));
  // A bomb: little is stored, much is claimed.
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .size = 0xfffffff0U}})),
              HasSubstr("claims 4294967280 bytes, it has 3"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .stored_size = 1000}})),
              HasSubstr("claims 1000 bytes"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .size = 0xffffffffU}})),
              HasSubstr("no ZIP64 sizes"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .header_begin = 4000}})),
              HasSubstr("begins at byte 4000"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .header_begin = 1}})),
              HasSubstr("no header at byte 1"));
  EXPECT_THAT(problem_of(make_zip({{.name = "a", .content = "one", .local_name = "b"}})),
              HasSubstr("is called 'b' in its own header"));
  EXPECT_THAT(problem_of(make_zip({{"a", "one"}, {"a", "two"}})), HasSubstr("'a' stands twice"));
  // Two names for the same bytes: how a bomb of stored entries multiplies.
  EXPECT_THAT(problem_of(make_zip(
                  {{"a", "one"}, {.name = "b", .content = "", .header_begin = 0, .local_name = "a"}})),
              HasSubstr("called 'a'"));
  const std::string inner = make_zip({{"b", ""}});
  EXPECT_THAT(problem_of(make_zip({{"a", inner}, {.name = "b", .content = "", .header_begin = 31}})),
              HasSubstr("overlap"));
}

TEST(ZipArchive, RefusesADamagedEnd) {
  const std::string zip = make_zip({{"a", "one"}});
  for (std::size_t size = 0; size < zip.size(); ++size) {
    EXPECT_THAT(problem_of(zip.substr(0, size)), HasSubstr("damaged ZIP archive")) << size;
  }
  EXPECT_THAT(problem_of(zip + "x"), HasSubstr("end record is missing"));
  std::string shifted = zip;
  shifted[zip.size() - 6] = static_cast<char>(shifted[zip.size() - 6] + 1);
  EXPECT_THAT(problem_of(shifted), HasSubstr("directory of"));
}

TEST(ZipArchive, NeverReadsOutsideOnMutatedBytes) {
  const std::string good = make_zip({{"a", "one"}, {"b", std::string(50, 'x')}, {"c", ""}});
  Random random(5);
  int readable = 0;
  for (int round = 0; round < 20000; ++round) {
    std::string bytes = good;
    for (int k = 0; k < 2; ++k) bytes[random.below(bytes.size())] = static_cast<char>(random.next());
    // A copy of its own size, so that reading behind the end is seen by a sanitizer.
    const std::vector<std::uint8_t> exact(bytes.begin(), bytes.end());
    try {
      const ZipArchive archive(exact);
      for (const auto& entry : archive.entries()) readable += archive.content_of(entry.name).size() < 100;
    } catch (const std::runtime_error& error) {
      EXPECT_STRNE(error.what(), "");
    }
  }
  EXPECT_GT(readable, 0) << "mutations in unused fields leave an archive readable";
}

}  // namespace
}  // namespace ferv::weights

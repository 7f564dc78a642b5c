// SPDX-License-Identifier: Apache-2.0
#include "event_file.h"

#include <cstdio>
#include <set>

#include "ferv/base/files.h"
#include "ferv/base/hash.h"
#include "matchers.h"
#include "read_events.h"

namespace ferv::training {
namespace {

using nlohmann::json;

std::string hex(const std::string& bytes) {
  std::string text;
  for (const char byte : bytes) {
    char digits[3];
    std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned char>(byte));
    text += digits;
  }
  return text;
}

std::uint64_t little_endian(const std::string& bytes, std::size_t at, int count) {
  std::uint64_t value = 0;
  for (int i = 0; i < count; ++i)
    value |= std::uint64_t{static_cast<unsigned char>(bytes.at(at + static_cast<std::size_t>(i)))} << (8 * i);
  return value;
}

/// The data of every record of a file.
std::vector<std::string> records_of(const std::string& bytes) {
  std::vector<std::string> records;
  for (std::size_t at = 0; at < bytes.size();) {
    const auto length = static_cast<std::size_t>(little_endian(bytes, at, 8));
    records.push_back(bytes.substr(at + 12, length));
    EXPECT_EQ(bytes.substr(at, length + 16), to_tf_record(records.back()));
    at += length + 16;
  }
  return records;
}

TEST(TfRecord, HasTheBytesThatTensorFlowWrites) {
  // A record of no data, whose checksums are those of eight zero bytes and of nothing: as published in many a
  // reader's test.
  const std::string empty = to_tf_record("");
  EXPECT_EQ(empty.size(), 16U);
  EXPECT_EQ(hex(empty.substr(12)), "d8ea82a2");  // mask of 0 is the constant alone
  const std::string nine = to_tf_record("123456789");
  EXPECT_EQ(hex(nine.substr(0, 8)), "0900000000000000");
  // 0xe3069283 rotated right by 15 is 0x2507c60d; plus 0xa282ead8 is 0xc78ab0e5.
  EXPECT_EQ(hex(nine.substr(21)), "e5b08ac7");
}

TEST(EventFile, BeginsWithItsVersionAndTheStepFromWhichItCounts) {
  const test::TemporaryFolder folder;
  const EventFile events(folder.path(), 300);
  const auto records = records_of(read_text_file(events.path()));
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(hex(records[0].substr(9)),
            "1000"
            "1a0d" +
                hex("brain.Event:2"));
  EXPECT_EQ(hex(records[1].substr(9)),
            "10ac02"
            "3a020801")
      << "step 300 as a varint, session log: start";
}

TEST(EventFile, WritesScalarsAsProtobufDoes) {
  const test::TemporaryFolder folder;
  EventFile events(folder.path(), 0);
  const Scalar scalars[] = {{"a/b", 1.0}, {"c", -2.5}};
  events.add(7, scalars);
  const auto records = records_of(read_text_file(events.path()));
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(hex(records[2].substr(0, 1)), "09") << "wall time, a double";
  EXPECT_EQ(hex(records[2].substr(9)),
            "1007"
            "2a16"
            "0a0a"
            "0a03612f62"
            "150000803f"
            "0a08"
            "0a0163"
            "15000020c0");
}

TEST(EventFile, GivesEveryStartAFileThatSortsBehindTheOnesBefore) {
  const test::TemporaryFolder folder;
  std::vector<std::string> names;
  for (int i = 0; i < 12; ++i) names.push_back(EventFile(folder.path(), i).path().filename().string());
  EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
  EXPECT_EQ(std::set<std::string>(names.begin(), names.end()).size(), 12U);
}

TEST(EventFile, SaysWhereItCouldNotWrite) {
  test::expect_error(ErrorKind::kIo, testing::HasSubstr("/no/such"),
                     [] { const EventFile events("/no/such", 0); });
}

TEST(EventFile, IsReadByOthersAndHoldsEveryStepOnceAfterARestart) {
  const test::TemporaryFolder folder;
  const auto write = [&](std::int64_t first, std::int64_t last) {
    EventFile events(folder.path(), first);
    for (std::int64_t step = first; step <= last; ++step) {
      const Scalar scalars[] = {{"loss/step", static_cast<double>(step) + 0.25 * static_cast<double>(first)}};
      events.add(step, scalars);
    }
  };
  write(1, 5);
  write(4, 6);  // killed after step 5, its newest checkpoint was of step 3
  // The process is killed in the middle of a record.
  const EventFile cut(folder.path(), 7);
  write_file_atomically(cut.path(),
                        read_text_file(cut.path()) + to_tf_record("never finished").substr(0, 20));
  write(7, 7);
  const auto found = test::read_events(folder.path());
  FERV_REQUIRE_EVENTS(found);
  EXPECT_EQ(*found,
            json::parse(R"({"loss/step": [[1, 1.25], [2, 2.25], [3, 3.25], [4, 5.0], [5, 6.0], [6, 7.0],
                                                 [7, 8.75]]})"));
}

}  // namespace
}  // namespace ferv::training

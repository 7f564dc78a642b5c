// SPDX-License-Identifier: Apache-2.0
#include "pack_format.h"

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::data {
namespace {

using testing::HasSubstr;
using Bytes = std::vector<std::uint8_t>;

PackedClip packed(const std::string& id, std::uint32_t frame_bytes) {
  PackedClip clip;
  clip.clip.id = id;
  clip.clip.label = 1;
  clip.clip.split = Split::kTest;
  clip.clip.frame_count = 2;
  clip.frame_bytes = {frame_bytes, frame_bytes + 1};
  return clip;
}

/// Two parts of two clips each, with data of zeros.
Bytes small_pack() {
  Bytes bytes = encode_pack_header({{"A", "B"}, {}});
  for (const auto& [names, planned] :
       {std::pair{std::pair{"S/B/0", "S/B/1"}, 4U}, {{"S/B/2", "S/B/3"}, 4U}}) {
    const std::vector<PackedClip> clips = {packed(names.first, 10), packed(names.second, 20)};
    const Bytes part = encode_part(clips, planned);
    bytes.insert(bytes.end(), part.begin(), part.end());
    bytes.resize(bytes.size() + 10 + 11 + 20 + 21);
  }
  return bytes;
}

TEST(PackFormat, GivesBackWhatWasWritten) {
  const Bytes bytes = small_pack();
  const PackContents contents = parse_pack(bytes, "x.pack");
  EXPECT_EQ(contents.facts.classes, (std::vector<std::string>{"A", "B"}));
  EXPECT_EQ(contents.facts.options.size_px, 112);
  ASSERT_EQ(contents.clips.size(), 4U);
  EXPECT_EQ(contents.clips[2].clip.id, "S/B/2");
  EXPECT_EQ(contents.clips[2].clip.split, Split::kTest);
  EXPECT_EQ(contents.clips[3].frame_bytes, (std::vector<std::uint32_t>{20, 21}));
  EXPECT_EQ(contents.clips[3].begin + 41, bytes.size());
  EXPECT_EQ(contents.whole_bytes, bytes.size());
  EXPECT_EQ(contents.warning, "");
}

TEST(PackFormat, OpensUpToTheLastWholeClipWhereverItIsCut) {
  const Bytes whole = small_pack();
  const std::size_t header = encode_pack_header({{"A", "B"}, {}}).size();
  const PackContents all = parse_pack(whole, "x.pack");
  for (std::size_t size = header; size < whole.size(); ++size) {
    const PackContents contents = parse_pack(std::span(whole).first(size), "x.pack");
    std::size_t wanted = 0;
    for (const PackedClip& clip : all.clips) wanted += clip.begin + clip.byte_count() <= size ? 1 : 0;
    ASSERT_EQ(contents.clips.size(), wanted) << "cut at " << size;
    EXPECT_LE(contents.whole_bytes, size);
    EXPECT_EQ(contents.warning.empty(), size == header) << size;
  }
  for (std::size_t size = 0; size < header; ++size) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("x.pack"),
                       [&] { (void)parse_pack(std::span(whole).first(size), "x.pack"); });
  }
}

TEST(PackFormat, FindsEveryFlippedBitOfHeadersAndIndexes) {
  const Bytes good = small_pack();
  const PackContents contents = parse_pack(good, "x.pack");
  for (std::size_t i = 0; i < contents.clips[0].begin * 8; ++i) {
    Bytes bytes = good;
    bytes[i / 8] ^= static_cast<std::uint8_t>(1U << i % 8);
    try {
      (void)parse_pack(bytes, "x.pack");
      ADD_FAILURE() << "bit " << i << " went unseen";
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

TEST(PackFormat, NeverCrashesOnMutatedBytes) {
  const Bytes good = small_pack();
  Random random(8);
  for (int round = 0; round < 3000; ++round) {
    Bytes bytes = good;
    for (int k = 0; k < 4; ++k) bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    if (round % 3 == 0) bytes.resize(random.below(bytes.size() + 1));
    try {
      for (const PackedClip& clip : parse_pack(bytes, "x").clips)
        EXPECT_LE(clip.begin + clip.byte_count(), bytes.size());
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

TEST(PackFormat, RefusesOtherFilesAndVersions) {
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("is no pack"), [] { (void)parse_pack({}, "x"); });
  Bytes bytes = small_pack();
  bytes[8] = 9;
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("version 9, this ferv reads version 1"),
                     [&] { (void)parse_pack(bytes, "x"); });
}

}  // namespace
}  // namespace ferv::data

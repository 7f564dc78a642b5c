// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/face_set.h"

#include "face_tsv.h"
#include "matchers.h"
#include "tiny_faces.h"

namespace ferv::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string base64(const std::vector<std::uint8_t>& bytes) {
  static constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (i + k < bytes.size() ? bytes[i + k] : 0U);
    for (const int shift : {18, 12, 6, 0}) text += kAlphabet[group >> shift & 63U];
    for (std::size_t k = bytes.size() - i; k < 3; ++k) text[text.size() - (3 - k)] = '=';
  }
  return text;
}

std::string tsv_line(const std::string& identity, std::uint64_t look, std::uint64_t seed) {
  return identity + "\t7\thttp://a/b.jpg\thttp://a\tFaceId-0\tAAAA\t" +
         base64(test::tiny_face_jpeg(look, seed)) + "\n";
}

TEST(ReadFaceSet, ReadsFoldersInOrderOfTheirNames) {
  const test::TemporaryFolder folder;
  test::write_tiny_faces(folder.path(), {"Sad", "Happy"}, 2);
  write_file_atomically(folder / "Sad/notes.txt", std::string_view("no picture"));
  make_folder(folder / "Empty");
  FaceSet set = read_face_set(folder.path());
  EXPECT_THAT(set.classes, ElementsAre("Happy", "Sad"));
  ASSERT_EQ(set.faces.size(), 4U);
  EXPECT_EQ(face_id(set, 2), "Sad/p0_0001.jpg");
  EXPECT_EQ(FaceReader(set).read(2).width_px, 32);
  EXPECT_TRUE(has_expression_classes(set));
  use_expression_classes(set);
  EXPECT_EQ(set.classes.size(), 7U);
  EXPECT_EQ(set.classes[static_cast<std::size_t>(set.faces[3].label)], "Sad");
}

TEST(ReadFaceSet, ReadsAList) {
  const test::TemporaryFolder folder;
  test::write_tiny_faces(folder.path(), {"a b"}, 2);
  write_file_atomically(folder / "list.txt",
                        std::string_view("# remark\na b/p0_0001.jpg Ada\r\na b/p1_0001.jpg,Bob\n\nlonely\n"));
  const FaceSet set = read_face_set(folder / "list.txt");
  EXPECT_THAT(set.classes, ElementsAre("Ada", "Bob"));
  EXPECT_EQ(set.damaged_count, 1U);
  EXPECT_THAT(set.damaged, ElementsAre(HasSubstr("line 5")));
  EXPECT_EQ(FaceReader(set).read(1).pixels.size(), 32U * 32U * 3U);
}

TEST(ReadFaceSet, ReadsTheTableOfMsCelebWithoutItsPictures) {
  const test::TemporaryFolder folder;
  std::string text;
  for (std::uint64_t i = 0; i < 40; ++i) text += tsv_line("m.0" + std::to_string(i % 4), i % 4, i);
  text += "m.03\tbroken\n" + std::string("\n") + "\t7\tu\tp\tF\tA\tAAAA\n" + "m.01\t7\tu\tp\tF\tA\tAAA\n";
  std::string last = tsv_line("m.09", 9, 9);
  text += last.substr(0, last.size() - 1) + "\r\n";
  write_file_atomically(folder / "faces.tsv", text);
  const FaceSet set = read_face_set(folder / "faces.tsv");
  EXPECT_THAT(set.classes, ElementsAre("m.00", "m.01", "m.02", "m.03", "m.09"));
  ASSERT_EQ(set.faces.size(), 41U);
  EXPECT_EQ(set.damaged_count, 3U);
  EXPECT_THAT(set.damaged[0], HasSubstr("line 41: 2 columns, wanted 7"));
  EXPECT_THAT(set.damaged[1], HasSubstr("no identity"));
  EXPECT_THAT(set.damaged[2], HasSubstr("multiple of four"));
  const FaceReader reader(set);
  media::Image expected;
  media::JpegDecoder().decode(test::tiny_face_jpeg(2, 6), "6", expected);
  EXPECT_EQ(reader.read(6).pixels, expected.pixels);
  EXPECT_EQ(reader.read(40).width_px, 32);
  EXPECT_THAT(face_id(set, 6), HasSubstr("m.02/"));
}

TEST(ReadFaceSet, SurvivesEveryDamageToATable) {
  const test::TemporaryFolder folder;
  const std::string whole = tsv_line("m.1", 1, 1) + tsv_line("m.2", 2, 2) + tsv_line("m.3", 3, 3);
  Random random(5);
  for (int round = 0; round < 300; ++round) {
    std::string text = whole;
    for (std::uint64_t i = 0; i < 1 + random.below(6); ++i) {
      const std::size_t at = random.below(text.size());
      switch (random.below(5)) {
        case 0:
          text[at] = static_cast<char>(random.below(256));
          break;
        case 1:
          text[at] = "\t\n\r=\0"[random.below(5)];
          break;
        case 2:
          text.erase(at, random.below(200));
          break;
        case 3:
          text.insert(at, text.substr(random.below(text.size()), random.below(100)));
          break;
        default:
          text.resize(at + 1);
          break;
      }
    }
    write_file_atomically(folder / "faces.tsv", text);
    try {
      const FaceSet set = read_face_set(folder / "faces.tsv");
      const FaceReader reader(set);
      for (std::size_t i = 0; i < set.faces.size(); ++i) {
        EXPECT_LE(set.tsv.empty() ? 0 : set.faces[i].offset + set.faces[i].length, text.size());
        try {
          (void)reader.read(i);
        } catch (const Error&) {
          // Damage inside a picture is the reader's to name.
        }
      }
    } catch (const Error&) {
      // Nothing usable was left.
    }
  }
}

TEST(ReadFaceSet, RefusesWhatHoldsNoFaces) {
  const test::TemporaryFolder folder;
  test::expect_error(ErrorKind::kNotFound, HasSubstr("/no/such"), [] { (void)read_face_set("/no/such"); });
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("no picture"),
                     [&] { (void)read_face_set(folder.path()); });
  write_file_atomically(folder / "list.txt", std::string_view("word\n"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("line 1"),
                     [&] { (void)read_face_set(folder / "list.txt"); });
}

TEST(UseExpressionClasses, NamesAClassThatIsNoExpression) {
  FaceSet set;
  set.classes = {"Happy", "Suprise"};
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("did you mean 'Surprise'"),
                     [&] { use_expression_classes(set); });
}

TEST(DecodeBase64, GivesBackWhatWasEncodedAndRefusesTheRest) {
  Random random(1);
  for (std::size_t size = 0; size < 40; ++size) {
    std::vector<std::uint8_t> bytes(size);
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(random.below(256));
    EXPECT_EQ(decode_base64(base64(bytes), "x"), bytes);
  }
  for (const char* text : {"AAA", "A=AA", "AA A", "====", "\xff\xff\xff\xff"}) {
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("base64"), [&] { (void)decode_base64(text, "x"); });
  }
}

TEST(PersonOf, TakesTheNumberOffTheName) {
  EXPECT_EQ(person_of("Happy/Al_Gore_0002.jpg"), "Al_Gore");
  EXPECT_EQ(person_of("Happy/1234.jpg"), "Happy/1234.jpg");
  EXPECT_EQ(person_of("Happy/_12.jpg"), "Happy/_12.jpg");
}

}  // namespace
}  // namespace ferv::data

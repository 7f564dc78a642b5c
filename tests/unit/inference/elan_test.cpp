// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/elan.h"

#include <cstdlib>

#include "ferv/base/files.h"
#include "matchers.h"
#include "rows.h"

namespace ferv::inference {
namespace {

using test::kThreeClasses;
using testing::HasSubstr;

std::vector<Segment> segments_of_two() {
  SegmentBuilder builder;
  for (const TimelineRow& row : test::rows_of_two()) builder.add(row);
  return builder.segments();
}

const ElanDocument kDocument{"/films/a b/film.mov", "/out", "r18_lstm", "2024-05-01T12:00:00+00:00"};

TEST(Elan, NamesTheFilmItsMakerAndItsLimits) {
  const std::string text = elan_document(segments_of_two(), kThreeClasses, kDocument);
  EXPECT_THAT(text, HasSubstr("MEDIA_URL=\"file:///films/a%20b/film.mov\" MIME_TYPE=\"video/quicktime\" "
                              "RELATIVE_MEDIA_URL=\"./../films/a%20b/film.mov\""));
  EXPECT_THAT(text, HasSubstr("DATE=\"2024-05-01T12:00:00+00:00\" FORMAT=\"3.0\""));
  EXPECT_THAT(text, HasSubstr("what a person feels"));
  EXPECT_THAT(text, HasSubstr("r18_lstm\" LINGUISTIC_TYPE_REF=\"expression\" PARTICIPANT=\"Person 2\""));
}

TEST(Elan, HasAnEmptyTierForAFilmWithoutAFace) {
  EXPECT_THAT(elan_document({}, kThreeClasses, {}), HasSubstr("TIER_ID=\"Person 1\">\n  </TIER>"));
}

/// An independent reader: prints what a program that opens the document would see, tier by tier.
constexpr std::string_view kReader = R"(
import sys, xml.etree.ElementTree as tree
root = tree.parse(sys.argv[1]).getroot()
assert root.tag == 'ANNOTATION_DOCUMENT' and root.get('FORMAT') == '3.0'
order = ['LICENSE', 'HEADER', 'TIME_ORDER', 'TIER', 'LINGUISTIC_TYPE']
places = [order.index(child.tag) for child in root]
assert places == sorted(places), 'children of the document in the order of the schema'
assert root.find('HEADER').get('TIME_UNITS') == 'milliseconds'
slots = {slot.get('TIME_SLOT_ID'): int(slot.get('TIME_VALUE')) for slot in root.iter('TIME_SLOT')}
assert list(slots.values()) == sorted(slots.values()) and len(slots) == len(root.findall('.//TIME_SLOT'))
types = [one.get('LINGUISTIC_TYPE_ID') for one in root.findall('LINGUISTIC_TYPE')]
ids, used = [], []
for tier in root.findall('TIER'):
    assert tier.get('LINGUISTIC_TYPE_REF') in types
    last = 0
    for one in tier.findall('ANNOTATION/ALIGNABLE_ANNOTATION'):
        ids.append(one.get('ANNOTATION_ID'))
        used += [one.get('TIME_SLOT_REF1'), one.get('TIME_SLOT_REF2')]
        begin, end = (slots[slot] for slot in used[-2:])
        assert last <= begin < end, 'annotations of a tier do not overlap'
        last = end
        print(tier.get('TIER_ID'), begin, end, one.find('ANNOTATION_VALUE').text, sep='|')
assert len(set(ids)) == len(ids) and sorted(used) == sorted(slots)
)";

TEST(Elan, IsReadByAnIndependentReader) {
  if (std::system("command -v python3 >/dev/null") != 0) GTEST_SKIP() << "python3 is absent";
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "reader.py", kReader);
  std::vector<std::string> classes = kThreeClasses;
  classes[1] = "S<a>&\"d\x01";
  write_file_atomically(folder / "film.eaf", elan_document(segments_of_two(), classes, kDocument));
  const std::string at = folder.path().string();
  ASSERT_EQ(std::system(("cd '" + at + "' && python3 -B reader.py film.eaf >said.txt 2>&1").c_str()), 0)
      << read_text_file(folder / "said.txt");
  EXPECT_EQ(read_text_file(folder / "said.txt"),
            "Person 1|0|2000|Happy\nPerson 1|2000|3000|uncertain\nPerson 1|3000|4000|Happy\n"
            "Person 2|1000|2500|S<a>&\"d \n");
}

}  // namespace
}  // namespace ferv::inference

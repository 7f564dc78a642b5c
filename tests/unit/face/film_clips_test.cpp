// SPDX-License-Identifier: Apache-2.0
#include "film_clips.h"

#include "ferv/base/files.h"
#include "matchers.h"

namespace ferv::face {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class FilmClips : public testing::Test {
 protected:
  void add(const std::string& path) { write_file_atomically(folder_ / path, std::string_view("x")); }

  /// "id <- path below the folder", in order.
  std::vector<std::string> found(const std::map<std::string, std::string>& known = {}) {
    if (options_.inputs.empty()) options_.inputs = {folder_.path()};
    options_.classes = {"Happy", "Sad"};
    options_.out = folder_ / "out";
    std::vector<std::string> lines;
    for (const FilmClip& clip : find_film_clips(options_, known))
      lines.push_back(clip.id + " <- " + clip.source.lexically_relative(folder_.path()).string());
    return lines;
  }

  test::TemporaryFolder folder_;
  CropFilmsOptions options_;
};

TEST_F(FilmClips, KeepTheNumbersOfARelease) {
  add("0_7_LabelClips/War/Sad/0007.mp4");
  add("0_7_LabelClips/War/Sad/0003.mp4");
  add("0_7_LabelClips/Interview/happy/0227.avi");
  add("0_7_LabelClips/Interview/happy/notes.txt");
  EXPECT_THAT(found(), ElementsAre("Interview/Happy/0227 <- 0_7_LabelClips/Interview/happy/0227.avi",
                                   "War/Sad/0003 <- 0_7_LabelClips/War/Sad/0003.mp4",
                                   "War/Sad/0007 <- 0_7_LabelClips/War/Sad/0007.mp4"));
}

TEST_F(FilmClips, CountOtherNamesInNaturalOrderAroundThoseThatAreNumbers) {
  for (const char* name : {"b10.mp4", "b9.mp4", "0001.mp4", "more/0001.mp4"})
    add("Own scene/Sad/" + std::string(name));
  EXPECT_THAT(found(), ElementsAre("Own_scene/Sad/0000 <- Own scene/Sad/b9.mp4",
                                   "Own_scene/Sad/0001 <- Own scene/Sad/0001.mp4",
                                   "Own_scene/Sad/0002 <- Own scene/Sad/b10.mp4",
                                   "Own_scene/Sad/0003 <- Own scene/Sad/more/0001.mp4"));
}

TEST_F(FilmClips, KeepTheIdsOfEarlierRunsWhenFilmsAreAdded) {
  add("War/Sad/b.mp4");
  add("War/Sad/a.mp4");
  const std::string b = (folder_ / "War/Sad/b.mp4").string(), gone = (folder_ / "War/Sad/gone.mp4").string();
  EXPECT_THAT(found({{b, "War/Sad/0000"}, {gone, "War/Sad/0001"}}),
              ElementsAre("War/Sad/0000 <- War/Sad/b.mp4", "War/Sad/0002 <- War/Sad/a.mp4"));
}

TEST_F(FilmClips, AreUnlabelledWhereNoFolderNamesAClass) {
  add("party/a.mp4");
  EXPECT_THAT(found(), ElementsAre("party/Unlabelled/0000 <- party/a.mp4"));
  options_.label = "Happy";
  options_.scene = "Own";
  EXPECT_THAT(found(), ElementsAre("Own/Happy/0000 <- party/a.mp4"));
}

TEST_F(FilmClips, AreFoldersOfPicturesToo) {
  add("War/Sad/0004/00.jpg");
  add("War/Sad/0004/01.jpg");
  add("out/War/Sad/0000/00.jpg");
  EXPECT_THAT(found(), ElementsAre("War/Sad/0004 <- War/Sad/0004")) << "and what was written is no input";
}

TEST_F(FilmClips, AreAskedForInVain) {
  options_.inputs = {folder_ / "nowhere"};
  test::expect_error(ErrorKind::kNotFound, HasSubstr("nowhere"), [&] { (void)found(); });
  make_folder(folder_ / "empty");
  options_.inputs = {folder_ / "empty"};
  test::expect_error(ErrorKind::kNotFound, HasSubstr("empty"), [&] { (void)found(); });
}

}  // namespace
}  // namespace ferv::face

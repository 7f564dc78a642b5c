// SPDX-License-Identifier: Apache-2.0
// The contract of the command line, for commands that read and write films and need no LibTorch.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

namespace fs = std::filesystem;

using test::run_shell;
using testing::HasSubstr;

std::string quoted(const fs::path& path) {
  return "'" + path.string() + "'";
}

/// Films of synth with their truth, made once: of constant and variable rate, turned and odd ones among them.
const fs::path& films() {
  static const test::TemporaryFolder folder;
  static const fs::path path = [] {
    const auto result =
        run_shell("ferv synth --films=5 --film-length 1 --seed 4 --out " + quoted(folder / "films"));
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output, HasSubstr("5 films"));
    return folder / "films";
  }();
  return path;
}

TEST(SynthFilms, AreReadWithExactTimesWhateverTheirRateSizeAndTurn) {
  const std::string list = read_text_file(films() / "films.csv");
  EXPECT_THAT(list, HasSubstr(",yes,")) << "one of variable rate: " << list;
  EXPECT_TRUE(list.find(",90,") != std::string::npos || list.find(",180,") != std::string::npos ||
              list.find(",270,") != std::string::npos)
      << "one that is turned: " << list;
  const auto result = run_shell("ferv face score --json " + quoted(films()));
  ASSERT_EQ(result.exit_code, 0) << result.errors;
  const auto scores = nlohmann::json::parse(result.output);
  ASSERT_EQ(scores.size(), 6U);
  const auto& all = scores.back();
  EXPECT_EQ(all["frames_lost"], 0);
  EXPECT_EQ(all["timestamps_wrong"], 0);
  EXPECT_GT(all["faces"], 50);
  EXPECT_LT(all["faces_missed_percent"], 5.0) << "turned films would have no faces: " << all.dump();
}

TEST(SynthFilms, KeepWhatIsThereAndStandAlone) {
  const auto again = run_shell("ferv synth --films 5 --film-length 1 --seed 4 --out " + quoted(films()));
  EXPECT_EQ(again.exit_code, 0) << again.errors;
  EXPECT_THAT(again.output, HasSubstr("0 films rendered now"));
  EXPECT_EQ(run_shell("ferv synth --films 2 --layout dfew --out /tmp/never").exit_code, 2);
}

TEST(FaceCrop, MakesADataSetAndSaysWhatIsBad) {
  const test::TemporaryFolder folder;
  fs::create_directories(folder / "raw/War/Sad");
  fs::copy(films() / "film_0001.mp4", folder / "raw/War/Sad/0003.mp4");
  write_file_atomically(folder / "raw/War/Sad/0004.mp4", std::string_view("text"));
  const std::string line = "ferv face crop " + quoted(folder / "raw") + " --out " + quoted(folder / "out");
  const auto result = run_shell(line);
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("1 clips, 0 without a face, 1 unreadable"));
  EXPECT_THAT(result.output, HasSubstr("unreadable " + (folder / "raw/War/Sad/0004.mp4").string()));
  EXPECT_TRUE(fs::exists(folder / "out/2_ClipsforFaceCrop/War/Sad/0003/00.jpg"));
  EXPECT_TRUE(fs::exists(folder / "out/3_ClipsforScenImages/War/Sad/0003/00.jpg"));
  EXPECT_THAT(run_shell(line).output, HasSubstr("(2 done before)"));
}

TEST(FaceCrop, HasTheExitCodesOfTheContract) {
  const test::TemporaryFolder folder;
  EXPECT_EQ(run_shell("ferv face crop /nowhere --out " + quoted(folder / "out")).exit_code, 3);
  EXPECT_EQ(run_shell("ferv face crop --no-face guess / --out " + quoted(folder / "out")).exit_code, 2);
  write_file_atomically(folder / "raw/Sad/a.mp4", std::string_view("text"));
  const auto result =
      run_shell("ferv face crop " + quoted(folder / "raw") + " --out " + quoted(folder / "out"));
  EXPECT_EQ(result.exit_code, 4) << "nothing could be read";
  EXPECT_THAT(result.output, HasSubstr("a.mp4"));
  EXPECT_EQ(run_shell("ferv face score " + quoted(folder / "raw")).exit_code, 3)
      << "no table beside the film";
}

}  // namespace
}  // namespace ferv

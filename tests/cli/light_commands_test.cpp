// SPDX-License-Identifier: Apache-2.0
// The contract of the command line, for commands that need no LibTorch: exit codes, one clear line, streams.
#include <algorithm>
#include <sstream>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

void expect_failure(const std::string& line, int exit_code, const std::string& text) {
  const auto result = run_shell(line);
  EXPECT_EQ(result.exit_code, exit_code) << line << "\n" << result.errors;
  EXPECT_THAT(result.errors, HasSubstr(text)) << line;
  EXPECT_EQ(std::count(result.errors.begin(), result.errors.end(), '\n'), 1)
      << "one clear line: " << result.errors;
  EXPECT_THAT(result.output, IsEmpty()) << "errors go to stderr alone: " << line;
}

/// A data set of a few clips, made once.
const std::filesystem::path& small_data_set() {
  static const test::TemporaryFolder folder;
  static const std::filesystem::path path = [] {
    const auto result = run_shell("ferv synth --out '" + (folder / "data").string() +
                                  "' --clips-per-cell 2 --scenes Action,War --seed 3");
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    return folder / "data";
  }();
  return path;
}

TEST(LightProgram, LinksNeitherLibTorchNorLibavNorDlib) {
  const auto result = run_shell("ldd $(command -v ferv)");
  ASSERT_EQ(result.exit_code, 0);
  for (const char* library : {"libtorch", "libc10", "libavcodec", "libdlib", "libopenblas"}) {
    EXPECT_THAT(result.output, Not(HasSubstr(library)));
  }
}

TEST(Help, ListsCommandsAndExitCodesOnStdout) {
  const auto result = run_shell("ferv --help");
  EXPECT_EQ(result.exit_code, 0);
  for (const char* word : {"synth", "data", "score", "report", "Exit codes"})
    EXPECT_THAT(result.output, HasSubstr(word));
}

TEST(Help, OfEveryListedCommandWorksAndShowsAnExample) {
  const auto list = run_shell("ferv --help | sed -n '/^Subcommands/,/^$/p' | awk '/^  [a-z]/{print $1}'");
  std::istringstream names(list.output);
  int count = 0;
  for (std::string name; names >> name; ++count) {
    const auto result = run_shell("ferv " + name + " --help");
    EXPECT_EQ(result.exit_code, 0) << name << result.errors;
    EXPECT_THAT(result.output, HasSubstr("ferv " + name)) << "no example in the help of " << name;
  }
  EXPECT_GE(count, 5);
}

TEST(Version, IsOneLine) {
  EXPECT_EQ(run_shell("ferv --version").output, "ferv 0.1.0\n");
}

TEST(Usage, UnknownWordsAreErrorsWithASuggestion) {
  expect_failure("ferv scroe x.csv", 2, "did you mean 'score'?");
  expect_failure("ferv score --jsno x.csv", 2, "unknown option '--jsno', did you mean '--json'?");
  expect_failure("ferv", 2, "see ferv --help");
  expect_failure("ferv data stats --jsno .", 2, "ferv data stats: unknown option '--jsno'");
  expect_failure("ferv score --seed -1 x.csv", 2, "not in range 0 to 2147483647");
  expect_failure("ferv score --clips 5 x.csv", 2, "--check-table");
  expect_failure("ferv synth", 2, "--out");
}

TEST(MissingInput, IsExitCode3WithThePath) {
  expect_failure("ferv data stats /no/such/folder", 3, "/no/such/folder");
  expect_failure("ferv score /no/such.csv", 3, "/no/such.csv");
  expect_failure("ferv runs compare / /", 3, "a run folder");
  expect_failure("ferv report /no/such.csv --out /tmp/never.html", 3, "/no/such.csv");
}

TEST(EmptyAnnotation, IsExitCode4WithTheFile) {
  const test::TemporaryFolder folder;
  std::filesystem::create_directories(folder / "2_ClipsforFaceCrop");
  write_file_atomically(folder / "4_setups/All_scenes/train_All.csv", std::string_view(""));
  write_file_atomically(folder / "4_setups/All_scenes/test_All.csv",
                        std::string_view("Action/Sad/0001 Sad\n"));
  expect_failure("ferv data stats '" + folder.path().string() + "'", 4, "train_All.csv");
}

TEST(DataCheck, FindsNothingWrongWithAFreshDataSet) {
  const auto result = run_shell("ferv data check '" + small_data_set().string() + "'");
  EXPECT_EQ(result.exit_code, 0) << result.output << result.errors;
}

TEST(DataCheck, NamesATruncatedFrameAndReturns4) {
  const test::TemporaryFolder folder;
  std::filesystem::copy(small_data_set(), folder / "data", std::filesystem::copy_options::recursive);
  const auto frame = folder / "data/2_ClipsforFaceCrop/War/Sad/0001/03.jpg";
  std::filesystem::resize_file(frame, std::filesystem::file_size(frame) / 2);
  std::filesystem::remove_all(folder / "data/2_ClipsforFaceCrop/War/Fear/0000");
  const auto result = run_shell("ferv data check '" + (folder / "data").string() + "'");
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.output + result.errors, HasSubstr("War/Sad/0001/03.jpg"));
  EXPECT_THAT(result.output + result.errors, HasSubstr("War/Fear/0000"));
}

TEST(Synth, WritesLayoutsAsTheDataCommandReadsThem) {
  const test::TemporaryFolder folder;
  const std::string data = "'" + (folder / "data").string() + "'";
  const std::string lists =
      "--layout lists --train-list " + data + "/train.txt --test-list " + data + "/test.txt ";
  for (const std::string layout : {"afew", "lists"}) {
    std::filesystem::remove_all(folder / "data");
    const auto made = run_shell("ferv synth --size 32 --clips 14 --layout " + layout + " --out " + data);
    ASSERT_EQ(made.exit_code, 0) << made.errors;
    const std::string options = layout == "lists" ? lists : "";
    const auto read = run_shell("ferv data index --json " + options + data);
    EXPECT_THAT(read.output, HasSubstr("\"layout\": \"" + layout + "\""));
    EXPECT_THAT(read.output, HasSubstr("\"clips\": 14,"));
    const auto checked = run_shell("ferv data check --size 32 " + options + data);
    EXPECT_EQ(checked.exit_code, 0) << layout << "\n" << checked.output << checked.errors;
  }
}

TEST(DataCheck, WritesAPageAndJsonOfWhatIsWrong) {
  const test::TemporaryFolder folder;
  std::filesystem::copy(small_data_set(), folder / "data", std::filesystem::copy_options::recursive);
  write_file_atomically(folder / "data/2_ClipsforFaceCrop/War/Sad/0000/Thumbs.db", std::string_view("x"));
  const auto result = run_shell("ferv data check --json --html '" + (folder / "page.html").string() + "' '" +
                                (folder / "data").string() + "'");
  EXPECT_EQ(result.exit_code, 4) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("\"extra-file\": 1"));
  EXPECT_THAT(read_text_file(folder / "page.html"), HasSubstr("Thumbs.db"));
}

TEST(DataSplit, DividesIntoFoldsAndByScenario) {
  const std::string data = "'" + small_data_set().string() + "'";
  const auto folds = run_shell("ferv data split --of-folds 2 --fraction 0 " + data);
  EXPECT_THAT(folds.output, HasSubstr("train  14 clips"));
  EXPECT_THAT(folds.output, HasSubstr("test   14 clips"));
  const auto scenes = run_shell("ferv data split --test-on AI9k --fraction 0 " + data);
  EXPECT_THAT(scenes.output, HasSubstr("train  7 clips"));
  expect_failure("ferv data split --test-on War --train-on War " + data, 2, "on both sides");
}

TEST(FullDisk, IsAnErrorNotHalfAFile) {
  const test::TemporaryFolder folder;
  write_file_atomically(
      folder / "r.csv",
      std::string_view("clip,label,predicted,A,B\na,A,A,0.9,0.1\nb,B,A,0.6,0.4\nc,B,B,0.2,0.8\n"));
  // A limit on file sizes stands in for a full disk.
  const auto limited = run_shell("ulimit -f 1; ferv report '" + (folder / "r.csv").string() + "' --out '" +
                                 (folder / "r.html").string() + "'");
  EXPECT_EQ(limited.exit_code, 1);
  EXPECT_THAT(limited.errors, HasSubstr("r.html: cannot write"));
  EXPECT_FALSE(std::filesystem::exists(folder / "r.html"));
  const auto no_stdout = run_shell("ferv score '" + (folder / "r.csv").string() + "' >/dev/full");
  EXPECT_EQ(no_stdout.exit_code, 1);
  EXPECT_THAT(no_stdout.errors, HasSubstr("No space left"));
}

TEST(Synth, RefusesAFolderWithOtherThingsInIt) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "thesis.txt", std::string_view("important"));
  const auto result =
      run_shell("ferv synth --out '" + folder.path().string() + "' --clips-per-cell 1 --scenes War");
  EXPECT_EQ(result.exit_code, 2) << result.errors;
  EXPECT_EQ(read_text_file(folder / "thesis.txt"), "important");
}

}  // namespace
}  // namespace ferv

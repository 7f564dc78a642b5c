// SPDX-License-Identifier: Apache-2.0
// ferv score, compare, leaderboard and report on result files of full size, as a referee would run them.
#include <fmt/format.h>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::vector<std::string> kClasses = {"Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"};

/// MAE-DFER on the 7,847 test clips, rows = truth (github.com/sunlicai/MAE-DFER, logs/ferv39k.out).
const std::vector<std::vector<int>> kMaeDfer = {
    {1076, 57, 201, 59, 40, 33, 7},  {91, 752, 228, 183, 51, 45, 43}, {180, 205, 1158, 245, 71, 63, 36},
    {56, 197, 310, 750, 81, 54, 39}, {78, 63, 138, 116, 192, 17, 34}, {56, 75, 98, 114, 27, 84, 13},
    {26, 113, 89, 70, 39, 20, 74}};

/// A folder with results of that matrix: full.csv, the official form of its list, and others' forms of the
/// same.
const std::filesystem::path& results_folder() {
  static const test::TemporaryFolder folder;
  static const bool is_written = [] {
    std::string full = "clip,label,predicted,Happy,Sad,Neutral,Angry,Surprise,Disgust,Fear\n";
    std::string other = full;
    std::string list;
    std::string answers;
    std::string table = "id,label,pred\n";
    std::string matrix;
    const std::vector<int> alphabetical = {3, 5, 4, 0, 6, 1, 2};
    for (std::size_t truth = 0; truth < 7; ++truth) {
      int number = 0;
      for (std::size_t predicted = 0; predicted < 7; ++predicted) {
        matrix += fmt::format("{} ", kMaeDfer[truth][predicted]);
        for (int i = 0; i < kMaeDfer[truth][predicted]; ++i, ++number) {
          const std::string clip = fmt::format("{}/{}/{:04}",
                                               number % 3 == 0   ? "War"
                                               : number % 3 == 1 ? "Crime"
                                                                 : "School",
                                               kClasses[truth], number);
          const double confidence = 0.3 + 0.6 * ((number * 37) % 101) / 101.0;
          full += fmt::format("{},{},{}", clip, kClasses[truth], kClasses[predicted]);
          for (std::size_t k = 0; k < 7; ++k)
            full += fmt::format(",{:.6f}", k == predicted ? confidence : (1 - confidence) / 6);
          full += "\n";
          other += fmt::format("{},{},{},,,,,,,\n", clip, kClasses[truth],
                               kClasses[number % 4 == 0 ? truth : predicted]);
          list += clip + " " + kClasses[truth] + "\n";
          answers += fmt::format("/data/2_ClipsforFaceCrop/{} {} {}\n", clip, predicted, truth);
          table += fmt::format("/x/{},{},{}\n", clip, alphabetical[truth], alphabetical[predicted]);
        }
      }
      matrix += "\n";
    }
    for (const auto& [name, text] : std::vector<std::pair<const char*, std::string>>{{"full.csv", full},
                                                                                     {"other.csv", other},
                                                                                     {"test_All.csv", list},
                                                                                     {"answers.txt", answers},
                                                                                     {"pred.csv", table},
                                                                                     {"matrix.txt", matrix}})
      write_file_atomically(folder / name, std::string_view(text));
    write_file_atomically(folder / "full.json",
                          std::string_view(R"({"model":"r18_lstm","split":"test","protocol":"clean"})"));
    return true;
  }();
  EXPECT_TRUE(is_written);
  return folder.path();
}

test::CommandResult run_there(const std::string& line) {
  return run_shell("cd '" + results_folder().string() + "' && " + line);
}

TEST(Score, GivesMaeDfersFiguresFromEveryFormOfItsAnswers) {
  for (const char* arguments :
       {"full.csv --against test_All.csv", "answers.txt --format list --classes dfew --against test_All.csv",
        "pred.csv --columns clip=id,label=label,predicted=pred --classes alphabetical",
        "matrix.txt --format matrix --classes dfew"}) {
    const auto result = run_there(std::string("ferv score ") + arguments);
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    EXPECT_THAT(result.output,
                AllOf(HasSubstr("7847 clips"), HasSubstr("WAR  52.07 ["), HasSubstr("UAR  43.12 ["),
                      HasSubstr("macro F1 0.4366 ["), HasSubstr("weighted F1 0.5110 [")))
        << arguments;
  }
}

TEST(Score, RefusesOrCountsWhatIsNotOfTheList) {
  const std::string spoil =
      "(sed 5d full.csv; sed -n 9p full.csv; echo War/Sad/9999,Sad,Sad,,,,,,,) > spoilt.csv; ";
  const auto refused = run_there(spoil + "ferv score spoilt.csv --against test_All.csv");
  EXPECT_EQ(refused.exit_code, 4);
  EXPECT_THAT(refused.errors,
              AllOf(HasSubstr("1 missing"), HasSubstr("1 duplicated"), HasSubstr("1 foreign")));
  const auto counted = run_there("ferv score spoilt.csv --against test_All.csv --count-problems");
  EXPECT_EQ(counted.exit_code, 0) << counted.errors;
  EXPECT_THAT(counted.output, AllOf(HasSubstr("7846 of the list's 7847"), HasSubstr("1 rows too many"),
                                    HasSubstr("1 clips that the list does not hold")));
  const auto wrong_order =
      run_there("ferv score pred.csv --columns clip=id,label=label,predicted=pred --classes dfew");
  EXPECT_EQ(wrong_order.exit_code, 4);
  EXPECT_THAT(wrong_order.errors, HasSubstr("is the order of classes right?"));
  EXPECT_EQ(run_there("ferv score answers.txt --format list").exit_code, 2) << "an order is never guessed";
}

TEST(Score, QuotesAStrangersFileWithoutItsCommandsToTheTerminal) {
  const auto result =
      run_there("printf 'clip,la\\033[2Jbel,predicted,Happy,Sad\\n' >hostile.csv; ferv score hostile.csv");
  EXPECT_NE(result.exit_code, 0);
  EXPECT_THAT(result.errors, testing::HasSubstr("hostile.csv"));
  EXPECT_EQ(result.errors.find('\033'), std::string::npos) << result.errors;
}

TEST(Score, SavesForeignAnswersForCompareAndReport) {
  const auto result = run_there(
      "ferv score pred.csv --columns clip=id,label=label,predicted=pred --classes alphabetical --save "
      "saved.csv "
      ">score.txt && ferv compare full.csv saved.csv");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, HasSubstr("right in A alone 0, in B alone 0"));
  const auto bare = run_there("ferv score saved.csv --uncertain-below 0.5");
  EXPECT_EQ(bare.exit_code, 2);
  EXPECT_THAT(bare.errors, HasSubstr("holds no probabilities"));
}

TEST(Score, PoolsAndAveragesFoldsUnderTheirNames) {
  const auto result = run_there(
      "(head -1 full.csv; grep ^War full.csv) > a.csv; (head -1 full.csv; grep ^Crime full.csv) > b.csv; "
      "ferv score a.csv b.csv --folds");
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  EXPECT_THAT(result.output, AllOf(HasSubstr("2 folds pooled: "), HasSubstr("2 folds averaged")));
  EXPECT_EQ(run_there("ferv score a.csv a.csv --folds").exit_code, 4) << "a clip in two folds";
}

TEST(Score, SaysHowFarConfidenceCanBeTrusted) {
  const auto result = run_there("ferv score full.csv --calibration --uncertain-below 0.5");
  EXPECT_THAT(result.output,
              AllOf(HasSubstr("expected calibration error"), HasSubstr("area under the risk curve"),
                    HasSubstr("\"uncertain\" below 0.5: ")));
}

TEST(Score, RunsWithoutLibTorchInTheProcess) {
  // A pipe as input keeps the process alive, with all that it loads, while its maps are read.
  const auto result = run_there(
      "mkfifo pipe.csv; ferv score pipe.csv >score.txt & exec 3>pipe.csv; "
      "cat /proc/$!/maps; cat full.csv >&3; exec 3>&-; wait $!; cat score.txt");
  EXPECT_THAT(result.output, HasSubstr("libc.so")) << result.errors;
  for (const char* library : {"libtorch", "libc10", "libopenblas", "libavcodec", "libdlib"})
    EXPECT_THAT(result.output, Not(HasSubstr(library)));
}

TEST(Score, AgreesWithScikitLearnOnRandomAnswers) {
  if (run_shell("/usr/bin/python3 -c 'import sklearn'").exit_code != 0)
    GTEST_SKIP() << "python3-sklearn is absent";
  const auto result = run_there(R"(cat > agreement.py <<'END'
import json, random, subprocess, sys
from sklearn import metrics
names = ["Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"]
for seed in range(5):
    random.seed(seed)
    count = random.choice([3, 50, 700])
    truth = [random.choice(names[:random.choice([2, 7])]) for _ in range(count)]
    said = [t if random.random() < 0.5 else random.choice(names) for t in truth]
    with open("random.csv", "w") as file:
        file.write("clip,label,predicted," + ",".join(names) + "\n")
        for i, (t, s) in enumerate(zip(truth, said)):
            file.write(f"{i},{t},{s},,,,,,,\n")
    out = json.loads(subprocess.check_output(["ferv", "score", "random.csv", "--json", "--resamples", "2"]))[0]
    present = sorted(set(truth))
    wanted = {"war": metrics.accuracy_score(truth, said),
              "uar": metrics.recall_score(truth, said, labels=present, average="macro", zero_division=0),
              "macro_f1": metrics.f1_score(truth, said, labels=names, average="macro", zero_division=0),
              "weighted_f1": metrics.f1_score(truth, said, labels=names, average="weighted", zero_division=0)}
    for key, value in wanted.items():
        assert abs(out[key] - value) < 1e-12, (seed, key, out[key], value)
    precision, recall, f1, _ = metrics.precision_recall_fscore_support(truth, said, labels=names, zero_division=0)
    for k, name in enumerate(names):
        one = out["by_class"][name]
        assert abs(one["precision"] - precision[k]) + abs(one["recall"] - recall[k]) + abs(one["f1"] - f1[k]) < 1e-12
print("agreed")
END
/usr/bin/python3 agreement.py)");
  EXPECT_THAT(result.output, HasSubstr("agreed")) << result.errors;
}

TEST(CheckTable, NamesFiguresThatNoCountGivesAndReturns4) {
  const auto good = run_there(
      "printf 'method,WAR/UAR,Note\\nR18,39.33/30.30,x\\nRS18,41.XX/31.XX,y\\n' > t.csv; ferv score "
      "--check-table t.csv");
  EXPECT_EQ(good.exit_code, 0) << good.errors;
  EXPECT_THAT(good.output,
              AllOf(HasSubstr("1 possible"), HasSubstr("2 masked"), HasSubstr("column not read: Note")));
  const auto bad =
      run_there("printf 'method,Experiment_WAR\\nmine,50.00\\n' > t.csv; ferv score --check-table t.csv");
  EXPECT_EQ(bad.exit_code, 4);
  EXPECT_THAT(bad.output, HasSubstr("mine: Experiment_WAR 50.00 is no k/113"));
}

TEST(Compare, SaysWhereTwoDifferAndRanksMore) {
  const auto two = run_there("ferv compare full.csv other.csv --by class --resamples 100 --clips");
  EXPECT_EQ(two.exit_code, 0) << two.errors;
  EXPECT_THAT(two.output, AllOf(HasSubstr("7847 clips in both"), HasSubstr("McNemar p"),
                                HasSubstr("Surprise"), HasSubstr(" -> ")));
  const auto three = run_there("cp full.csv again.csv; ferv compare full.csv other.csv again.csv");
  EXPECT_EQ(three.exit_code, 0) << three.errors;
  EXPECT_THAT(three.output, AllOf(HasSubstr("3 models ranked by WAR in each of 3 scenes"),
                                  HasSubstr("Nemenyi"), HasSubstr("Wilcoxon p")));
}

TEST(Leaderboard, PutsARunInItsPlaceWithProtocolAndSource) {
  const auto all = run_there("ferv leaderboard full.csv");
  EXPECT_THAT(all.output, AllOf(HasSubstr("> r18_lstm"), HasSubstr("clean"), HasSubstr("41.XX"),
                                HasSubstr("test-selected")));
  EXPECT_THAT(run_there("ferv leaderboard full.csv --by scene").output,
              AllOf(HasSubstr("63.72/37.55"), HasSubstr("> r18_lstm")));
  EXPECT_THAT(run_there("ferv leaderboard --cross-scenario").output, HasSubstr("31.62/24.16"));
}

/// What headless Chromium makes of a page: its console and the elements after loading.
test::CommandResult in_browser(const std::string& options, const std::string& page) {
  return run_there(
      "timeout 120 chromium --headless --no-sandbox --disable-gpu --disable-extensions --no-first-run "
      "--disable-background-networking --host-resolver-rules='MAP * ~NOTFOUND' "
      "--user-data-dir=browser --enable-logging=stderr --log-level=0 " +
      options + " 'file://'$PWD/" + page);
}

constexpr const char* kAskedByPage = "\"initiator\":\"null\"";

class ReportInBrowser : public testing::Test {
 protected:
  void SetUp() override {
    if (run_shell("command -v chromium").exit_code != 0) GTEST_SKIP() << "chromium is absent";
  }
};

TEST_F(ReportInBrowser, OfFullSizeShowsItsChartsWithoutAnErrorOrARequest) {
  const auto made = run_there("ferv report full.csv --out full.html");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  EXPECT_LT(std::filesystem::file_size(results_folder() / "full.html"), 5U << 20);
  const auto shown = in_browser("--dump-dom --log-net-log=net.json", "full.html");
  ASSERT_EQ(shown.exit_code, 0) << shown.errors;
  EXPECT_THAT(shown.output, AllOf(HasSubstr("<title>ferv report: full.csv</title>"), HasSubstr("52.07 %"),
                                  HasSubstr("WAR of each scenario and scene")));
  EXPECT_THAT(shown.errors, Not(HasSubstr("CONSOLE")))
      << "errors and violations of its policy would stand there";
  // What a page from a file asks for is logged with the origin "null"; the browser itself asks in no origin's
  // name.
  EXPECT_THAT(read_text_file(results_folder() / "net.json"), Not(HasSubstr(kAskedByPage)));
}

TEST_F(ReportInBrowser, WouldBeCaughtAskingForSomethingOrFailing) {
  write_file_atomically(
      results_folder() / "asking.html",
      std::string_view("<img src='https://example.invalid/x.png'><script>nothing()</script>"));
  const auto shown = in_browser("--dump-dom --log-net-log=net.json", "asking.html");
  EXPECT_THAT(shown.errors, HasSubstr("CONSOLE"));
  EXPECT_THAT(read_text_file(results_folder() / "net.json"), HasSubstr(kAskedByPage));
}

TEST_F(ReportInBrowser, PaintsItsChartsAndPlaysAClipByTheKeyboard) {
  const auto made = run_there(
      "ferv synth --out data --clips-per-cell 2 --scenes War --seed 1 --size 64 >synth.txt && "
      "(head -1 full.csv; for e in Happy Sad Angry; do echo War/$e/0000,$e,Fear,0,0,0,0,0,0,1; done) > "
      "small.csv && "
      "ferv report small.csv --data data --out small.html");
  ASSERT_EQ(made.exit_code, 0) << made.errors;
  // The page's policy allows no script from outside, so a copy without it gets a probe that acts as a user
  // does.
  const auto shown = [] {
    (void)run_there(
        "sed -e 's/<meta http-equiv[^>]*>//' -e 's#</body>#<script>const "
        "b=document.querySelector(\".clip\");b.focus();"
        "const f=document.activeElement===b;b.click();document.title=\"probe \"+f+\" "
        "\"+b.getAttribute(\"aria-pressed\")+"
        "\" \"+getComputedStyle(b.firstChild).animationName+\" \"+"
        "[...document.querySelectorAll(\"canvas\")].filter(c=>c.getContext(\"2d\").getImageData(0,0,c.width,"
        "c.height)"
        ".data.some(v=>v)).length</script></body>#' small.html > probe.html");
    return in_browser("--dump-dom", "probe.html");
  }();
  EXPECT_THAT(shown.output, HasSubstr("<title>probe true true film 3</title>")) << shown.errors;
  const auto real = in_browser("--dump-dom", "small.html");
  EXPECT_THAT(real.errors, Not(HasSubstr("CONSOLE"))) << "its own script is the one that its policy names";
}

}  // namespace
}  // namespace ferv

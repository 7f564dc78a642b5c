// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "clip_pictures.h"
#include "ferv/base/files.h"
#include "matchers.h"
#include "sample_results.h"
#include "tiny_data_set.h"

namespace ferv::evaluation {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile = "War/<script>alert(1)</script>\"'&/0001";

ReportInput sample_input() {
  ReportInput input;
  input.title = "a run";
  input.results = test::sample_results({"War", "School"});
  input.results.facts = {{"model", "c3d"}, {"split", "test"}, {"protocol", "clean"}};
  input.curves = {{"train_loss", {2.0, 1.5}}, {"val_war", {0.2, 0.3}}};
  input.bootstrap.resample_count = 100;
  return input;
}

class RunFolderReport : public testing::Test {
 protected:
  void SetUp() override {
    write_results(run_ / "results/test.csv", test::sample_results({"War"}));
    write("metrics.csv", "epoch,train_loss\n1,2.5\n2,1.25\n");
    write("config.toml", "model = \"c3d\"\n");
    write("environment.json", "{\"cores\": 2}\n");
  }
  void write(const std::string& name, std::string_view text) { write_file_atomically(run_ / name, text); }

  test::TemporaryFolder folder_;
  std::filesystem::path run_ = folder_ / "my run";
};

TEST_F(RunFolderReport, ReadsAllThatTheRunLeft) {
  const ReportInput input = read_report_input(run_ / "");
  EXPECT_EQ(input.results.rows.size(), 14U);
  ASSERT_EQ(input.curves.size(), 2U);
  EXPECT_EQ(input.curves[1].name, "train_loss");
  EXPECT_THAT(input.curves[1].values, ElementsAre(2.5, 1.25));
  EXPECT_EQ(input.settings, "model = \"c3d\"\n");
  EXPECT_EQ(input.environment, "{\"cores\": 2}\n");
}

TEST_F(RunFolderReport, ReadsAResultFileAlone) {
  const ReportInput input = read_report_input(run_ / "results/test.csv");
  EXPECT_EQ(input.title, "test.csv");
  EXPECT_EQ(input.results.rows.size(), 14U);
  EXPECT_TRUE(input.curves.empty());
}

TEST_F(RunFolderReport, NeedsResultsAndNothingElse) {
  for (const char* name : {"metrics.csv", "config.toml", "environment.json"})
    std::filesystem::remove(run_ / name);
  EXPECT_THAT(render_report(read_report_input(run_)), HasSubstr("WAR"));
  std::filesystem::remove(run_ / "results/test.csv");
  test::expect_error(ErrorKind::kNotFound, HasSubstr("test.csv"), [&] { (void)read_report_input(run_); });
  test::expect_error(ErrorKind::kNotFound, HasSubstr("absent"),
                     [&] { (void)read_report_input(folder_ / "absent"); });
}

TEST_F(RunFolderReport, RefusesDamagedCurvesWithFileAndLine) {
  write("metrics.csv", "epoch,train_loss\n1,2.5\n2\n");
  test::expect_error(ErrorKind::kCorruptData,
                     AllOf(HasSubstr("metrics.csv:3"), HasSubstr("1 fields, wanted 2")),
                     [&] { (void)read_report_input(run_); });
  write("metrics.csv", "epoch,train_loss\n1,2.5\n2,low\n");
  test::expect_error(ErrorKind::kCorruptData, AllOf(HasSubstr("metrics.csv:3"), HasSubstr("'low'")),
                     [&] { (void)read_report_input(run_); });
}

TEST_F(RunFolderReport, TakesALossThatWasNoNumber) {
  write("metrics.csv", "epoch,train_loss\n1,2.5\n2,nan\n3,1\n");
  EXPECT_THAT(render_report(read_report_input(run_)), HasSubstr("<th scope=\"row\">3</th><td>1</td>"));
}

TEST(Report, HoldsWarAndUarWithTheirIntervals) {
  const ReportInput input = sample_input();
  const std::string html = render_report(input);
  const ConfusionMatrix matrix = confusion_matrix(input.results);
  const MetricIntervals intervals = bootstrap_intervals(matrix, input.bootstrap);
  EXPECT_THAT(html, HasSubstr(fmt::format("WAR (share of clips right)<b>{:.2f} %</b>", 100 * war(matrix))));
  EXPECT_THAT(html, HasSubstr(fmt::format("UAR (mean recall of classes)<b>{:.2f} %</b>", 100 * uar(matrix))));
  EXPECT_THAT(html, HasSubstr(fmt::format("95 % interval {:.2f} to {:.2f}", 100 * intervals.war.low,
                                          100 * intervals.war.high)));
}

TEST(Report, SaysWhichConfidenceItsIntervalsHave) {
  ReportInput input = sample_input();
  input.bootstrap.confidence = 0.9;
  EXPECT_THAT(render_report(input), AllOf(HasSubstr("90 % interval"), Not(HasSubstr("95 % interval"))));
}

TEST(Report, IsOneFileThatLoadsNothing) {
  const std::string html = render_report(sample_input());
  EXPECT_TRUE(html.starts_with("<!doctype html>"));
  EXPECT_TRUE(html.ends_with("</html>\n"));
  // The library of charts, whole: its licence names its home, and no line of it asks for anything.
  std::string lower_case = html;
  const std::size_t library = lower_case.find("<script>/*!");
  ASSERT_NE(library, std::string::npos);
  const std::size_t library_end = lower_case.find("</script>", library);
  EXPECT_THAT(html.substr(library, 300), HasSubstr("MIT License"));
  EXPECT_THAT(html.substr(library, library_end - library),
              AllOf(Not(HasSubstr("fetch(")), Not(HasSubstr("XMLHttpRequest")), Not(HasSubstr("import("))));
  lower_case.erase(library, library_end + 9 - library);
  std::transform(lower_case.begin(), lower_case.end(), lower_case.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  for (const char* loader : {"http:", "https:", "<link", "<img", "<iframe", "<object", "<embed",
                             "src=", "href=", "@import", "url(", "fetch", "innerhtml"})
    EXPECT_THAT(lower_case, Not(HasSubstr(loader)));
  EXPECT_EQ(lower_case.find("<script"), lower_case.rfind("<script")) << "its own, and no other";
  EXPECT_THAT(html, HasSubstr("default-src 'none'"));
}

TEST(Report, EscapesAllTextFromFiles) {
  ReportInput input = sample_input();
  input.title = kHostile;
  input.settings = kHostile;
  input.environment = kHostile;
  input.results.classes[0] = kHostile;
  input.results.rows[0].clip = kHostile;
  input.results.rows[0].predicted = (input.results.rows[0].label + 1) % 7;
  input.results.rows[1].clip = "<script>alert(2)</script>/x/0001";
  input.results.facts = {{"model", kHostile}, {"split", kHostile}, {"protocol", kHostile}};
  input.curves[0].name = "train_loss";
  const std::string html = render_report(input);
  EXPECT_THAT(html, AllOf(Not(HasSubstr("<script>alert")), Not(HasSubstr("<script)"))));
  EXPECT_THAT(html, Not(HasSubstr("\"'&/0001")));
  EXPECT_THAT(html, HasSubstr("War/&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;/0001"));
}

TEST(Report, ShowsEachPartOnlyWhereThereIsSomethingToShow) {
  ReportInput input = sample_input();
  for (const char* title :
       {"Training", "Classes", "Scenarios and scenes", "Calibration", "Most confident mistakes"})
    EXPECT_THAT(render_report(input), HasSubstr(std::string("<h2>") + title));
  EXPECT_THAT(render_report(input), Not(HasSubstr("<h2>The run")));
  input.curves.clear();
  input.settings = "seed = 1";
  for (ResultRow& row : input.results.rows) row.probabilities.clear();
  input.results.rows[0].clip = "clip0";
  const std::string html = render_report(input);
  for (const char* title : {"Training", "Scenarios and scenes", "Calibration", "Most confident mistakes"})
    EXPECT_THAT(html, Not(HasSubstr(std::string("<h2>") + title)));
  EXPECT_THAT(html, HasSubstr("<h2>The run"));
}

TEST(Report, ShowsCalibrationWhenOnlyTheFirstClipHasNoProbabilities) {
  ReportInput input = sample_input();
  input.results.rows[0].probabilities.clear();
  EXPECT_THAT(render_report(input), HasSubstr("Expected calibration error"));
}

TEST(Report, ListsTheSurestMistakesFirst) {
  ReportInput input = sample_input();
  for (ResultRow& row : input.results.rows) row.predicted = row.label;
  ResultRow& unsure = input.results.rows[2];
  unsure.predicted = (unsure.label + 1) % 7;
  unsure.probabilities = {0.1, 0.1, 0.1, 0.1, 0.2, 0.2, 0.2};
  ResultRow& sure = input.results.rows[9];
  sure.predicted = (sure.label + 1) % 7;
  sure.probabilities.assign(7, 0.01);
  sure.probabilities[static_cast<std::size_t>(sure.predicted)] = 0.94;
  const std::string html = render_report(input);
  const std::string mistakes = html.substr(html.find("Most confident mistakes"));
  EXPECT_LT(mistakes.find(sure.clip), mistakes.find(unsure.clip));
  EXPECT_THAT(mistakes, HasSubstr("</b> 0.94"));
  EXPECT_THAT(mistakes, Not(HasSubstr(input.results.rows[3].clip)));
}

TEST(Report, SetsAModelOfTheZooBesideItsPublishedFigures) {
  ReportInput input = sample_input();
  EXPECT_THAT(render_report(input), HasSubstr("C3D on FERV39k: WAR/UAR 31.69/22.68"));
  input.results.facts["model"] = "somebody's own";
  EXPECT_THAT(render_report(input), Not(HasSubstr("on FERV39k: WAR/UAR")));
}

TEST(Report, TellsHowTheEpochWasChosen) {
  ReportInput input = sample_input();
  EXPECT_THAT(render_report(input), HasSubstr("held out of training"));
  input.results.facts["protocol"] = "published";
  EXPECT_THAT(render_report(input), HasSubstr("chosen on the test clips"));
  input.results.facts.clear();
  EXPECT_THAT(render_report(input), HasSubstr("protocol unknown"));
}

TEST(Report, RendersNoResultsWithoutFalling) {
  ReportInput input;
  input.results.classes = test::expressions();
  EXPECT_THAT(render_report(input), HasSubstr("0 clips"));
}

TEST(Report, MarksThePublishedFiguresOfScenes) {
  ReportInput input = sample_input();
  EXPECT_THAT(render_report(input), HasSubstr("&quot;reference&quot;:")) << "C3D on DL11k and AI9k";
  input.results.facts.clear();
  EXPECT_THAT(render_report(input), Not(HasSubstr("&quot;reference&quot;:")));
}

TEST(Report, ListsTheHardestClipsByTheProbabilityOfTheirLabel) {
  ReportInput input = sample_input();
  for (ResultRow& row : input.results.rows) row.predicted = row.label;
  const auto make_wrong = [&](std::size_t at, double of_label) {
    ResultRow& row = input.results.rows[at];
    row.predicted = (row.label + 1) % 7;
    row.probabilities.assign(7, (0.4 - of_label) / 5);
    row.probabilities[static_cast<std::size_t>(row.label)] = of_label;
    row.probabilities[static_cast<std::size_t>(row.predicted)] = 0.6;
    return row.clip;
  };
  const std::string hard = make_wrong(8, 0.01);
  const std::string less_hard = make_wrong(3, 0.3);
  const std::string html = render_report(input);
  const std::string hardest = html.substr(html.find("Hardest clips"));
  EXPECT_LT(hardest.find(hard), hardest.find(less_hard));
}

TEST_F(RunFolderReport, ShowsFramesOfTheClipsWhereTheDataSetIsAtHand) {
  ReportInput input = read_report_input(run_);
  input.results.facts.clear();
  EXPECT_THAT(render_report(input),
              AllOf(HasSubstr("the data set is not at hand"), Not(HasSubstr("data:image"))));
  test::TinyDataSetOptions options;
  options.clips_per_cell = 2;
  options.scenes = {"War"};
  options.frame_count = 3;
  test::write_tiny_data_set(folder_ / "data", options);
  std::filesystem::remove(folder_ / "data/2_ClipsforFaceCrop/War/Sad/0001/01.jpg");
  write("config.toml", "model = \"c3d\"\ndata = \"" + (folder_ / "data").string() + "\"\n");
  input = read_report_input(run_);
  EXPECT_EQ(input.data, folder_ / "data") << "the run says what it was trained on";
  input.results.rows.push_back({"../../War/Sad/0001", 0, 1, {0, 1, 0, 0, 0, 0, 0}});
  const std::string html = render_report(input);
  EXPECT_THAT(html, AllOf(HasSubstr("data:image/jpeg;base64,/9j/"), HasSubstr("aria-label=\"Play clip War/"),
                          HasSubstr("--frames:3"), Not(HasSubstr("Play clip .."))));
  input.data = folder_ / "elsewhere";
  EXPECT_THAT(render_report(input), HasSubstr("No pictures: "));
}

TEST_F(RunFolderReport, ShowsWhichFramesMatteredWhereAFileSaysSo) {
  const std::string clip = test::sample_results({"War"}).rows[0].clip;
  write("results/test.cam.json", "{\"" + clip + "\": [0, 0.5, 2, 1]}");
  ReportInput input = read_report_input(run_);
  EXPECT_THAT(input.frame_weights.at(clip), ElementsAre(0, 0.5, 2, 1));
  for (ResultRow& row : input.results.rows) row.predicted = (row.label + 1) % 7;
  input.results.rows.resize(1);
  EXPECT_THAT(render_report(input), HasSubstr("Which of 4 sampled frames mattered: most frame 3"));
  for (const char* bad : {"[1]", "{\"a\": 1}", "{\"a\": []}", "{\"a\": [-1]}", "{\"a\": [\"x\"]}", "{",
                          "{\"a\":[[[[[1]]]]]}"}) {
    write("results/test.cam.json", bad);
    test::expect_error(ErrorKind::kCorruptData, HasSubstr("test.cam.json"),
                       [&] { (void)read_report_input(run_); });
  }
}

}  // namespace
}  // namespace ferv::evaluation

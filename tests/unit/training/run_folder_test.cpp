// SPDX-License-Identifier: Apache-2.0
#include "run_folder.h"

#include "ferv/base/files.h"
#include "matchers.h"
#include "time_left.h"

namespace ferv::training {
namespace {

using testing::HasSubstr;

TEST(RunFolder, IsLockedAgainstASecondWriter) {
  const test::TemporaryFolder folder;
  {
    const RunFolder run = RunFolder::create(folder / "run");
    write_file_atomically(folder / "run/config.toml", std::string_view("epochs = 1\n"));
    test::expect_error(ErrorKind::kFailed, HasSubstr("another process"),
                       [&] { (void)RunFolder::open(folder / "run"); });
  }
  EXPECT_NO_THROW((void)RunFolder::open(folder / "run")) << "the lock goes with its holder";
}

TEST(RunFolder, WarnsOfAReportThatCannotBeDrawn) {
  const test::TemporaryFolder folder;
  const RunFolder run = RunFolder::create(folder / "run");
  std::string warning;
  Observer observer;
  observer.log_sink = [&](LogLevel level, std::string_view text) {
    if (level == LogLevel::kWarning) warning = text;
  };
  run.write_report(observer);
  EXPECT_THAT(warning, HasSubstr("report.html is not written"));
  EXPECT_FALSE(std::filesystem::exists(folder / "run/report.html"));
}

TEST(RunFolder, RefusesFoldersWithOtherThings) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "run/notes.txt", std::string_view("mine"));
  test::expect_error(ErrorKind::kInvalidArgument, HasSubstr("not empty"),
                     [&] { (void)RunFolder::create(folder / "run"); });
  test::expect_error(ErrorKind::kNotFound, HasSubstr("config.toml"),
                     [&] { (void)RunFolder::open(folder / "none"); });
}

TEST(RunFolder, RewritesAnEpochThatIsRecordedAgain) {
  const test::TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run");
  for (const int epoch : {1, 2, 3, 2})
    run.record_epoch({.epoch = epoch, .seconds = static_cast<double>(epoch)});
  const std::string text = read_text_file(folder / "run/metrics.csv");
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 3) << text;
  EXPECT_THAT(text, HasSubstr("\n2,"));
  EXPECT_THAT(text, testing::Not(HasSubstr("\n3,")));
}

TEST(RunFolder, LogsLinesOfJson) {
  const test::TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run");
  run.log("started", "a \"quoted\" text");
  EXPECT_THAT(read_text_file(folder / "run/log.jsonl"),
              HasSubstr(R"("event":"started","text":"a \"quoted\" text")"));
}

TEST(RunFolder, LogsTheFiguresOfAnEpochAsNumbers) {
  const test::TemporaryFolder folder;
  RunFolder run = RunFolder::create(folder / "run");
  run.log_epoch({.epoch = 3, .val_war = 0.25, .clips_per_s = 12.5, .left_s = 60}, "epoch 3/4 ...");
  const std::string log = read_text_file(folder / "run/log.jsonl");
  for (const char* part : {R"("event":"epoch","text":"epoch 3/4 ...","epoch":3)", R"("val_war":0.25)",
                           R"("clips_per_s":12.5)", R"("data_wait_share":0.0)", R"("left_s":60.0)"})
    EXPECT_THAT(log, HasSubstr(part));
}

TEST(TimeLeft, IsOfTheClipsAndValidationsThatAreToCome) {
  EXPECT_DOUBLE_EQ(time_left_s({.clips_per_s = 50, .evaluation_s = 4}, 1000, 3), 32);
  EXPECT_DOUBLE_EQ(time_left_s({}, 1000, 3), 0) << "nothing is known yet";
}

TEST(RunFolder, OfAnotherProcessWritesNothing) {
  const test::TemporaryFolder folder;
  RunFolder run = RunFolder::of_another_process(folder / "run");
  EXPECT_FALSE(run.is_writer());
  run.log("event", "text");
  run.record_epoch({.epoch = 1});
  EXPECT_FALSE(std::filesystem::exists(folder / "run"));
}

}  // namespace
}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/run_list.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <fstream>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

constexpr std::string_view kSettings =
    "# all\nmodel = \"r18_lstm\"\nepochs = 3\nseed = 7\nlearning_rate = 0.01\nrandom_crop = true\nselect_by "
    "= "
    "\"war\"\n";
constexpr std::string_view kMetrics =
    "epoch,learning_rate,val_war,val_uar,seconds\n1,0.01,0.25,0.20,10.5\n2,0.01,0.50,0.30,10.0\n3,0.001,0.40,"
    "0."
    "35,9.5\n";
constexpr std::string_view kTest =
    "clip,label,predicted,Happy,Sad\na,Happy,Happy,0.9,0.1\nb,Sad,Happy,0.8,0.2\n";

void write_run(const fs::path& folder) {
  write_file_atomically(folder / "run.lock", std::string_view());
  write_file_atomically(folder / "config.toml", kSettings);
  write_file_atomically(folder / "metrics.csv", kMetrics);
}

TEST(RunList, TellsWhatARunIsOfAndWhatItReached) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  write_file_atomically(folder / "run/results/test.csv", kTest);
  const RunSummary run = read_run(folder / "run");
  EXPECT_EQ(to_string(run.state), "done");
  EXPECT_EQ(run.model(), "r18_lstm");
  EXPECT_EQ(run.setting("seed"), "7");
  EXPECT_EQ(run.setting("random_crop"), "true");
  EXPECT_EQ(run.epochs_done, 3);
  EXPECT_EQ(run.epochs_planned, 3);
  EXPECT_EQ(run.best_epoch, 2);
  EXPECT_DOUBLE_EQ(run.validation.value().war, 0.5);
  EXPECT_DOUBLE_EQ(run.validation.value().uar, 0.3);
  EXPECT_DOUBLE_EQ(run.test.value().war, 0.5);
  EXPECT_DOUBLE_EQ(run.seconds, 30.0);
}

TEST(RunList, ChoosesTheBestEpochAsTheRunDid) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  std::string settings(kSettings);
  settings.replace(settings.find("\"war\""), 5, "\"uar\"");
  write_file_atomically(folder / "run/config.toml", settings);
  EXPECT_EQ(read_run(folder / "run").best_epoch, 3);
}

TEST(RunList, TellsStoppedFromRunningByTheLock) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  EXPECT_EQ(to_string(read_run(folder / "run").state), "stopped");
  const int lock = ::open((folder / "run/run.lock").c_str(), O_RDWR);
  ASSERT_EQ(::flock(lock, LOCK_EX | LOCK_NB), 0);
  EXPECT_EQ(to_string(read_run(folder / "run").state), "running");
  ::close(lock);
  EXPECT_EQ(to_string(read_run(folder / "run").state), "stopped") << "looking leaves no lock behind";
}

TEST(RunList, CallsARunDamagedAndSaysWhichFileIs) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  const auto expect_damaged = [&](const char* why) {
    const RunSummary run = read_run(folder / "run");
    EXPECT_EQ(to_string(run.state), "damaged");
    EXPECT_THAT(run.problem, HasSubstr(why));
  };
  write_file_atomically(folder / "run/metrics.csv", std::string_view("epoch,val_war\n1\n"));
  expect_damaged("metrics.csv:2");
  write_file_atomically(folder / "run/metrics.csv", std::string_view("epoch,val_war\n1,high\n"));
  expect_damaged("'high' is no number");
  write_file_atomically(folder / "run/metrics.csv", std::string_view("val_war,val_uar,val_war\n1,1,1\n"));
  expect_damaged("'val_war' stands twice");
  write_file_atomically(folder / "run/metrics.csv", kMetrics);
  write_file_atomically(folder / "run/results/test.csv", std::string_view("clip,label\n"));
  expect_damaged("test.csv");
  write_file_atomically(folder / "run/config.toml", std::string_view("epochs = \n"));
  expect_damaged("config.toml:1");
  fs::remove(folder / "run/config.toml");
  expect_damaged("config.toml");
}

TEST(RunList, CountsARunOfPretrainAsDoneWithItsLastEpoch) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  write_file_atomically(folder / "run/config.toml",
                        std::string_view("backbone = \"resnet18\"\nepochs = 4\n"));
  EXPECT_EQ(to_string(read_run(folder / "run").state), "stopped");
  write_file_atomically(folder / "run/config.toml",
                        std::string_view("backbone = \"resnet18\"\nepochs = 3\n"));
  EXPECT_EQ(to_string(read_run(folder / "run").state), "done");
  EXPECT_EQ(read_run(folder / "run").model(), "resnet18");
}

TEST(RunList, FindsRunsBelowAFolderByName) {
  const test::TemporaryFolder folder;
  for (const char* name : {"b/seed-2", "b/seed-1", "a"}) write_run(folder / name);
  write_file_atomically(folder / "other/notes.txt", std::string_view("mine"));
  EXPECT_THAT(find_runs(folder.path()),
              testing::ElementsAre(folder / "a", folder / "b/seed-1", folder / "b/seed-2"));
  EXPECT_THAT(find_runs(folder / "a"), testing::ElementsAre(folder / "a"));
  EXPECT_THAT(find_runs(folder.path(), 1), testing::ElementsAre(folder / "a"));
  test::expect_error(ErrorKind::kNotFound, HasSubstr("nowhere"),
                     [&] { (void)find_runs(folder / "nowhere"); });
}

TEST(RunList, NamesTheSettingsThatDiffer) {
  RunSummary a;
  RunSummary b;
  a.settings = {{"epochs", "3"}, {"seed", "1"}, {"old", ""}};
  b.settings = {{"epochs", "3"}, {"seed", "2"}, {"new", "x"}};
  const auto differences = setting_differences(a, b);
  ASSERT_EQ(differences.size(), 3U);
  EXPECT_EQ(differences[0].name, "new");
  EXPECT_EQ(differences[1].name, "old");
  EXPECT_EQ(differences[2].name, "seed");
  EXPECT_EQ(differences[2].a + differences[2].b, "12");
}

TEST(RunList, NeverThrowsOnMutatedFiles) {
  const test::TemporaryFolder folder;
  write_run(folder / "run");
  Random random(3);
  for (int round = 0; round < 150; ++round) {
    for (const auto& [name, good] :
         {std::pair{"config.toml", kSettings}, {"metrics.csv", kMetrics}, {"results/test.csv", kTest}}) {
      std::string text(good);
      for (int k = 0; k < 3; ++k) text[random.below(text.size())] = static_cast<char>(random.next());
      text.resize(random.below(text.size() + 1));
      fs::create_directories((folder.path() / "run" / name).parent_path());
      std::ofstream(folder.path() / "run" / name, std::ios::binary) << text;
    }
    EXPECT_NO_THROW((void)read_run(folder / "run"));
  }
}

}  // namespace
}  // namespace ferv::evaluation

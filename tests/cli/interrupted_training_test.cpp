// SPDX-License-Identifier: Apache-2.0
// Training as the outside world treats it: killed, asked to stop, out of disk, damaged, started twice.
#include <gmock/gmock.h>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::HasSubstr;

/// A data set, and the weights of a training on it that nothing disturbed.
struct Undisturbed {
  test::TemporaryFolder folder;
  std::string data = (folder / "data").string();
  std::string run = (folder / "run").string();

  Undisturbed() {
    const auto made = run_shell("ferv synth --out '" + data +
                                "' --clips-per-cell 4 --scenes War --size 64 --no-scene-frames --seed 5");
    EXPECT_EQ(made.exit_code, 0) << made.errors;
    const auto trained = run_shell(command(run));
    EXPECT_EQ(trained.exit_code, 0) << trained.errors;
  }

  [[nodiscard]] std::string command(const std::string& folder_of_run) const {
    return "ferv train --model r18_lstm --data '" + data + "' --run '" + folder_of_run +
           "' --set epochs=3 --set frames=4 --set segments=2 --set height=32 --set width=32 --set "
           "batch_size=2 --set precision=fp32";
  }
};

const Undisturbed& undisturbed() {
  static const Undisturbed run;
  return run;
}

/// Starts a training, waits for its `count`th checkpoint at least, and sends the signal.
std::string stopped_by(const std::string& signal, const std::string& run, int count) {
  // A checkpoint after every step, as 0.00001 minutes have always passed.
  return undisturbed().command(run) + " --set checkpoint_minutes=0.00001 & pid=$!\n" +
         "for i in $(seq 600); do\n" + "  newest=$(ls '" + run +
         "'/checkpoints 2>/dev/null | grep json$ | tail -1 | tr -dc 0-9)\n" + "  [[ $((10#0$newest)) -ge " +
         std::to_string(count) + " ]] && break; kill -0 $pid || break; sleep 0.05\ndone\n" + "kill -" +
         signal + " $pid; wait $pid";
}

std::filesystem::path newest_checkpoint(const std::string& run) {
  std::filesystem::path newest;
  for (const auto& entry : std::filesystem::directory_iterator(run + "/checkpoints")) {
    if (entry.path().extension() == ".safetensors") newest = std::max(newest, entry.path());
  }
  return newest;
}

void expect_same_weights(const std::string& run) {
  for (const char* name : {"/weights/best.safetensors", "/weights/last.safetensors"}) {
    EXPECT_TRUE(read_file(run + name) == read_file(undisturbed().run + name)) << run + name;
  }
  EXPECT_EQ(read_text_file(run + "/results/test.csv"),
            read_text_file(undisturbed().run + "/results/test.csv"));
}

TEST(InterruptedTraining, KilledAndResumedEndsWithTheSameWeights) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  EXPECT_EQ(run_shell(stopped_by("KILL", run, 4)).exit_code, 128 + 9);
  EXPECT_FALSE(std::filesystem::exists(run + "/results/test.csv")) << "killed too late to show anything";
  const auto resumed = run_shell("ferv train --resume '" + run + "'");
  EXPECT_EQ(resumed.exit_code, 0) << resumed.errors;
  EXPECT_THAT(resumed.errors, HasSubstr("going on after"));
  expect_same_weights(run);
}

TEST(InterruptedTraining, AskedToStopItSavesAndReturns75) {
  for (const std::string signal : {"TERM", "USR1"}) {
    const test::TemporaryFolder folder;
    const std::string run = (folder / "run").string();
    const auto stopped = run_shell(stopped_by(signal, run, 2));
    EXPECT_EQ(stopped.exit_code, 75) << stopped.errors;
    EXPECT_EQ(run_shell("ferv train --resume '" + run + "'").exit_code, 0);
    expect_same_weights(run);
  }
}

TEST(InterruptedTraining, ADamagedCheckpointIsPassedOverForTheOneBefore) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  EXPECT_EQ(run_shell(stopped_by("TERM", run, 4)).exit_code, 75);
  const std::filesystem::path newest = newest_checkpoint(run);
  std::string bytes = read_text_file(newest, std::size_t{1} << 30);
  ASSERT_GT(bytes.size(), 100000U);
  bytes[100000] = static_cast<char>(bytes[100000] ^ 1);
  write_file_atomically(newest, bytes);
  const auto resumed = run_shell("ferv train --resume '" + run + "'");
  EXPECT_EQ(resumed.exit_code, 0) << resumed.errors;
  EXPECT_THAT(resumed.errors, HasSubstr("checkpoint passed over"));
  expect_same_weights(run);
}

TEST(InterruptedTraining, AFullDiskIsAnErrorThatLosesNoCheckpoint) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  EXPECT_EQ(run_shell(stopped_by("TERM", run, 3)).exit_code, 75);
  // A limit on file sizes, in KiB, stands in for a full disk: less than a checkpoint needs.
  const auto limited = run_shell("ulimit -f 20000; ferv train --resume '" + run + "'");
  EXPECT_EQ(limited.exit_code, 1);
  EXPECT_THAT(limited.errors, HasSubstr("cannot write"));
  EXPECT_EQ(run_shell("ferv train --resume '" + run + "'").exit_code, 0);
  expect_same_weights(run);
}

TEST(InterruptedTraining, ASecondWriterIsRefused) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  const auto result =
      run_shell(undisturbed().command(run) + " & pid=$!\n" + "for i in $(seq 600); do [[ -e '" + run +
                "/config.toml' ]] && break; sleep 0.05; done\n" + "ferv train --resume '" + run +
                "'; code=$?; kill -KILL $pid; wait $pid; exit $code");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_THAT(result.errors, HasSubstr("another"));
}

}  // namespace
}  // namespace ferv

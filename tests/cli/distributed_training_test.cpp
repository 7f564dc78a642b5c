// SPDX-License-Identifier: Apache-2.0
// Training by several processes: under each launcher the same weights, one set of files, no clip twice; and
// what the others say when one dies.
#include <gmock/gmock.h>

#include <map>
#include <sstream>

#include "ferv/base/files.h"
#include "matchers.h"
#include "subprocess.h"

namespace ferv {
namespace {

using test::run_shell;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// Starts `ranks N command...`: each rank's stderr goes to $errors.<rank>; codes.<rank> hold the exit codes.
constexpr const char* kRanks = R"(
ranks() {
  local count=$1 rank pids=(); shift
  export WORLD_SIZE=$count LOCAL_WORLD_SIZE=$count MASTER_ADDR=127.0.0.1 MASTER_PORT=${port:-$((12000 + RANDOM % 7000))}
  for ((rank = 0; rank < count; rank++)); do
    RANK=$rank LOCAL_RANK=$rank "$@" 2>"$folder/errors.$rank" & pids+=($!)
  done
  [[ -z ${disturb:-} ]] || $disturb "${pids[@]}"
  for ((rank = 0; rank < count; rank++)); do wait ${pids[rank]}; echo $? >"$folder/code.$rank"; done
  cat "$folder"/errors.* >&2
}
)";

/// A data set, a training on it by one process, and the same by two.
struct Trained {
  test::TemporaryFolder folder;
  std::string data = (folder / "data").string();
  std::string alone = (folder / "alone").string();
  std::string pair = (folder / "pair").string();

  Trained() {
    const auto made = run_shell("ferv synth --out '" + data +
                                "' --clips-per-cell 4 --scenes War --size 48 --no-scene-frames --seed 5");
    EXPECT_EQ(made.exit_code, 0) << made.errors;
    const auto one = run_shell(command(alone));
    EXPECT_EQ(one.exit_code, 0) << one.errors;
    const auto two = run_shell(by_ranks(2, command(pair)));
    EXPECT_EQ(read_text_file(folder / "code.0"), "0\n") << two.errors;
    EXPECT_EQ(read_text_file(folder / "code.1"), "0\n") << two.errors;
    EXPECT_THAT(two.output, HasSubstr("test split"));
    EXPECT_EQ(two.output.find("test split"), two.output.rfind("test split")) << "one process reports";
  }

  [[nodiscard]] std::string command(const std::string& run, int timeout_s = 60) const {
    return "ferv train --model r18_lstm --data '" + data + "' --run '" + run +
           "' --set epochs=2 --set frames=2 --set segments=1 --set height=32 --set width=32 --set "
           "batch_size=5 "
           "--set precision=fp32 --set threads=1 --set sync_batch_norm=true --set class_weights=balanced "
           "--set learning_rate=0.001 --set validation_fraction=0.3 --rank-timeout " +
           std::to_string(timeout_s);
  }

  /// A script that starts `line` on ranks; `disturb` is a function that gets their process numbers.
  [[nodiscard]] std::string by_ranks(int count, const std::string& line,
                                     const std::string& disturb = "") const {
    std::string script = kRanks;
    script += "folder='" + folder.path().string() + "'\n";
    if (!disturb.empty()) script += "disturb() {\n" + disturb + "\n}\ndisturb=disturb\n";
    return script + "ranks " + std::to_string(count) + " " + line;
  }
};

const Trained& trained() {
  static const Trained runs;
  return runs;
}

std::vector<std::vector<std::string>> read_table(const std::string& path) {
  std::vector<std::vector<std::string>> table;
  std::istringstream lines(read_text_file(path));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    table.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) table.back().push_back(cell);
  }
  return table;
}

/// Numbers within `tolerance`, all else the same. Columns from `last_column` on are left out.
void expect_same_table(const std::string& found_path, const std::string& wanted_path, double tolerance,
                       std::size_t last_column = 1000) {
  const auto found = read_table(found_path);
  const auto wanted = read_table(wanted_path);
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t row = 0; row < wanted.size(); ++row) {
    ASSERT_EQ(found[row].size(), wanted[row].size());
    for (std::size_t column = 0; column < std::min(last_column, wanted[row].size()); ++column) {
      char* end = nullptr;
      const double number = std::strtod(wanted[row][column].c_str(), &end);
      if (end == wanted[row][column].c_str() || *end != '\0') {
        EXPECT_EQ(found[row][column], wanted[row][column]);
      } else {
        EXPECT_NEAR(std::stod(found[row][column]), number, tolerance)
            << "row " << row << " column " << column;
      }
    }
  }
}

void expect_same_weights_as_pair(const std::string& run) {
  for (const char* name : {"/weights/best.safetensors", "/weights/last.safetensors", "/results/test.csv"})
    EXPECT_TRUE(read_file(run + name) == read_file(trained().pair + name)) << run + name;
}

bool is_installed(const std::string& program) {
  return run_shell("PATH=$PATH:/usr/sbin:/sbin; command -v " + program).exit_code == 0;
}

TEST(DistributedTraining, OfTwoProcessesIsThatOfOneWithTheJointBatch) {
  // Losses and shares of the epochs, not the seconds.
  constexpr std::size_t kFirstColumnOfTime = 8;
  expect_same_table(trained().pair + "/metrics.csv", trained().alone + "/metrics.csv", 2e-3,
                    kFirstColumnOfTime);
  expect_same_table(trained().pair + "/results/test.csv", trained().alone + "/results/test.csv", 1e-2);
  EXPECT_THAT(read_text_file(trained().pair + "/environment.json"), HasSubstr("\"processes\": 2"));
}

TEST(DistributedTraining, WritesOneSetOfFiles) {
  const auto list = [](const std::string& run) {
    return run_shell("cd '" + run + "' && find . -type f | sed 's/tfevents\\..*/tfevents/' | sort").output;
  };
  EXPECT_EQ(list(trained().pair), list(trained().alone));
  const std::string log = read_text_file(trained().pair + "/log.jsonl");
  EXPECT_EQ(log.find("\"finished\""), log.rfind("\"finished\""));
}

TEST(DistributedTraining, UnderMpirun) {
  if (!is_installed("mpirun")) GTEST_SKIP() << "mpirun is not installed (openmpi-bin)";
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  const auto result = run_shell("mpirun --allow-run-as-root --oversubscribe -np 2 " + trained().command(run));
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  expect_same_weights_as_pair(run);
}

TEST(DistributedTraining, UnderTorchrunWhoeverServesThePort) {
  if (!is_installed("torchrun")) GTEST_SKIP() << "torchrun is not installed (python3-torch)";
  if (run_shell("getent hosts \"$(hostname)\"").exit_code != 0)
    GTEST_SKIP() << "torchrun sends ranks to this machine's name, which nothing resolves here (/etc/hosts)";
  // Debian's torchrun 1.13 under Python 3.11 wants to be told what to do with the output.
  for (const std::string way : {"--standalone", "--master_port=$((12000 + RANDOM % 7000))"}) {
    const test::TemporaryFolder folder;
    const std::string run = (folder / "run").string();
    const auto result = run_shell("torchrun --no_python --redirects 1 --tee 1 --nproc_per_node=2 " + way +
                                  " " + trained().command(run));
    if (result.errors.find("without libuv support") != std::string::npos)
      GTEST_SKIP() << "this torchrun wants libuv, which its LibTorch was built without (Debian 13)";
    EXPECT_EQ(result.exit_code, 0) << result.errors;
    expect_same_weights_as_pair(run);
  }
}

TEST(DistributedTraining, UnderSlurm) {
  for (const char* program : {"srun", "slurmctld", "slurmd", "munged"}) {
    if (!is_installed(program)) GTEST_SKIP() << program << " is not installed (slurm-wlm)";
  }
  if (run_shell("[[ $EUID -eq 0 ]]").exit_code != 0) GTEST_SKIP() << "only root can start a Slurm of its own";
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  const auto result = run_shell("bash '" FERV_SOURCE_DIR "/tests/cli/with_one_node_slurm' '" +
                                (folder / "slurm").string() + "' srun -n 2 " + trained().command(run));
  constexpr int kNoSlurm = 77;
  if (result.exit_code == kNoSlurm) GTEST_SKIP() << "Slurm does not start here: " << result.errors;
  EXPECT_EQ(result.exit_code, 0) << result.errors;
  expect_same_weights_as_pair(run);
}

TEST(DistributedTraining, StoppedAndResumedEndsWithTheSameWeights) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  // One rank alone gets the signal: all stop at the same step.
  const auto stopped = run_shell(trained().by_ranks(
      2, trained().command(run) + " --set checkpoint_minutes=0.00001",
      "for i in $(seq 600); do ls '" + run +
          "'/checkpoints 2>/dev/null | grep -q json$ && break; sleep 0.05; done; kill -TERM $2"));
  for (const char* code : {"code.0", "code.1"})
    EXPECT_EQ(read_text_file(trained().folder / code), "75\n") << stopped.errors;
  const auto resumed = run_shell(trained().by_ranks(2, "ferv train --resume '" + run + "'"));
  EXPECT_EQ(read_text_file(trained().folder / "code.0"), "0\n") << resumed.errors;
  EXPECT_THAT(resumed.errors, HasSubstr("going on after"));
  expect_same_weights_as_pair(run);
}

TEST(DistributedTraining, ADeadRankEndsTheOthersWithItsName) {
  const test::TemporaryFolder folder;
  for (const int dead : {0, 1}) {
    const std::string run = (folder / std::to_string(dead)).string();
    const auto result = run_shell(trained().by_ranks(
        2, trained().command(run) + " --set epochs=1000",
        "for i in $(seq 600); do [[ -e '" + run +
            "'/metrics.csv ]] && break; sleep 0.05; done; kill -KILL ${" + std::to_string(dead + 1) +
            "}; dead=${" + std::to_string(dead + 1) + "}; echo $dead"));
    const std::string other = std::to_string(1 - dead);
    EXPECT_EQ(read_text_file(trained().folder / ("code." + other)), "1\n");
    const std::string errors = read_text_file(trained().folder / ("errors." + other));
    const std::string name = "rank " + std::to_string(dead) + " (";
    EXPECT_THAT(errors,
                AllOf(HasSubstr("ferv: " + name),
                      HasSubstr("process " + result.output.substr(0, result.output.find('\n')) + ")")));
  }
}

TEST(DistributedTraining, AFrozenRankIsNamedWithinTheTimeOut) {
  const test::TemporaryFolder folder;
  const std::string run = (folder / "run").string();
  const auto result =
      run_shell(trained().by_ranks(2, trained().command(run, 3) + " --set epochs=1000",
                                   "for i in $(seq 600); do [[ -e '" + run +
                                       "'/metrics.csv ]] && break; sleep 0.05; done; kill -STOP $2\n" +
                                       "wait $1; echo $? >\"$folder/first\"; kill -KILL $2"));
  EXPECT_EQ(read_text_file(trained().folder / "first"), "1\n") << result.errors;
  EXPECT_THAT(read_text_file(trained().folder / "errors.0"), HasSubstr("rank 1 ("));
}

TEST(DistributedTraining, ARankThatFailsTellsTheOthersWhy) {
  const auto result = run_shell(trained().by_ranks(2, trained().command(trained().alone)));
  EXPECT_EQ(read_text_file(trained().folder / "code.0"), "2\n");
  EXPECT_EQ(read_text_file(trained().folder / "code.1"), "1\n");
  EXPECT_THAT(read_text_file(trained().folder / "errors.1"),
              AllOf(HasSubstr("rank 0 ("), HasSubstr("holds a run already")));
}

TEST(DistributedTraining, APortOfAnotherProgramIsNamedByAllRanks) {
  if (!is_installed("python3")) GTEST_SKIP() << "python3 is not installed: nobody to serve the port";
  const std::string run = (trained().folder / "never").string();
  // Whoever calls is cut off at once, as by a server that speaks another language.
  const std::string server = R"(coproc python3 -c '
import socket
server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
while True: server.accept()[0].close()'
read -r port <&${COPROC[0]}
)";
  const auto result =
      run_shell(server + trained().by_ranks(2, trained().command(run, 5)) + "\nkill $COPROC_PID");
  EXPECT_EQ(read_text_file(trained().folder / "code.0"), "1\n") << result.errors;
  EXPECT_EQ(read_text_file(trained().folder / "code.1"), "1\n") << result.errors;
  EXPECT_THAT(read_text_file(trained().folder / "errors.0"),
              AllOf(HasSubstr("rank 0 cannot serve 127.0.0.1:"), HasSubstr("MASTER_PORT")));
  EXPECT_THAT(read_text_file(trained().folder / "errors.1"),
              AllOf(HasSubstr("rank 1 found no rank 0 at 127.0.0.1:"), HasSubstr("MASTER_PORT")));
}

TEST(DistributedTraining, EvaluationByThreeWritesTheFileOfOne) {
  const std::string command = "ferv eval --weights '" + trained().alone +
                              "/weights/best.safetensors' --data '" + trained().data +
                              "' --split train --batch-size 4 --threads 1 --precision fp32 --out ";
  const std::string one = (trained().folder / "one.csv").string();
  const std::string three = (trained().folder / "three.csv").string();
  const auto alone = run_shell(command + one);
  EXPECT_EQ(alone.exit_code, 0) << alone.errors;
  const auto ranks = run_shell(trained().by_ranks(3, command + three));
  EXPECT_EQ(read_text_file(trained().folder / "code.2"), "0\n") << ranks.errors;
  EXPECT_EQ(read_text_file(three), read_text_file(one));
  EXPECT_THAT(ranks.output, HasSubstr("WAR"));
}

}  // namespace
}  // namespace ferv

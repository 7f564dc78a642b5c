// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/rank_environment.h"

#include <map>

#include "ferv/base/random.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Variables = std::map<std::string, std::string>;

RankEnvironment read(const Variables& variables, const std::string& master = "") {
  return rank_environment(
      [&](const char* name) -> std::optional<std::string> {
        const auto found = variables.find(name);
        return found == variables.end() ? std::nullopt : std::optional(found->second);
      },
      master);
}

const Variables kTorchrun = {{"RANK", "5"},
                             {"WORLD_SIZE", "8"},
                             {"LOCAL_RANK", "1"},
                             {"LOCAL_WORLD_SIZE", "4"},
                             {"MASTER_ADDR", "node1"},
                             {"MASTER_PORT", "29500"}};
const Variables kMpirun = {{"OMPI_COMM_WORLD_RANK", "1"},
                           {"OMPI_COMM_WORLD_SIZE", "2"},
                           {"OMPI_COMM_WORLD_LOCAL_RANK", "1"},
                           {"OMPI_COMM_WORLD_LOCAL_SIZE", "2"},
                           {"PMIX_NAMESPACE", "3562602497"}};
const Variables kSrun = {
    {"SLURM_PROCID", "3"},  {"SLURM_NTASKS", "8"},  {"SLURM_STEP_NUM_TASKS", "4"},
    {"SLURM_LOCALID", "1"}, {"SLURM_NODEID", "1"},  {"SLURM_STEP_TASKS_PER_NODE", "2(x2)"},
    {"SLURM_JOB_ID", "77"}, {"SLURM_STEP_ID", "0"}, {"SLURM_STEP_NODELIST", "gpu[07-08]"}};

TEST(RankEnvironment, IsOneProcessWithoutALauncher) {
  const RankEnvironment alone = read({});
  EXPECT_EQ(alone.size, 1);
  EXPECT_EQ(alone.rank, 0);
  EXPECT_EQ(alone.launcher, "");
}

TEST(RankEnvironment, ReadsTorchrun) {
  const RankEnvironment environment = read(kTorchrun);
  EXPECT_EQ(environment.launcher, "torchrun");
  EXPECT_EQ(environment.rank, 5);
  EXPECT_EQ(environment.size, 8);
  EXPECT_EQ(environment.local_rank, 1);
  EXPECT_EQ(environment.local_size, 4);
  EXPECT_EQ(environment.master_host, "node1");
  EXPECT_EQ(environment.master_port, 29500);
  EXPECT_FALSE(environment.launcher_serves_port);
  EXPECT_FALSE(is_on_one_machine(environment));
}

TEST(RankEnvironment, KnowsWhenTorchrunServesThePortItself) {
  Variables variables = kTorchrun;
  variables["TORCHELASTIC_USE_AGENT_STORE"] = "True";
  variables["TORCHELASTIC_RESTART_COUNT"] = "2";
  EXPECT_TRUE(read(variables).launcher_serves_port);
  EXPECT_EQ(read(variables).attempt, "2");
}

TEST(RankEnvironment, ReadsMpirunOnOneMachineWithoutAnAddress) {
  const RankEnvironment environment = read(kMpirun);
  EXPECT_EQ(environment.launcher, "mpirun");
  EXPECT_EQ(environment.rank, 1);
  EXPECT_EQ(environment.size, 2);
  EXPECT_EQ(environment.master_host, "127.0.0.1");
  EXPECT_TRUE(is_on_one_machine(environment));
  Variables another = kMpirun;
  another["PMIX_NAMESPACE"] = "3562602498";
  EXPECT_NE(read(another).master_port, environment.master_port) << "two jobs on one machine";
}

TEST(RankEnvironment, AsksForTheAddressWhereMpirunSpansMachines) {
  Variables variables = kMpirun;
  variables["OMPI_COMM_WORLD_LOCAL_SIZE"] = "1";
  test::expect_error(ErrorKind::kInvalidArgument,
                     AllOf(HasSubstr("mpirun started 2"), HasSubstr("MASTER_ADDR")),
                     [&] { (void)read(variables); });
  EXPECT_EQ(read(variables, "node3:4000").master_host, "node3");
  EXPECT_EQ(read(variables, "node3:4000").master_port, 4000);
  EXPECT_GT(read(variables, "node3").master_port, 0);
  EXPECT_EQ(read(variables, "fe80::1").master_host, "fe80::1") << "colons of an address are no port";
  variables["MASTER_ADDR"] = "node2";
  EXPECT_EQ(read(variables).master_host, "node2");
}

TEST(RankEnvironment, ReadsAStepOfSlurmAndNotTheWholeAllocation) {
  const RankEnvironment environment = read(kSrun);
  EXPECT_EQ(environment.launcher, "srun");
  EXPECT_EQ(environment.rank, 3);
  EXPECT_EQ(environment.size, 4);
  EXPECT_EQ(environment.local_rank, 1);
  EXPECT_EQ(environment.local_size, 2);
  EXPECT_EQ(environment.master_host, "gpu07");
  Variables another = kSrun;
  another["SLURM_JOB_ID"] = "78";
  EXPECT_NE(read(another).master_port, environment.master_port);
}

TEST(RankEnvironment, IsOneProcessInABatchScriptOfSlurm) {
  Variables variables = kSrun;
  variables["SLURM_PROCID"] = "0";
  for (const char* of_steps : {"SLURM_STEP_ID", "SLURM_STEP_NUM_TASKS", "SLURM_STEP_NODELIST"})
    variables.erase(of_steps);
  EXPECT_EQ(read(variables).size, 1) << "srun starts the others, and this may be the script that calls it";
}

TEST(RankEnvironment, PrefersTheLauncherWithinToTheOneAround) {
  Variables variables = kSrun;
  variables.insert(kMpirun.begin(), kMpirun.end());
  EXPECT_EQ(read(variables).launcher, "mpirun");
  variables.insert(kTorchrun.begin(), kTorchrun.end());
  EXPECT_EQ(read(variables).launcher, "torchrun");
}

TEST(RankEnvironment, NamesTheVariableThatMakesNoSense) {
  for (const auto& [name, value] : Variables{{"RANK", "8"},
                                             {"RANK", "x"},
                                             {"WORLD_SIZE", "0"},
                                             {"WORLD_SIZE", ""},
                                             {"LOCAL_RANK", "-1"},
                                             {"MASTER_PORT", "70000"}}) {
    Variables variables = kTorchrun;
    variables[name] = value;
    test::expect_error(ErrorKind::kInvalidArgument, HasSubstr(name), [&] { (void)read(variables); });
  }
}

TEST(MasterAddress, IsHostAndPort) {
  EXPECT_EQ(master_address({.master_host = "node1", .master_port = 29500}), "node1:29500");
}

TEST(FirstHost, ReadsListsOfSlurm) {
  EXPECT_EQ(first_host("vm"), "vm");
  EXPECT_EQ(first_host("a,b"), "a");
  EXPECT_EQ(first_host("node[07-09,12],gpu3"), "node07");
  EXPECT_EQ(first_host("node[3]-ib"), "node3-ib");
  EXPECT_EQ(first_host("gpu3,node[1-2]"), "gpu3");
  EXPECT_EQ(first_host(""), "");
}

TEST(TasksOnNode, ReadsCountsOfSlurm) {
  EXPECT_EQ(tasks_on_node("4", 0), 4);
  EXPECT_EQ(tasks_on_node("2(x3),1", 2), 2);
  EXPECT_EQ(tasks_on_node("2(x3),1", 3), 1);
  EXPECT_EQ(tasks_on_node("2(x3),1", 4), std::nullopt);
  for (const char* wrong : {"", ",", "x", "2(", "2(x", "2(x)", "2(x0)", "-1", "2(x3", "99999999999"})
    EXPECT_EQ(tasks_on_node(wrong, 0), std::nullopt) << wrong;
}

TEST(RankEnvironment, SurvivesAnyTextInItsVariables) {
  Random random(5);
  const std::string letters = "0123456789(x),[]-:n ";
  for (int round = 0; round < 2000; ++round) {
    Variables variables = round % 2 == 0 ? kSrun : kMpirun;
    auto changed = variables.begin();
    std::advance(changed, static_cast<std::ptrdiff_t>(random.below(variables.size())));
    for (std::uint64_t i = 0; i <= random.below(3); ++i) {
      const char letter = letters[random.below(letters.size())];
      if (changed->second.empty() || random.below(2) == 0) {
        changed->second.push_back(letter);
      } else {
        changed->second[random.below(changed->second.size())] = letter;
      }
    }
    try {
      const RankEnvironment environment = read(variables);
      EXPECT_LT(environment.rank, environment.size);
      EXPECT_GE(environment.local_size, 0);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kInvalidArgument);
    }
  }
}

}  // namespace
}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/rank_environment.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstdlib>

#include "ferv/base/error.h"
#include "ferv/base/random.h"

namespace ferv::nn {
namespace {

constexpr int kMostRanks = 1 << 20;
constexpr int kFirstOwnPort = 20000;
constexpr std::uint64_t kOwnPortCount = 10000;

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

int number_of(const Environment& variable, const char* name, int low, int high) {
  const std::string text = variable(name).value_or("");
  const std::optional<int> value = whole_number(text);
  if (!value || *value < low || *value > high) {
    throw invalid_argument(std::string("environment variable ") + name + " is '" + text +
                           "', wanted a whole number from " + std::to_string(low) + " to " +
                           std::to_string(high));
  }
  return *value;
}

int number_or(const Environment& variable, const char* name, int otherwise) {
  return variable(name) ? number_of(variable, name, 0, kMostRanks) : otherwise;
}

/// A port that two jobs on one machine are unlikely to share.
int port_of_job(std::string_view job) {
  return kFirstOwnPort + static_cast<int>(derive_seed(0, job) % kOwnPortCount);
}

RankEnvironment of_torchrun(const Environment& variable) {
  RankEnvironment result;
  result.launcher = "torchrun";
  result.size = number_of(variable, "WORLD_SIZE", 1, kMostRanks);
  result.rank = number_of(variable, "RANK", 0, result.size - 1);
  result.local_rank = number_or(variable, "LOCAL_RANK", 0);
  result.local_size = number_or(variable, "LOCAL_WORLD_SIZE", 1);
  result.launcher_serves_port = variable("TORCHELASTIC_USE_AGENT_STORE") == "True";
  result.attempt = variable("TORCHELASTIC_RESTART_COUNT").value_or("0");
  return result;
}

RankEnvironment of_mpirun(const Environment& variable) {
  RankEnvironment result;
  result.launcher = "mpirun";
  result.size = number_of(variable, "OMPI_COMM_WORLD_SIZE", 1, kMostRanks);
  result.rank = number_of(variable, "OMPI_COMM_WORLD_RANK", 0, result.size - 1);
  result.local_rank = number_or(variable, "OMPI_COMM_WORLD_LOCAL_RANK", 0);
  result.local_size = number_or(variable, "OMPI_COMM_WORLD_LOCAL_SIZE", 1);
  if (result.local_size == result.size) result.master_host = "127.0.0.1";
  result.master_port = port_of_job(variable("PMIX_NAMESPACE").value_or("mpirun"));
  return result;
}

RankEnvironment of_srun(const Environment& variable) {
  RankEnvironment result;
  result.launcher = "srun";
  // SLURM_NTASKS is the allocation's; a step may be smaller.
  const char* size = variable("SLURM_STEP_NUM_TASKS") ? "SLURM_STEP_NUM_TASKS" : "SLURM_NTASKS";
  result.size = number_of(variable, size, 1, kMostRanks);
  result.rank = number_of(variable, "SLURM_PROCID", 0, result.size - 1);
  result.local_rank = number_or(variable, "SLURM_LOCALID", 0);
  for (const char* tasks : {"SLURM_STEP_TASKS_PER_NODE", "SLURM_TASKS_PER_NODE"}) {
    if (!variable(tasks)) continue;
    result.local_size = tasks_on_node(*variable(tasks), number_or(variable, "SLURM_NODEID", 0)).value_or(1);
    break;
  }
  for (const char* hosts : {"SLURM_STEP_NODELIST", "SLURM_JOB_NODELIST", "SLURM_NODELIST"}) {
    if (result.master_host.empty() && variable(hosts)) result.master_host = first_host(*variable(hosts));
  }
  // Of the machine that called srun: right within sbatch, and better than nothing.
  if (result.master_host.empty()) result.master_host = variable("SLURM_LAUNCH_NODE_IPADDR").value_or("");
  if (result.local_size == result.size) result.master_host = "127.0.0.1";
  result.master_port =
      port_of_job(variable("SLURM_JOB_ID").value_or("") + "." + variable("SLURM_STEP_ID").value_or(""));
  return result;
}

int port_from(const std::string& text, const std::string& source) {
  const std::optional<int> port = whole_number(text);
  if (!port || *port < 1 || *port > 65535)
    throw invalid_argument(source + " names port '" + text + "', wanted 1 to 65535");
  return *port;
}

/// A single process needs none.
void choose_master(RankEnvironment& result, const Environment& variable, const std::string& master) {
  if (result.size == 1) return;
  if (const auto host = variable("MASTER_ADDR"); host && !host->empty()) result.master_host = *host;
  if (const auto port = variable("MASTER_PORT")) result.master_port = port_from(*port, "MASTER_PORT");
  if (!master.empty()) {
    // The last colon, and only one: an IPv6 address has more.
    const std::size_t colon = master.rfind(':');
    const bool has_port = colon != std::string::npos && master.find(':') == colon;
    result.master_host = has_port ? master.substr(0, colon) : master;
    if (has_port) result.master_port = port_from(master.substr(colon + 1), "'" + master + "'");
  }
  if (result.master_host.empty() || result.master_port == 0) {
    throw invalid_argument(
        result.launcher + " started " + std::to_string(result.size) +
        " processes and does not say where rank 0 is: set MASTER_ADDR and MASTER_PORT, or give HOST:PORT");
  }
}

}  // namespace

Environment process_environment() {
  return [](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    return value == nullptr ? std::nullopt : std::optional<std::string>(value);
  };
}

RankEnvironment rank_environment(const Environment& variable, const std::string& master) {
  RankEnvironment result;
  if (variable("RANK") && variable("WORLD_SIZE")) {
    result = of_torchrun(variable);
  } else if (variable("OMPI_COMM_WORLD_RANK") && variable("OMPI_COMM_WORLD_SIZE")) {
    result = of_mpirun(variable);
  } else if (variable("SLURM_PROCID") && variable("SLURM_STEP_ID")) {
    // Without a step's number this is a batch script: it is one process, however many tasks it may start.
    result = of_srun(variable);
  }
  choose_master(result, variable, master);
  return result;
}

std::string master_address(const RankEnvironment& environment) {
  return environment.master_host + ":" + std::to_string(environment.master_port);
}

bool is_on_one_machine(const RankEnvironment& environment) {
  const std::string& host = environment.master_host;
  return environment.local_size == environment.size || host == "127.0.0.1" || host == "localhost" ||
         host == "::1";
}

std::string first_host(std::string_view host_list) {
  const std::size_t end = host_list.find_first_of(",[");
  std::string host(host_list.substr(0, end));
  if (end == std::string_view::npos || host_list[end] == ',') return host;
  const std::string_view numbers = host_list.substr(end + 1);
  host += numbers.substr(0, numbers.find_first_of(",-]"));
  // A suffix may follow the brackets: "node[1-4]-ib,...".
  const std::size_t close = numbers.find(']');
  if (close == std::string_view::npos) return host;
  const std::string_view rest = numbers.substr(close + 1);
  return host + std::string(rest.substr(0, rest.find_first_of(",[")));
}

std::optional<int> tasks_on_node(std::string_view tasks_per_node, int node_index) {
  while (!tasks_per_node.empty()) {
    const std::size_t comma = std::min(tasks_per_node.find(','), tasks_per_node.size());
    const std::string_view entry = tasks_per_node.substr(0, comma);
    const std::size_t times = entry.find("(x");
    const std::optional<int> tasks = whole_number(entry.substr(0, times));
    std::optional<int> nodes = 1;
    if (times != std::string_view::npos) {
      if (entry.back() != ')') return std::nullopt;
      nodes = whole_number(entry.substr(times + 2, entry.size() - times - 3));
    }
    if (!tasks || !nodes || *tasks < 1 || *nodes < 1) return std::nullopt;
    if (node_index < *nodes) return tasks;
    node_index -= *nodes;
    tasks_per_node.remove_prefix(std::min(comma + 1, tasks_per_node.size()));
  }
  return std::nullopt;
}

}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
// Which process of a job this one is, as the launcher that started it says: torchrun, mpirun or srun.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace ferv::nn {

/// A job has `size` processes, called ranks and counted from 0. Without a launcher: one process, rank 0.
struct RankEnvironment {
  std::string launcher;  ///< "torchrun", "mpirun", "srun"; "" = none
  int rank = 0;
  int size = 1;
  int local_rank = 0;       ///< among the processes of this machine
  int local_size = 1;       ///< processes of the job on this machine; 1 where the launcher does not say
  std::string master_host;  ///< where rank 0 can be reached; "" with one process
  int master_port = 0;
  /// torchrun may itself serve the port; then rank 0 must not.
  bool launcher_serves_port = false;
  std::string attempt = "0";  ///< tells a restarted job's messages from the old ones (torchrun)
};

/// Value of an environment variable, nullopt where it is not set.
using Environment = std::function<std::optional<std::string>(const char* name)>;

/// Of this process.
[[nodiscard]] Environment process_environment();

/// Reads RANK, WORLD_SIZE, ... (torchrun), OMPI_COMM_WORLD_RANK, ... (Open MPI) or SLURM_PROCID, ... (srun),
/// in this order, as mpirun and torchrun may run within Slurm. `master`: HOST, HOST:PORT or "" = from
/// MASTER_ADDR and MASTER_PORT, else rank 0's machine as the launcher names it, with a port made of the job's
/// number. Throws kInvalidArgument, naming the variable, for values that make no sense, and where rank 0's
/// machine is not known.
[[nodiscard]] RankEnvironment rank_environment(const Environment& variable, const std::string& master = "");

/// "HOST:PORT" of rank 0.
[[nodiscard]] std::string master_address(const RankEnvironment& environment);

/// Whether all processes of the job are on this machine, as far as one can tell.
[[nodiscard]] bool is_on_one_machine(const RankEnvironment& environment);

/// The first name of Slurm's list of machines: "node[07-09,12],gpu3" gives "node07".
[[nodiscard]] std::string first_host(std::string_view host_list);

/// Slurm's tasks a machine: entry `node_index` of "2(x3),1"; nullopt for text that is none, or no such entry.
[[nodiscard]] std::optional<int> tasks_on_node(std::string_view tasks_per_node, int node_index);

}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
// Where tensors live: in the processor's memory or a GPU's.
#pragma once

#include <torch/types.h>

#include <memory_resource>
#include <string>
#include <string_view>

namespace torch::nn {
class Module;
}

namespace ferv::nn {

/// GPUs that a process may name, and which of them it takes where only "cuda" is said.
struct GpuSight {
  int gpu_count = 0;
  int local_rank = 0;  ///< of the process among those of the job on this machine
};

/// GPUs that LibTorch sees here.
[[nodiscard]] GpuSight visible_gpus(int local_rank = 0);

/// "auto": a GPU where one is seen, else the processor. "cpu". "cuda": the processes of a machine take its
/// GPUs in turn. "cuda:2": that one. Throws kInvalidArgument for other words, kUnsupported for a GPU that is
/// not seen.
[[nodiscard]] torch::Device device_from_name(std::string_view name, const GpuSight& sight);
[[nodiscard]] torch::Device device_from_name(std::string_view name);

/// What a run goes on with wherever it goes on: for "auto" the word for what it came to, without a number, as
/// each process of a machine finds its own; other names as they are.
[[nodiscard]] std::string settled_device_name(std::string_view name, torch::Device device);

/// Returns when the device has done all that it was given: for stopwatches.
void wait_for(torch::Device device);

/// Puts a module's parameters and buffers there, in the layout that convolutions want there.
void move_to(torch::nn::Module& module, torch::Device device);

/// Where a module's parameters are.
[[nodiscard]] torch::Device device_of(const torch::nn::Module& module);

/// Memory for what is copied to `device`: page-locked for a GPU, which then copies it without the
/// processor's help; else ordinary. Thread-safe, and there until the program ends.
[[nodiscard]] std::pmr::memory_resource& memory_for_copies_to(torch::Device device);

/// `tensor` on `device`. From page-locked memory the copy only starts here; work on the device waits for it,
/// and reading a result of that work back means that the memory may be written again.
[[nodiscard]] torch::Tensor copied_to(const torch::Tensor& tensor, torch::Device device);

}  // namespace ferv::nn

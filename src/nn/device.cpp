// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/device.h"

#include <torch/cuda.h>
#include <torch/torch.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/nn/layout.h"

namespace ferv::nn {
namespace {

constexpr std::string_view kGpu = "cuda";
constexpr std::string_view kGpuNumber = "cuda:";

torch::Device gpu(int index, std::string_view name, const GpuSight& sight) {
  if (index < sight.gpu_count) return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
  throw unsupported("device is '" + std::string(name) +
                    "', wanted cpu, or a GPU that LibTorch sees: it sees " + std::to_string(sight.gpu_count));
}

/// LibTorch's page-locked memory, which has no plain interface that all versions share but tensors.
class PageLockedMemory : public std::pmr::memory_resource {
 private:
  void* do_allocate(std::size_t bytes, std::size_t /*alignment: a tensor's is 64*/) override {
    const torch::Tensor block = torch::empty({static_cast<std::int64_t>(std::max<std::size_t>(bytes, 1))},
                                             torch::TensorOptions().dtype(torch::kUInt8).pinned_memory(true));
    const std::lock_guard lock(mutex_);
    blocks_.emplace(block.data_ptr(), block);
    return block.data_ptr();
  }
  void do_deallocate(void* memory, std::size_t /*bytes*/, std::size_t /*alignment*/) override {
    const std::lock_guard lock(mutex_);
    blocks_.erase(memory);
  }
  [[nodiscard]] bool do_is_equal(const std::pmr::memory_resource& other) const noexcept override {
    return this == &other;
  }

  std::mutex mutex_;
  std::map<void*, torch::Tensor> blocks_;
};

}  // namespace

GpuSight visible_gpus(int local_rank) {
  const bool has_gpu = torch::cuda::is_available();
  return {has_gpu ? static_cast<int>(torch::cuda::device_count()) : 0, local_rank};
}

torch::Device device_from_name(std::string_view name, const GpuSight& sight) {
  if (name == "cpu" || (name == "auto" && sight.gpu_count == 0)) return torch::kCPU;
  if (name == kGpu || name == "auto")
    return gpu(sight.gpu_count > 0 ? sight.local_rank % sight.gpu_count : 0, name, sight);
  if (name.starts_with(kGpuNumber)) {
    const std::string_view digits = name.substr(kGpuNumber.size());
    std::uint8_t index = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (error == std::errc() && end == digits.data() + digits.size() && index < 128)
      return gpu(index, name, sight);
  }
  throw invalid_argument("device is '" + std::string(name) + "', wanted auto, cpu, cuda or cuda:<number>");
}

torch::Device device_from_name(std::string_view name) {
  return device_from_name(name, visible_gpus());
}

std::string settled_device_name(std::string_view name, torch::Device device) {
  if (name != "auto") return std::string(name);
  return device.is_cuda() ? std::string(kGpu) : "cpu";
}

void wait_for(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.index());
}

void move_to(torch::nn::Module& module, torch::Device device) {
  module.to(device);
  use_channels_last(module);
}

torch::Device device_of(const torch::nn::Module& module) {
  const std::vector<torch::Tensor> parameters = module.parameters();
  return parameters.empty() ? torch::Device(torch::kCPU) : parameters.front().device();
}

std::pmr::memory_resource& memory_for_copies_to(torch::Device device) {
  if (!device.is_cuda()) return *std::pmr::new_delete_resource();
  // Never destroyed: at the end of a program the GPU's driver may be gone before it.
  static auto* const kPageLocked = new PageLockedMemory;
  return *kPageLocked;
}

torch::Tensor copied_to(const torch::Tensor& tensor, torch::Device device) {
  return tensor.to(device, /*non_blocking=*/true);
}

}  // namespace ferv::nn

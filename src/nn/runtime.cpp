// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/runtime.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/cuda.h>
#include <torch/version.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>

#include "ferv/base/parallel.h"

namespace ferv::nn {
namespace {

std::string cpuinfo_value(const std::string& key) {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key, 0) != 0) continue;
    const std::size_t colon = line.find(": ");
    return colon == std::string::npos ? "" : line.substr(colon + 2);
  }
  return "";
}

bool has_cpu_flag(const std::string& flag) {
  std::istringstream flags(cpuinfo_value("flags"));
  for (std::string word; flags >> word;) {
    if (word == flag) return true;
  }
  return false;
}

/// The shared object that serves the matrix product LibTorch calls.
std::string blas_library() {
  void* product = ::dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (product == nullptr || ::dladdr(product, &info) == 0 || info.dli_fname == nullptr) return "unknown";
  // Debian calls all of them libblas.so.3: where the link leads says which one it is.
  std::error_code status;
  const std::filesystem::path file = std::filesystem::canonical(info.dli_fname, status);
  return status ? info.dli_fname : file.string();
}

std::string onednn_version() {
  const std::string config = at::get_mkldnn_version();
  return config.substr(0, config.find(" ("));
}

/// LibTorch says it only in the text of its configuration: "CPU capability usage: AVX2".
std::string aten_capability() {
  static const std::string kKey = "CPU capability usage: ";
  const std::string config = at::show_config();
  const std::size_t at = config.find(kKey);
  if (at == std::string::npos) return "unknown";
  const std::size_t begin = at + kKey.size();
  return config.substr(begin, config.find_first_of(" \n", begin) - begin);
}

/// Tensors come and go with every layer of every batch. By default malloc asks the kernel for large ones
/// alone and gives them back at once.
void keep_freed_memory() {
#ifdef __GLIBC__
  constexpr int kNever = -1;
  constexpr int kGrowthBytes = 64 << 20;
  ::mallopt(M_MMAP_MAX, 0);
  ::mallopt(M_TRIM_THRESHOLD, kNever);
  ::mallopt(M_TOP_PAD, kGrowthBytes);
#endif
}

}  // namespace

void configure_runtime(const RuntimeOptions& options) {
  if (options.keep_memory) keep_freed_memory();
  at::set_num_threads(options.threads > 0 ? options.threads : available_cores());
  // Of a GPU's float32 products 13 bits would be left out otherwise: who wants them fast asks for bf16.
  at::globalContext().setAllowTF32CuDNN(false);
}

RuntimeFacts runtime_facts() {
  RuntimeFacts facts;
  facts.torch_version = TORCH_VERSION;
  facts.onednn_version = onednn_version();
  facts.blas = blas_library();
  for (const char* name : {"openblas", "mkl", "blis"}) {
    if (facts.blas.find(name) != std::string::npos) facts.blas_is_fast = true;
  }
  facts.processor = cpuinfo_value("model name");
  facts.aten_capability = aten_capability();
  facts.has_avx512_bf16 = has_cpu_flag("avx512_bf16");
  facts.has_amx_bf16 = has_cpu_flag("amx_bf16");
  facts.threads = at::get_num_threads();
  facts.available_cores = available_cores();
  facts.has_cuda = torch::cuda::is_available();
  facts.cuda_device_count = facts.has_cuda ? static_cast<int>(torch::cuda::device_count()) : 0;
  return facts;
}

}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
// How LibTorch runs here: threads, processor features, libraries. Called once by a program before the first
// tensor.
#pragma once

#include <string>

namespace ferv::nn {

struct RuntimeOptions {
  int threads = 0;  ///< 0 = all cores this process may use
  /// Freed memory stays with the process, for the next batch (glibc only). The kernel hands memory out in
  /// zeroed pages of 4 KiB, which costs more than the arithmetic of most layers; but it is then gone for
  /// other programs until the end.
  bool keep_memory = true;
};

/// Sets LibTorch's thread count (it starts at 1 on Debian) and what becomes of freed memory. Call before
/// other LibTorch work; cheap to call again.
void configure_runtime(const RuntimeOptions& options);

/// What decides the speed on this machine, for `ferv doctor` and environment.json.
struct RuntimeFacts {
  std::string torch_version;
  std::string onednn_version;
  std::string blas;             ///< file that serves sgemm_, e.g. ".../libopenblas.so.0"
  bool blas_is_fast = false;    ///< OpenBLAS, MKL or BLIS; the reference BLAS is 30 times slower
  std::string processor;        ///< model name
  std::string aten_capability;  ///< "DEFAULT", "AVX2", "AVX512"
  bool has_avx512_bf16 = false;
  bool has_amx_bf16 = false;
  int threads = 0;  ///< that LibTorch uses
  int available_cores = 0;
  bool has_cuda = false;
  int cuda_device_count = 0;
};

[[nodiscard]] RuntimeFacts runtime_facts();

}  // namespace ferv::nn

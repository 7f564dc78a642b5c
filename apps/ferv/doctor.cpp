// SPDX-License-Identifier: Apache-2.0
// ferv doctor: what will be fast on this machine and what won't.
#include <fmt/format.h>

#include "command.h"
#include "ferv/base/parallel.h"
#include "ferv/base/version.h"
#ifdef FERV_HAS_TORCH
#include "ferv/nn/precision.h"
#include "ferv/nn/runtime.h"
#endif

namespace ferv::app {
namespace {

std::string line(const char* name, const std::string& value, const char* verdict = "") {
  return fmt::format("{:<20} {}{}{}\n", name, value, *verdict != '\0' ? "   <- " : "", verdict);
}

std::string report() {
  std::string text = line("ferv", fmt::format("ferv {}", version()));
  text += line("cores", fmt::format("{} usable", available_cores()));
#ifdef FERV_HAS_TORCH
  nn::configure_runtime({});
  const nn::RuntimeFacts facts = nn::runtime_facts();
  text += line("processor", facts.processor);
  text += line("threads", std::to_string(facts.threads));
  text += line("LibTorch", facts.torch_version + ", vector code " + facts.aten_capability);
  text += line("oneDNN", facts.onednn_version);
  text += line(
      "BLAS", facts.blas,
      facts.blas_is_fast ? "" : "slow: install libopenblas0-openmp, matrix products become 30 times faster");
  text += line("bf16",
               facts.has_amx_bf16      ? "yes, AMX"
               : facts.has_avx512_bf16 ? "yes, AVX-512"
                                       : "no",
               nn::fastest_precision() == nn::Precision::kBFloat16
                   ? ""
                   : "training runs in fp32, at about half the speed");
  text += line("GPU", facts.has_cuda ? fmt::format("{} CUDA device(s)", facts.cuda_device_count)
                                     : "none that LibTorch can use");
#else
  text += line("LibTorch", "left out of this build (FERV_WITH_TORCH=OFF)",
               "no training, evaluation or prediction");
#endif
#ifdef FERV_HAS_VIDEO
  text += line("video", "yes");
#else
  text += line("video", "left out of this build (FERV_WITH_VIDEO=OFF)", "no films");
#endif
  return text;
}

}  // namespace

void add_doctor(CLI::App& parent, Context&) {
  CLI::App* command = parent.add_subcommand(
      "doctor", "Show versions, processor features, BLAS, threads, GPU: what will be fast and what won't");
  command->footer("Example: ferv doctor");
  command->callback([] { print(report()); });
}

}  // namespace ferv::app

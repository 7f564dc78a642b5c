// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/bundled_weights.h"

#include <system_error>
#include <vector>

#include "ferv/base/error.h"

namespace ferv::inference {
namespace {

constexpr const char* kFileName = "stills_resnet18.safetensors";

/// `bin/` and `libexec/ferv/` lie beside `share/`; a program that embeds ferv may lie anywhere.
std::vector<std::filesystem::path> places() {
  std::error_code status;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", status).parent_path();
  return {program / "../share/ferv/weights", program / "../../share/ferv/weights", FERV_INSTALLED_WEIGHTS,
          FERV_SOURCE_WEIGHTS};
}

}  // namespace

std::filesystem::path bundled_weights() {
  for (const std::filesystem::path& place : places()) {
    std::error_code status;
    std::filesystem::path file = (place / kFileName).lexically_normal();
    if (std::filesystem::is_regular_file(file, status)) return file;
  }
  throw not_found(std::filesystem::path(FERV_INSTALLED_WEIGHTS) / kFileName,
                  "the weights that come with ferv; give others with --weights");
}

}  // namespace ferv::inference

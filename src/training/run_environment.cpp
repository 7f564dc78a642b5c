// SPDX-License-Identifier: Apache-2.0
#include "run_environment.h"

#include "ferv/base/files.h"
#include "ferv/base/version.h"
#include "ferv/nn/runtime.h"

namespace ferv::training {

void write_environment(const RunFolder& run, const RunEnvironment& environment) {
  const nn::RuntimeFacts runtime = nn::runtime_facts();
  nlohmann::ordered_json json = {{"ferv_version", version()},        {"torch", runtime.torch_version},
                                 {"onednn", runtime.onednn_version}, {"blas", runtime.blas},
                                 {"processor", runtime.processor},   {"precision", environment.precision},
                                 {"device", environment.device},     {"threads", environment.threads}};
  json.update(environment.own);
  write_file_atomically(run.path() / "environment.json", json.dump(2) + "\n");
}

}  // namespace ferv::training

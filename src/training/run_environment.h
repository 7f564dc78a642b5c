// SPDX-License-Identifier: Apache-2.0
// What a run was computed with, for whoever repeats it.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "run_folder.h"

namespace ferv::training {

struct RunEnvironment {
  std::string precision;
  std::string device = "cpu";
  int threads = 0;
  nlohmann::ordered_json own;  ///< what this kind of run adds: counts, fingerprint of the data
};

/// Writes environment.json: versions, processor, precision, device, threads, then `own`.
void write_environment(const RunFolder& run, const RunEnvironment& environment);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// The transfer matrix of ferv eval: trained on one scenario or scene, tested on every other.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "command.h"
#include "ferv/data/data_set.h"

namespace ferv::app {

struct TransferArguments {
  bool cross_scenario = false;
  bool cross_scene = false;
  std::string model;
  std::string config;
  std::vector<std::string> settings;
};

/// What ferv eval reads for both of its jobs.
struct TransferPlaces {
  std::string data;
  std::string out;
  data::DataSetOptions data_set;
};

[[nodiscard]] bool is_transfer(const TransferArguments& arguments);

/// --cross-scenario, --cross-scene and what the trainings need; they exclude `weights`. `arguments` must
/// outlive the command.
void add_transfer_options(CLI::App& command, TransferArguments& arguments, CLI::Option& weights);

void run_eval_transfer(const TransferArguments& arguments, const TransferPlaces& places, Context& context);

}  // namespace ferv::app

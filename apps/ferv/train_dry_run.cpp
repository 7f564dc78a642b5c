// SPDX-License-Identifier: Apache-2.0
#include "train_dry_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "command.h"
#include "zoo_documents.h"

namespace ferv::app {
namespace {

using training::DryRun;

double mebibytes(std::int64_t bytes) {
  return static_cast<double>(bytes) / (1024.0 * 1024.0);
}

std::string time_text(double seconds) {
  if (seconds < 100) return fmt::format("{:.1f} s", seconds);
  if (seconds < 6000) return fmt::format("{:.0f} min", seconds / 60);
  return fmt::format("{:.1f} h", seconds / 3600);
}

nlohmann::ordered_json to_json(const DryRun& run) {
  const training::TrainingMemory& memory = run.memory;
  return {
      {"model", run.model},
      {"clip_spec", run.clip_spec},
      {"precision", run.precision},
      {"threads", run.threads},
      {"parameters", run.parameter_count},
      {"parameters_learning", run.learning_count},
      {"mac_forward", run.mac_count},
      {"memory_bytes",
       {{"weights", memory.weights},
        {"gradients", memory.gradients},
        {"optimizer", memory.optimizer},
        {"average", memory.average},
        {"layer_outputs_estimated", memory.layer_outputs},
        {"input", memory.input},
        {"total", memory.total()},
        {"process_peak_measured", run.peak_process_bytes}}},
      {"clips",
       {{"train", run.training_clips}, {run.selection_split, run.selection_clips}, {"test", run.test_clips}}},
      {"batches_per_epoch", run.batches_per_epoch},
      {"steps_per_epoch", run.steps_per_epoch},
      {"measured",
       {{"timed_batches", run.timed_batches},
        {"batch_s", run.batch_s},
        {"evaluation_batch_s", run.evaluation_batch_s},
        {"model_clips_per_s", run.model_clips_per_s},
        {"loader_clips_per_s", run.loader_clips_per_s}}},
      {"expected", {{"epoch_s", run.epoch_s}, {"run_s", run.run_s}}}};
}

void print_memory(const DryRun& run) {
  const training::TrainingMemory& memory = run.memory;
  print(fmt::format(
      "memory         {:.0f} MiB: weights {:.0f}, gradients {:.0f}, optimiser {:.0f}, average {:.0f}, input "
      "{:.0f}, "
      "layer outputs of a batch {:.0f} (estimate)\n"
      "               measured: this process came to {:.0f} MiB\n",
      mebibytes(memory.total()), mebibytes(memory.weights), mebibytes(memory.gradients),
      mebibytes(memory.optimizer), mebibytes(memory.average), mebibytes(memory.input),
      mebibytes(memory.layer_outputs), mebibytes(static_cast<std::int64_t>(run.peak_process_bytes))));
}

}  // namespace

void print_dry_run(const DryRun& run, bool json) {
  if (json) return print(to_json(run).dump(2) + "\n");
  print(fmt::format("model          {}, input {}, {}, {} threads\n", run.model, run.clip_spec, run.precision,
                    run.threads));
  print(fmt::format("parameters     {} ({} learn in the first epoch)\n", with_separators(run.parameter_count),
                    with_separators(run.learning_count)));
  print(
      fmt::format("arithmetic     {:.2f} GMAC a clip forward ({:.2f} GFLOPs at two a MAC), about three times "
                  "that in training\n",
                  static_cast<double>(run.mac_count) / 1e9, static_cast<double>(run.mac_count) / 5e8));
  print_memory(run);
  print(fmt::format("clips          {} train, {} {}{}\n", run.training_clips, run.selection_clips,
                    run.selection_split,
                    run.selection_split == "test" ? "" : fmt::format(", {} test", run.test_clips)));
  print(fmt::format("an epoch       {} batches, {} optimiser steps\n", run.batches_per_epoch,
                    run.steps_per_epoch));
  print(fmt::format(
      "measured       model {:.1f} clips/s (median of {} batches of noise), loader {:.1f} clips/s\n",
      run.model_clips_per_s, run.timed_batches, run.loader_clips_per_s));
  print(fmt::format(
      "expected       {} an epoch with validation, {} the run: loading and model one after the other\n",
      time_text(run.epoch_s), time_text(run.run_s)));
  print("nothing was written\n");
}

}  // namespace ferv::app

// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/transfer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/version.h"
#include "ferv/data/labels.h"
#include "ferv/data/open_data_set.h"
#include "ferv/data/splits.h"
#include "ferv/evaluation/results.h"
#include "ferv/nn/device.h"
#include "ferv/training/evaluator.h"
#include "ferv/training/trainer.h"
#include "train_data.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> names_of(TransferParts parts) {
  if (parts == TransferParts::kScenes) return {data::scene_names().begin(), data::scene_names().end()};
  std::vector<std::string> names;
  for (const data::Scenario& scenario : data::scenarios()) names.push_back(scenario.short_name);
  return names;
}

/// Parts with clips to train on and clips to test on.
std::vector<std::string> parts_of(const TransferOptions& options, const Observer& observer) {
  data::DataSetOptions all = data_set_options(options.train);
  all.setup = "all";
  all.scan_frames = false;
  const data::ClipIndex index = data::open_data_set(options.train.data, all, observer);
  const auto has_clips = [&](const std::string& part, data::Split split) {
    return std::any_of(index.clips.begin(), index.clips.end(), [&](const data::Clip& clip) {
      return clip.split == split && data::is_part_of(data::scene_of(clip), part);
    });
  };
  std::vector<std::string> parts;
  for (const std::string& name : names_of(options.parts)) {
    if (has_clips(name, data::Split::kTrain) && has_clips(name, data::Split::kTest)) parts.push_back(name);
  }
  if (parts.size() < 2) {
    throw corrupt_data(options.train.data,
                       fmt::format("{} parts have clips in both splits, wanted two or more", parts.size()));
  }
  return parts;
}

class Transfer {
 public:
  Transfer(const TransferOptions& options, const Observer& observer)
      : options_(options), observer_(observer) {
    validate(options.train);
    require_same_settings();
  }

  TransferOutcome run() {
    TransferOutcome outcome;
    outcome.parts = parts_of(options_, observer_);
    for (const std::string& part : outcome.parts) {
      outcome.stopped =
          !is_tested(part, outcome.parts) && !(train_on(part) && test_everywhere(part, outcome.parts));
      if (outcome.stopped) return outcome;
    }
    for (const std::string& part : outcome.parts) {
      for (const std::string& other : outcome.parts) outcome.cells.push_back(read_cell(part, other));
    }
    write_matrix(outcome.cells);
    return outcome;
  }

 private:
  [[nodiscard]] fs::path run_of(const std::string& part) const { return options_.folder / "runs" / part; }
  [[nodiscard]] fs::path results_of(const std::string& part, const std::string& other) const {
    return options_.folder / "results" / part / (other + ".csv");
  }

  /// A matrix of rows from different settings would look like one of their parts.
  void require_same_settings() const {
    TrainOptions train = options_.train;
    train.setup = "all";
    const fs::path file = options_.folder / "config.toml";
    if (!fs::exists(file)) {
      make_folder(options_.folder);
      write_file_atomically(file, to_toml(train));
    } else if (!holds_options(file, train)) {
      throw incompatible(
          file.string() +
          ": begun with other settings; wanted the same ones, or another folder for a new matrix");
    }
  }

  [[nodiscard]] bool is_tested(const std::string& part, const std::vector<std::string>& parts) const {
    return std::all_of(parts.begin(), parts.end(),
                       [&](const std::string& other) { return fs::exists(results_of(part, other)); });
  }

  /// False when asked to stop.
  [[nodiscard]] bool train_on(const std::string& part) const {
    const fs::path run = run_of(part);
    if (fs::exists(run / "results" / "test.csv")) return true;
    observer_.log("train on " + part);
    TrainOptions train = options_.train;
    train.setup = part;
    return !train_or_resume(train, run, observer_).stopped;
  }

  [[nodiscard]] bool test_everywhere(const std::string& part, const std::vector<std::string>& parts) const {
    LoadedModel loaded = load_model(run_of(part) / "weights" / "best.safetensors");
    nn::move_to(loaded.model->module(), nn::device_from_name(options_.train.device));
    for (const std::string& other : parts) {
      if (fs::exists(results_of(part, other))) continue;
      try {
        test_on(loaded, part, other);
      } catch (const Error&) {
        if (observer_.should_stop()) return false;
        throw;
      }
    }
    return true;
  }

  void test_on(LoadedModel& loaded, const std::string& part, const std::string& other) const {
    data::DataSetOptions part_options = data_set_options(options_.train);
    part_options.setup = other;
    const data::ClipIndex index = data::open_data_set(options_.train.data, part_options, observer_);
    require_same_classes(loaded.classes, index);
    EvaluationOptions evaluation;
    evaluation.sampling = loaded.sampling;
    evaluation.streams = loaded.streams;
    evaluation.batch_size = static_cast<std::size_t>(options_.train.batch_size);
    evaluation.loader_threads = options_.train.loader_threads;
    evaluation.precision =
        nn::precision_from_name(options_.train.precision, nn::device_of(loaded.model->module()).type());
    evaluation.task = fmt::format("test {} on {}", part, other);
    evaluation::Results results =
        evaluate(*loaded.model, index, data::clips_of(index, data::Split::kTest), evaluation, observer_);
    results.facts = {{"model", loaded.id},
                     {"weights_hash", loaded.weights_hash},
                     {"split", "test"},
                     {"trained_on", part},
                     {"setup", other},
                     {"protocol", loaded.protocol},
                     {"ferv_version", std::string(version())}};
    make_folder(results_of(part, other).parent_path());
    evaluation::write_results(results_of(part, other), results);
  }

  [[nodiscard]] TransferCell read_cell(const std::string& part, const std::string& other) const {
    const evaluation::Results results = evaluation::read_results(results_of(part, other));
    const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(results);
    return {part,
            other,
            results.rows.size(),
            evaluation::war(matrix),
            evaluation::uar(matrix),
            evaluation::bootstrap_intervals(matrix, {})};
  }

  void write_matrix(const std::vector<TransferCell>& cells) const {
    std::string csv = "trained_on,tested_on,clips,war,war_low,war_high,uar,uar_low,uar_high\n";
    for (const TransferCell& cell : cells) {
      csv += fmt::format("{},{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f}\n", cell.trained_on,
                         cell.tested_on, cell.clip_count, cell.war, cell.intervals.war.low,
                         cell.intervals.war.high, cell.uar, cell.intervals.uar.low, cell.intervals.uar.high);
    }
    write_file_atomically(options_.folder / "transfer.csv", csv);
  }

  const TransferOptions& options_;
  const Observer& observer_;
};

}  // namespace

TransferOutcome run_transfer(const TransferOptions& options, const Observer& observer) {
  return Transfer(options, observer).run();
}

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/zoo_benchmark.h"

#include <fmt/format.h>

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/lower_case.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"
#include "ferv/evaluation/run_list.h"
#include "ferv/models/summary.h"
#include "ferv/models/zoo.h"
#include "ferv/training/pretrain.h"
#include "ferv/training/trainer.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

template <typename Options>
void apply_recipe(Options& options, const fs::path& file) {
  if (fs::exists(file)) apply_config_file(options, file);
}

bool is_row(const std::string& word) {
  const auto& rows = models::zoo();
  return std::any_of(rows.begin(), rows.end(),
                     [&](const models::ModelCard& card) { return card.id == word; });
}

/// One benchmark from where it stands.
class Benchmark {
 public:
  Benchmark(const ZooBenchmarkOptions& options, const Observer& observer)
      : options_(options), observer_(observer), rows_(options.rows) {
    if (!fs::exists(options.recipes / "common.toml"))
      throw not_found(options.recipes / "common.toml", "the settings that all rows share");
    if (rows_.empty()) {
      for (const models::ModelCard& card : models::zoo()) rows_.push_back(card.id);
    }
    for (const std::string& id : rows_) {
      const TrainOptions row = options_of(id, options.ferv39k);
      validate(row);
      if (is_row(row.init_from)) (void)options_of_first(row.init_from);
    }
  }

  ZooBenchmarkOutcome run() {
    ZooBenchmarkOutcome outcome;
    for (const std::string& id : rows_) {
      if (fs::exists(options_.results / (models::card(id).id + ".csv"))) {
        ++outcome.rows_kept;
        continue;
      }
      observer_.log(
          fmt::format("{}: row {} of {}", id, outcome.rows_kept + outcome.rows_trained + 1, rows_.size()));
      if (!train_row(models::card(id))) {
        outcome.stopped = true;
        break;
      }
      ++outcome.rows_trained;
      write_zoo_table(options_.results);
    }
    if (!outcome.stopped) write_zoo_table(options_.results);
    return outcome;
  }

 private:
  /// Options of a row: common settings, its own, and where its data lies.
  [[nodiscard]] TrainOptions options_of(const std::string& id, const fs::path& data) const {
    TrainOptions options;
    apply_recipe(options, options_.recipes / "common.toml");
    const models::ModelCard& card = models::card(id);
    if (!card.architecture.empty()) apply_recipe(options, options_.recipes / (card.architecture + ".toml"));
    apply_recipe(options, options_.recipes / (id + ".toml"));
    options.model = id;
    options.data = data.string();
    return options;
  }

  /// Of a row that others start from.
  [[nodiscard]] TrainOptions options_of_first(const std::string& id) const {
    TrainOptions options = options_of(id, options_.ferv39k);
    validate(options);
    if (!options.init_from.empty())
      throw invalid_argument(
          fmt::format("row {} starts from {}, wanted one with fresh weights for others to start from", id,
                      options.init_from));
    return options;
  }

  /// Trains the row that another starts from, unless that is done; false when asked to stop.
  [[nodiscard]] bool train_first(const models::ModelCard& card, const std::string& id) const {
    const fs::path run = options_.runs / id;
    if (fs::exists(run / "results" / "test.csv")) return true;
    observer_.log(card.id + ": first " + id);
    return !train_or_resume(options_of_first(id), run, observer_).stopped;
  }

  /// Trains what a pre-trained row starts from, unless that is done; false when asked to stop.
  [[nodiscard]] bool pretrain_for(const models::ModelCard& card, fs::path& weights) const {
    const bool is_dfew = card.pretrained == "DFEW";
    const std::string name = is_dfew ? "dfew." + card.architecture : "faces." + lower_case(card.backbone);
    const fs::path run = options_.runs / name;
    weights = run / "weights" / "best.safetensors";
    if (fs::exists(run / "done")) return true;
    observer_.log(card.id + ": first " + name);
    if (is_dfew) {
      TrainOptions options = options_of(card.architecture, options_.dfew);
      apply_recipe(options, options_.recipes / "dfew.toml");
      if (train_or_resume(options, run, observer_).stopped) return false;
    } else {
      PretrainOptions options;
      apply_recipe(options, options_.recipes / "faces.toml");
      options.backbone = lower_case(card.backbone);
      options.data = options_.faces.string();
      const PretrainOutcome outcome = fs::exists(run / "config.toml") ? resume_pretraining(run, observer_)
                                                                      : pretrain(options, run, observer_);
      if (outcome.stopped) return false;
    }
    write_file_atomically(run / "done", std::string_view("pre-training is complete\n"));
    return true;
  }

  [[nodiscard]] bool train_row(const models::ModelCard& card) const {
    TrainOptions options = options_of(card.id, options_.ferv39k);
    if (!card.starts_from.empty()) {
      fs::path weights;
      if (!pretrain_for(card, weights)) return false;
      options.init_from = weights.string();
    } else if (is_row(options.init_from)) {
      if (!train_first(card, options.init_from)) return false;
      options.init_from = (options_.runs / options.init_from / "weights" / "best.safetensors").string();
    }
    const fs::path run = options_.runs / card.id;
    const TrainOutcome outcome = train_or_resume(options, run, observer_);
    if (outcome.stopped) return false;
    const models::ModelSummary summary = models::summarise(
        card.id,
        {.class_count = static_cast<int>(outcome.test_best.classes.size()),
         .spec = {.frame_count = options.frames, .height_px = options.height, .width_px = options.width}});
    evaluation::Results results = outcome.test_best;
    results.facts["parameters"] = std::to_string(summary.parameter_count);
    results.facts["gmac"] = fmt::format("{:.3f}", static_cast<double>(summary.mac_count) * 1e-9);
    results.facts["input"] = fmt::format("{}x{}x{}", options.frames, options.height, options.width);
    results.facts["epochs"] = std::to_string(outcome.epochs_done);
    results.facts["best_epoch"] = std::to_string(outcome.best_epoch);
    results.facts["train_s"] = fmt::format("{:.0f}", evaluation::read_run(run).seconds);
    evaluation::write_results(options_.results / (card.id + ".csv"), results);
    return true;
  }

  ZooBenchmarkOptions options_;
  const Observer& observer_;
  std::vector<std::string> rows_;
};

std::string fact(const evaluation::Results& results, const std::string& key) {
  const auto found = results.facts.find(key);
  return found == results.facts.end() ? "" : found->second;
}

}  // namespace

void check_recipes(const ZooBenchmarkOptions& options) {
  (void)Benchmark(options, Observer());
}

ZooBenchmarkOutcome run_zoo_benchmark(const ZooBenchmarkOptions& options, const Observer& observer) {
  return Benchmark(options, observer).run();
}

void write_zoo_table(const fs::path& folder) {
  std::string csv =
      "id,clips,war,war_low,war_high,uar,uar_low,uar_high,parameters,input,gmac,epochs,best_epoch,train_s\n";
  std::string markdown =
      "| row | input | WAR | UAR | parameters | GMAC a clip | epochs (best) | training |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const models::ModelCard& card : models::zoo()) {
    const fs::path path = folder / (card.id + ".csv");
    if (!fs::exists(path)) continue;
    const evaluation::Results results = evaluation::read_results(path);
    const evaluation::ConfusionMatrix matrix = evaluation::confusion_matrix(results);
    const evaluation::MetricIntervals intervals = evaluation::bootstrap_intervals(matrix, {});
    const double war = evaluation::war(matrix);
    const double uar = evaluation::uar(matrix);
    csv += fmt::format("{},{},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{:.4f},{},{},{},{},{},{}\n", card.id,
                       results.rows.size(), war, intervals.war.low, intervals.war.high, uar,
                       intervals.uar.low, intervals.uar.high, fact(results, "parameters"),
                       fact(results, "input"), fact(results, "gmac"), fact(results, "epochs"),
                       fact(results, "best_epoch"), fact(results, "train_s"));
    markdown += fmt::format(
        "| `{}` | {} | {:.1f} [{:.1f}, {:.1f}] | {:.1f} [{:.1f}, {:.1f}] | {} | {} | {} ({}) | {} s |\n",
        card.id, fact(results, "input"), 100 * war, 100 * intervals.war.low, 100 * intervals.war.high,
        100 * uar, 100 * intervals.uar.low, 100 * intervals.uar.high, fact(results, "parameters"),
        fact(results, "gmac"), fact(results, "epochs"), fact(results, "best_epoch"),
        fact(results, "train_s"));
  }
  write_file_atomically(folder / "table.csv", csv);
  write_file_atomically(folder / "table.md", markdown);
}

}  // namespace ferv::training

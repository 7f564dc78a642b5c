// SPDX-License-Identifier: Apache-2.0
#include "ferv/training/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"
#include "ferv/training/trainer.h"
#include "train_setup.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr std::size_t kFileLimitBytes = std::size_t{1} << 20;
constexpr std::size_t kRunLimit = 10000;

void require_distinct(const std::vector<int>& numbers, const char* what, int lowest) {
  for (const int number : numbers) {
    if (number < lowest)
      throw invalid_argument(fmt::format("{} {} of the series, wanted {} or more", what, number, lowest));
  }
  if (std::set<int>(numbers.begin(), numbers.end()).size() != numbers.size())
    throw invalid_argument(fmt::format("the series names a {} twice, wanted each once", what));
}

ordered_json to_json(const evaluation::Spread& spread) {
  ordered_json json = {{"mean", spread.mean}};
  json["deviation"] = spread.deviation ? ordered_json(*spread.deviation) : ordered_json();
  return json;
}

ordered_json to_json(const evaluation::SpreadMarks& marks) {
  return {{"war", to_json(marks.war)}, {"uar", to_json(marks.uar)}};
}

ordered_json to_json(const evaluation::SeriesScores& scores) {
  return {{"runs", to_json(scores.runs)},
          {"folds_averaged", to_json(scores.averaged)},
          {"folds_pooled", to_json(scores.pooled)}};
}

class Series {
 public:
  Series(const SeriesOptions& options, const Observer& observer) : options_(options), observer_(observer) {
    require_distinct(options_.seeds, "seed", 0);
    require_distinct(options_.folds, "fold", 1);
    if (options_.seeds.empty()) options_.seeds = {options_.train.seed};
    if (options_.folds.empty()) options_.folds = {options_.train.fold};
    if (options_.seeds.size() * options_.folds.size() > kRunLimit) {
      throw invalid_argument(fmt::format("the series has {} runs, wanted {} or fewer",
                                         options_.seeds.size() * options_.folds.size(), kRunLimit));
    }
    options_.train = with_absolute_paths(options_.train);
    validate(options_.train);
  }

  SeriesOutcome run() {
    const bool is_new = begin();
    SeriesOutcome outcome;
    outcome.run_count = options_.seeds.size() * options_.folds.size();
    for (const int seed : options_.seeds) {
      for (const int fold : options_.folds) {
        try {
          outcome.stopped = !train_one(seed, fold, outcome);
        } catch (const Error&) {
          if (is_new && outcome.runs.empty() && !fs::exists(run_of(seed, fold))) withdraw();
          throw;
        }
        if (outcome.stopped) return outcome;
        take_in(seed, fold, outcome);
        write_summary(outcome);
      }
    }
    return outcome;
  }

 private:
  [[nodiscard]] fs::path run_of(int seed, int fold) const {
    const std::string of_seed = fmt::format("seed-{}", seed);
    return fold == 0 ? options_.folder / of_seed : options_.folder / fmt::format("fold-{}", fold) / of_seed;
  }

  [[nodiscard]] fs::path settings_file() const { return options_.folder / "settings.toml"; }
  [[nodiscard]] fs::path series_file() const { return options_.folder / "series.json"; }

  /// Runs of different settings would look like one series. True when nothing was there.
  bool begin() const {
    TrainOptions train = options_.train;
    train.seed = 0;
    train.fold = 0;
    const fs::path file = settings_file();
    const bool is_new = !fs::exists(file);
    if (!is_new && !holds_options(file, train)) {
      throw incompatible(
          file.string() +
          ": begun with other settings; wanted the same ones, or another folder for a new series");
    }
    if (is_new && fs::exists(options_.folder) && !fs::is_empty(options_.folder))
      throw invalid_argument(options_.folder.string() + ": is not empty, wanted a new folder for the series");
    write_file_atomically(file, to_toml(train));
    const ordered_json json = {{"seeds", options_.seeds}, {"folds", options_.folds}};
    write_file_atomically(series_file(), json.dump() + "\n");
    return is_new;
  }

  /// A series whose first run was refused has not begun.
  void withdraw() const {
    std::error_code ignored;
    fs::remove(settings_file(), ignored);
    fs::remove(series_file(), ignored);
    fs::remove(options_.folder, ignored);  // where it is empty
  }

  /// False when asked to stop.
  [[nodiscard]] bool train_one(int seed, int fold, const SeriesOutcome& outcome) const {
    const fs::path run = run_of(seed, fold);
    if (fs::exists(run / "results" / "test.csv")) return true;
    observer_.log(fmt::format("run {} of {}: {}", outcome.runs.size() + 1, outcome.run_count,
                              run.lexically_relative(options_.folder).string()));
    TrainOptions train = options_.train;
    train.seed = seed;
    train.fold = fold;
    return !train_or_resume(train, run, observer_).stopped;
  }

  void take_in(int seed, int fold, SeriesOutcome& outcome) {
    const fs::path folder = run_of(seed, fold);
    best_.push_back({seed, fold, evaluation::read_results(folder / "results" / "test.csv")});
    last_.push_back({seed, fold, evaluation::read_results(folder / "results" / "test_last.csv")});
    const evaluation::ConfusionMatrix best = evaluation::confusion_matrix(best_.back().results);
    const evaluation::ConfusionMatrix last = evaluation::confusion_matrix(last_.back().results);
    outcome.runs.push_back({seed, fold, folder, best_.back().results.rows.size(), evaluation::war(best),
                            evaluation::uar(best), evaluation::war(last), evaluation::uar(last)});
    outcome.best = evaluation::series_scores(best_);
    outcome.last = evaluation::series_scores(last_);
  }

  void write_summary(const SeriesOutcome& outcome) const {
    std::string csv = "seed,fold,clips,war_best,uar_best,war_last,uar_last\n";
    ordered_json runs = ordered_json::array();
    for (const SeriesRun& run : outcome.runs) {
      csv += fmt::format("{},{},{},{:.6f},{:.6f},{:.6f},{:.6f}\n", run.seed, run.fold, run.clip_count,
                         run.war_best, run.uar_best, run.war_last, run.uar_last);
      runs.push_back({{"seed", run.seed},
                      {"fold", run.fold},
                      {"run", run.folder.lexically_relative(options_.folder).string()},
                      {"clips", run.clip_count},
                      {"best", {{"war", run.war_best}, {"uar", run.uar_best}}},
                      {"last", {{"war", run.war_last}, {"uar", run.uar_last}}}});
    }
    const ordered_json json = {{"model", options_.train.model},       {"protocol", options_.train.protocol},
                               {"runs_wanted", outcome.run_count},    {"runs", runs},
                               {"best_epoch", to_json(outcome.best)}, {"last_epoch", to_json(outcome.last)}};
    write_file_atomically(options_.folder / "summary.csv", csv);
    write_file_atomically(options_.folder / "summary.json", json.dump(2) + "\n");
  }

  SeriesOptions options_;
  const Observer& observer_;
  std::vector<evaluation::SeriesResult> best_;
  std::vector<evaluation::SeriesResult> last_;
};

}  // namespace

bool is_series(const fs::path& folder) {
  return fs::exists(folder / "series.json");
}

SeriesOutcome run_series(const SeriesOptions& options, const Observer& observer) {
  return Series(options, observer).run();
}

SeriesOutcome resume_series(const fs::path& folder, const Observer& observer) {
  SeriesOptions options;
  options.folder = folder;
  const fs::path file = folder / "series.json";
  try {
    const auto json = nlohmann::json::parse(read_text_file(file, kFileLimitBytes));
    options.seeds = json.at("seeds").get<std::vector<int>>();
    options.folds = json.at("folds").get<std::vector<int>>();
  } catch (const nlohmann::json::exception& error) {
    throw corrupt_data(file, error.what());
  }
  apply_config_file(options.train, folder / "settings.toml");
  if (options.folds == std::vector<int>{0}) options.folds.clear();
  return run_series(options, observer);
}

}  // namespace ferv::training

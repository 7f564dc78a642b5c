// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/series.h"

#include <fmt/format.h>

#include <cmath>
#include <map>
#include <numeric>

#include "ferv/base/error.h"
#include "ferv/evaluation/audit.h"
#include "ferv/evaluation/metrics.h"

namespace ferv::evaluation {
namespace {

struct MarkLists {
  std::vector<double> wars;
  std::vector<double> uars;

  void add(const ConfusionMatrix& matrix) {
    wars.push_back(war(matrix));
    uars.push_back(uar(matrix));
  }
  [[nodiscard]] SpreadMarks spread() const { return {spread_of(wars), spread_of(uars)}; }
};

}  // namespace

Spread spread_of(std::span<const double> values) {
  if (values.empty()) throw invalid_argument("a mean of no values is wanted, wanted one or more");
  const auto count = static_cast<double>(values.size());
  Spread spread;
  spread.mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
  if (values.size() < 2) return spread;
  double squares = 0;
  for (const double value : values) squares += (value - spread.mean) * (value - spread.mean);
  spread.deviation = std::sqrt(squares / (count - 1));
  return spread;
}

Results pooled_folds(std::span<const Results> folds, const std::string& name) {
  Results pooled;
  if (folds.empty()) return pooled;
  pooled.classes = folds.front().classes;
  for (const Results& fold : folds) {
    if (fold.classes != pooled.classes) throw incompatible(name + ": the classes of the folds differ");
    pooled.rows.insert(pooled.rows.end(), fold.rows.begin(), fold.rows.end());
  }
  (void)audit(pooled, {}, Problems::kRefuse, name);
  return pooled;
}

SeriesScores series_scores(std::span<const SeriesResult> results) {
  MarkLists runs;
  std::map<int, std::vector<Results>> by_seed;
  for (const SeriesResult& result : results) {
    runs.add(confusion_matrix(result.results));
    by_seed[result.seed].push_back(result.results);
  }
  MarkLists averaged;
  MarkLists pooled;
  for (const auto& [seed, folds] : by_seed) {
    MarkLists of_seed;
    for (const Results& fold : folds) of_seed.add(confusion_matrix(fold));
    averaged.wars.push_back(spread_of(of_seed.wars).mean);
    averaged.uars.push_back(spread_of(of_seed.uars).mean);
    const std::string name = fmt::format("seed {}, {} folds pooled", seed, folds.size());
    pooled.add(confusion_matrix(pooled_folds(folds, name)));
  }
  return {runs.spread(), averaged.spread(), pooled.spread()};
}

}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/breakdown.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <unordered_map>

#include "ferv/base/error.h"
#include "ferv/base/random.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/ranking.h"
#include "pairing.h"

namespace ferv::evaluation {
namespace {

constexpr const char* kOther = "other";

GroupScore score(const std::string& name, const Results& part, const BootstrapOptions& options) {
  const ConfusionMatrix matrix = confusion_matrix(part);
  return {name, matrix.total(), war(matrix), uar(matrix), bootstrap_intervals(matrix, options)};
}

/// P(X <= k) * 2, cut at 1, for X ~ Binomial(n, 1/2) and k the smaller side: computed in logs, exact for any
/// n that occurs.
double two_sided_binomial(std::int64_t a, std::int64_t b) {
  const std::int64_t n = a + b;
  if (n == 0) return 1.0;
  double sum = 0;
  for (std::int64_t k = 0; k <= std::min(a, b); ++k) {
    const auto m = static_cast<double>(n);
    const auto i = static_cast<double>(k);
    sum += std::exp(std::lgamma(m + 1) - std::lgamma(i + 1) - std::lgamma(m - i + 1) - m * std::log(2.0));
  }
  return std::min(1.0, 2.0 * sum);
}

/// Clips of one class as pairs: +1 where only B is right, -1 where only A is.
using Differences = std::vector<std::vector<int>>;

void resample_differences(const Differences& differences, const BootstrapOptions& options,
                          MetricIntervals& intervals) {
  std::vector<double> wars;
  std::vector<double> uars;
  std::int64_t total = 0;
  for (const auto& members : differences) total += static_cast<std::int64_t>(members.size());
  Random random(derive_seed(options.seed, "paired bootstrap"));
  for (int round = 0; round < options.resample_count; ++round) {
    std::int64_t sum = 0;
    double recalls = 0;
    int class_count = 0;
    for (const auto& members : differences) {
      if (members.empty()) continue;
      std::int64_t class_sum = 0;
      for (std::size_t i = 0; i < members.size(); ++i) class_sum += members[random.below(members.size())];
      sum += class_sum;
      recalls += static_cast<double>(class_sum) / static_cast<double>(members.size());
      ++class_count;
    }
    wars.push_back(static_cast<double>(sum) / static_cast<double>(total));
    uars.push_back(recalls / class_count);
  }
  intervals = {percentile_interval(wars, options.confidence), percentile_interval(uars, options.confidence)};
}

/// Rows of one class or scene.
std::map<std::string, Results> parts_of(const Results& results, Part part) {
  std::map<std::string, Results> parts;
  for (const ResultRow& row : results.rows) {
    const std::string name =
        part == Part::kClass ? results.classes[static_cast<std::size_t>(row.label)] : scene_of_row(row);
    Results& one = parts[name];
    one.classes = results.classes;
    one.rows.push_back(row);
  }
  return parts;
}

}  // namespace

std::vector<GroupScore> scores_by(const Results& results, Grouping grouping,
                                  const BootstrapOptions& options) {
  std::map<std::string, Results> parts;
  for (const ResultRow& row : results.rows) {
    std::string name = scene_of_row(row);
    if (grouping == Grouping::kScenario) {
      const std::string_view scenario = data::scenario_of(name);
      name = scenario.empty() ? kOther : std::string(scenario);
    }
    Results& part = parts[name];
    part.classes = results.classes;
    part.rows.push_back(row);
  }
  std::vector<GroupScore> scores;
  if (grouping == Grouping::kScenario) {
    for (const data::Scenario& scenario : data::scenarios()) {
      const auto found = parts.find(scenario.short_name);
      if (found != parts.end()) scores.push_back(score(scenario.short_name, found->second, options));
    }
    if (parts.contains(kOther)) scores.push_back(score(kOther, parts[kOther], options));
  } else {
    for (const auto& [name, part] : parts) scores.push_back(score(name, part, options));
  }
  return scores;
}

Calibration calibration(const Results& results, int bin_count) {
  if (bin_count < 1)
    throw invalid_argument("calibration wants at least 1 bin, found " + std::to_string(bin_count));
  Calibration result;
  result.bins.resize(static_cast<std::size_t>(bin_count));
  std::int64_t total = 0;
  for (const ResultRow& row : results.rows) {
    if (row.probabilities.empty()) continue;
    const double confidence = row.probabilities[static_cast<std::size_t>(row.predicted)];
    const auto place = std::min(static_cast<std::size_t>(confidence * bin_count), result.bins.size() - 1);
    CalibrationBin& bin = result.bins[place];
    ++bin.clip_count;
    bin.mean_confidence += confidence;
    bin.accuracy += row.label == row.predicted ? 1.0 : 0.0;
    ++total;
  }
  if (total == 0) throw invalid_argument("the results hold no probabilities");
  for (CalibrationBin& bin : result.bins) {
    if (bin.clip_count == 0) continue;
    result.expected_error += std::abs(bin.accuracy - bin.mean_confidence) / static_cast<double>(total);
    bin.mean_confidence /= static_cast<double>(bin.clip_count);
    bin.accuracy /= static_cast<double>(bin.clip_count);
  }
  return result;
}

std::string scene_of_row(const ResultRow& row) {
  const std::size_t slash = row.clip.find('/');
  if (slash == std::string::npos)
    throw invalid_argument("clip '" + row.clip + "' names no scene, wanted Scene/Emotion/NNNN");
  return row.clip.substr(0, slash);
}

std::vector<std::pair<const ResultRow*, const ResultRow*>> paired_rows(const Results& a, const Results& b) {
  if (a.classes != b.classes) throw incompatible("the two result files have different classes");
  if (a.rows.size() != b.rows.size()) {
    throw incompatible("the result files have " + std::to_string(a.rows.size()) + " and " +
                       std::to_string(b.rows.size()) + " clips, wanted the same clips");
  }
  std::unordered_map<std::string_view, const ResultRow*> in_b;
  for (const ResultRow& row : b.rows) in_b.emplace(row.clip, &row);
  std::vector<std::pair<const ResultRow*, const ResultRow*>> pairs;
  for (const ResultRow& row : a.rows) {
    const auto found = in_b.find(row.clip);
    if (found == in_b.end()) throw incompatible("clip '" + row.clip + "' is in the first file alone");
    if (found->second->label != row.label)
      throw incompatible("clip '" + row.clip + "' has another label in the second file");
    pairs.emplace_back(&row, found->second);
  }
  return pairs;
}

Comparison compare(const Results& a, const Results& b, const BootstrapOptions& options) {
  Comparison result;
  Differences differences(a.classes.size());
  for (const auto& [in_a, in_b] : paired_rows(a, b)) {
    const ResultRow& row = *in_a;
    const ResultRow& other = *in_b;
    const bool a_right = row.predicted == row.label;
    const bool b_right = other.predicted == row.label;
    result.only_a_right += a_right && !b_right ? 1 : 0;
    result.only_b_right += b_right && !a_right ? 1 : 0;
    differences[static_cast<std::size_t>(row.label)].push_back(static_cast<int>(b_right) -
                                                               static_cast<int>(a_right));
    if (a_right != b_right) {
      const auto name = [&](int k) { return a.classes[static_cast<std::size_t>(k)]; };
      result.changed.push_back(row.clip + ": " + name(row.predicted) + " -> " + name(other.predicted) +
                               ", label " + name(row.label));
    }
  }
  const ConfusionMatrix matrix_a = confusion_matrix(a);
  const ConfusionMatrix matrix_b = confusion_matrix(b);
  result.clip_count = matrix_a.total();
  result.war_difference = war(matrix_b) - war(matrix_a);
  result.uar_difference = uar(matrix_b) - uar(matrix_a);
  result.mcnemar_p = two_sided_binomial(result.only_a_right, result.only_b_right);
  resample_differences(differences, options, result.intervals);
  return result;
}

std::vector<PartComparison> compare_parts(const Results& a, const Results& b, Part part,
                                          const BootstrapOptions& options) {
  (void)paired_rows(a, b);  // the whole files first, so that a message is about them
  const std::map<std::string, Results> parts_b = parts_of(b, part);
  std::map<std::string, Results> parts_a = parts_of(a, part);
  std::vector<PartComparison> result;
  std::vector<double> p_values;
  const auto add = [&](const std::string& name) {
    const auto found = parts_a.find(name);
    if (found == parts_a.end()) return;
    result.push_back({name, compare(found->second, parts_b.at(name), options), 1});
    p_values.push_back(result.back().comparison.mcnemar_p);
  };
  if (part == Part::kClass) {
    for (const std::string& name : a.classes) add(name);
  } else {
    for (const auto& [name, rows] : parts_b) add(name);
  }
  const std::vector<double> adjusted = holm(p_values);
  for (std::size_t i = 0; i < adjusted.size(); ++i) result[i].holm_p = adjusted[i];
  return result;
}

}  // namespace ferv::evaluation

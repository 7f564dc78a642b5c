// SPDX-License-Identifier: Apache-2.0
// What ferv score says about one file, for people and for machines.
#include <fmt/format.h>

#include <algorithm>

#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/published.h"
#include "ferv/evaluation/risk.h"
#include "score.h"

namespace ferv::app {
namespace {

using evaluation::Interval;
using evaluation::Results;

std::string fact(const Results& results, const char* key) {
  const auto found = results.facts.find(key);
  return found == results.facts.end() ? "" : found->second;
}

std::string with_interval(double value, const Interval& interval) {
  return fmt::format("{:6.2f} [{:.2f}, {:.2f}]", 100 * value, 100 * interval.low, 100 * interval.high);
}

bool has_probabilities(const Results& results) {
  return std::any_of(results.rows.begin(), results.rows.end(),
                     [](const auto& row) { return !row.probabilities.empty(); });
}

evaluation::Grouping grouping_of(const ScoreArguments& arguments) {
  return arguments.by == "scene" ? evaluation::Grouping::kScene : evaluation::Grouping::kScenario;
}

bool is_grouped(const ScoreArguments& arguments) {
  return arguments.by == "scene" || arguments.by == "scenario";
}

std::string class_table(const Scored& scored, const evaluation::ScoreIntervals& intervals) {
  std::string text = fmt::format("{:<14} {:>6}  {:<22} {:>9} {:>7}   confusion (rows: label)\n", "class",
                                 "clips", "recall", "precision", "F1");
  const auto metrics = evaluation::class_metrics(scored.matrix);
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    text += fmt::format("{:<14} {:>6}  {:<22} {:>9.2f} {:>7.2f}  ", scored.classes[k],
                        metrics[k].sample_count, with_interval(metrics[k].recall, intervals.recalls[k]),
                        100 * metrics[k].precision, 100 * metrics[k].f1);
    for (const std::int64_t count : scored.matrix.counts[k]) text += fmt::format(" {:>5}", count);
    text += "\n";
  }
  return text;
}

std::string group_table(const Results& results, const ScoreArguments& arguments) {
  const evaluation::PublishedRow* published = evaluation::published_row(fact(results, "model"));
  std::string text = fmt::format("{:<14} {:>6}   {:<24} {:<24} {}\n", arguments.by, "clips", "WAR", "UAR",
                                 published != nullptr ? "published WAR/UAR" : "");
  for (const auto& group : evaluation::scores_by(results, grouping_of(arguments), arguments.bootstrap)) {
    text += fmt::format("{:<14} {:>6}  {:<24} {:<24}", group.name, group.clip_count,
                        with_interval(group.war, group.intervals.war),
                        with_interval(group.uar, group.intervals.uar));
    const auto* figure = published != nullptr ? evaluation::figure_of(*published, group.name) : nullptr;
    if (figure != nullptr) text += fmt::format(" {}/{}", figure->war, figure->uar);
    text += "\n";
  }
  return text;
}

std::string coverage_text(const Scored& scored) {
  const evaluation::Coverage& coverage = scored.coverage;
  std::string text;
  if (coverage.wanted_count)
    text += fmt::format("{} of the list's {} clips are here\n",
                        *coverage.wanted_count - static_cast<std::int64_t>(coverage.missing.size()),
                        *coverage.wanted_count);
  const auto add = [&](const char* what, const std::vector<std::string>& clips) {
    if (!clips.empty()) text += fmt::format("{} {} (first: {})\n", clips.size(), what, clips.front());
  };
  add("missing, not in the figures", coverage.missing);
  add("rows too many for their clip, left out", coverage.duplicated);
  add("clips that the list does not hold, left out", coverage.foreign);
  if (!coverage.missing.empty()) {
    const auto right = evaluation::war(scored.matrix) * static_cast<double>(scored.matrix.total());
    text += fmt::format("were every missing clip wrong, WAR would be {:.2f}\n",
                        100 * right / static_cast<double>(*coverage.wanted_count));
  }
  return text;
}

std::string calibration_text(const Results& results) {
  const evaluation::Calibration result = evaluation::calibration(results);
  std::string text = fmt::format("{:<14} {:>6} {:>11} {:>9}   (expected calibration error {:.4f})\n",
                                 "confidence", "clips", "mean", "accuracy", result.expected_error);
  const auto bin_count = static_cast<double>(result.bins.size());
  for (std::size_t i = 0; i < result.bins.size(); ++i) {
    const auto& bin = result.bins[i];
    if (bin.clip_count == 0) continue;
    text += fmt::format("{:.3f} to {:.3f} {:>6} {:>11.3f} {:>9.3f}\n", static_cast<double>(i) / bin_count,
                        static_cast<double>(i + 1) / bin_count, bin.clip_count, bin.mean_confidence,
                        bin.accuracy);
  }
  const evaluation::RiskCurve curve = evaluation::risk_curve(results);
  text += fmt::format("{:<14} {:>6} {:>11} {:>9}   (area under the risk curve {:.4f})\n", "answer at most",
                      "clips", "threshold", "wrong", curve.area);
  for (int percent = 100; percent >= 10; percent -= 10) {
    const evaluation::RiskPoint point = evaluation::point_at_coverage(curve, percent / 100.0);
    text += fmt::format("{:>12} % {:>6} {:>11.4f} {:>7.2f} %\n", percent, point.answered_count,
                        point.threshold, 100 * point.risk);
  }
  return text;
}

std::string uncertain_text(const Results& results, double threshold) {
  const Results part = evaluation::answered(results, threshold);
  const auto total = static_cast<double>(results.rows.size());
  std::string text =
      fmt::format("\"uncertain\" below {:g}: {} clips ({:.2f} %), {} answered", threshold,
                  results.rows.size() - part.rows.size(),
                  100 * (total - static_cast<double>(part.rows.size())) / total, part.rows.size());
  if (!part.rows.empty()) {
    const auto matrix = evaluation::confusion_matrix(part);
    text += fmt::format(": WAR {:.2f}, UAR {:.2f} of these", 100 * evaluation::war(matrix),
                        100 * evaluation::uar(matrix));
  }
  return text + "\n";
}

nlohmann::ordered_json interval_json(const Interval& interval) {
  return {interval.low, interval.high};
}

nlohmann::ordered_json confidence_json(const Results& results, const ScoreArguments& arguments) {
  const evaluation::Calibration calibration = evaluation::calibration(results);
  const evaluation::RiskCurve curve = evaluation::risk_curve(results);
  nlohmann::ordered_json json = {{"ece", calibration.expected_error}, {"aurc", curve.area}};
  for (const auto& bin : calibration.bins)
    json["reliability"].push_back(
        {{"clips", bin.clip_count}, {"confidence", bin.mean_confidence}, {"accuracy", bin.accuracy}});
  for (int percent = 5; percent <= 100; percent += 5) {
    const evaluation::RiskPoint point = evaluation::point_at_coverage(curve, percent / 100.0);
    json["risk"].push_back(
        {{"coverage", point.coverage}, {"threshold", point.threshold}, {"risk", point.risk}});
  }
  if (arguments.uncertain_below) {
    const Results part = evaluation::answered(results, *arguments.uncertain_below);
    const auto matrix = evaluation::confusion_matrix(part);
    json["uncertain"] = {{"below", *arguments.uncertain_below},
                         {"answered", part.rows.size()},
                         {"war", evaluation::war(matrix)},
                         {"uar", evaluation::uar(matrix)}};
  }
  return json;
}

}  // namespace

std::string score_text(const Scored& scored, const ScoreArguments& arguments) {
  const Results& results = scored.results;
  const auto intervals = evaluation::score_intervals(scored.matrix, arguments.bootstrap);
  std::string text = fmt::format("{}: {} clips", scored.name, scored.matrix.total());
  for (const char* key : {"model", "split", "protocol"}) {
    if (!fact(results, key).empty()) text += fmt::format(", {} {}", key, fact(results, key));
  }
  text += "\n" + coverage_text(scored);
  text += fmt::format(
      "WAR {}   UAR {}   ({:g} % bootstrap)\n", with_interval(evaluation::war(scored.matrix), intervals.war),
      with_interval(evaluation::uar(scored.matrix), intervals.uar), 100 * arguments.bootstrap.confidence);
  const auto f1 = [](double value, const Interval& interval) {
    return fmt::format("{:.4f} [{:.4f}, {:.4f}]", value, interval.low, interval.high);
  };
  text +=
      fmt::format("macro F1 {}   weighted F1 {}", f1(evaluation::macro_f1(scored.matrix), intervals.macro_f1),
                  f1(evaluation::weighted_f1(scored.matrix), intervals.weighted_f1));
  if (has_probabilities(results))
    text += fmt::format("   ECE {:.4f}", evaluation::calibration(results).expected_error);
  text += "\n";
  if (const auto* published = evaluation::published_row(fact(results, "model"))) {
    text += fmt::format("published for {} on FERV39k (test-selected): WAR/UAR {}/{}\n", published->method,
                        published->figures[0].war, published->figures[0].uar);
  }
  if (arguments.uncertain_below) text += uncertain_text(results, *arguments.uncertain_below);
  if (arguments.by == "class") text += class_table(scored, intervals);
  if (is_grouped(arguments)) text += group_table(results, arguments);
  if (arguments.calibration) text += calibration_text(results);
  return text;
}

nlohmann::ordered_json score_json(const Scored& scored, const ScoreArguments& arguments) {
  const auto& matrix = scored.matrix;
  const auto intervals = evaluation::score_intervals(matrix, arguments.bootstrap);
  nlohmann::ordered_json json = {{"file", scored.name},
                                 {"clips", matrix.total()},
                                 {"war", evaluation::war(matrix)},
                                 {"war_interval", interval_json(intervals.war)},
                                 {"uar", evaluation::uar(matrix)},
                                 {"uar_interval", interval_json(intervals.uar)},
                                 {"confidence", arguments.bootstrap.confidence},
                                 {"macro_f1", evaluation::macro_f1(matrix)},
                                 {"macro_f1_interval", interval_json(intervals.macro_f1)},
                                 {"weighted_f1", evaluation::weighted_f1(matrix)},
                                 {"weighted_f1_interval", interval_json(intervals.weighted_f1)},
                                 {"classes", scored.classes},
                                 {"confusion", matrix.counts},
                                 {"facts", scored.results.facts}};
  const auto metrics = evaluation::class_metrics(matrix);
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    json["by_class"][scored.classes[k]] = {{"clips", metrics[k].sample_count},
                                           {"recall", metrics[k].recall},
                                           {"recall_interval", interval_json(intervals.recalls[k])},
                                           {"precision", metrics[k].precision},
                                           {"f1", metrics[k].f1}};
  }
  if (is_grouped(arguments)) {
    for (const auto& group :
         evaluation::scores_by(scored.results, grouping_of(arguments), arguments.bootstrap)) {
      json["by_" + arguments.by][group.name] = {{"clips", group.clip_count},
                                                {"war", group.war},
                                                {"war_interval", interval_json(group.intervals.war)},
                                                {"uar", group.uar},
                                                {"uar_interval", interval_json(group.intervals.uar)}};
    }
  }
  if (has_probabilities(scored.results)) json["calibration"] = confidence_json(scored.results, arguments);
  if (scored.coverage.wanted_count) json["coverage"]["wanted"] = *scored.coverage.wanted_count;
  if (!scored.coverage.is_clean() || scored.coverage.wanted_count) {
    json["coverage"]["missing"] = scored.coverage.missing;
    json["coverage"]["duplicated"] = scored.coverage.duplicated;
    json["coverage"]["foreign"] = scored.coverage.foreign;
  }
  return json;
}

}  // namespace ferv::app

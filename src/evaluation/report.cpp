// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "chart.h"
#include "csv.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/html.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/frame_weights.h"
#include "ferv/evaluation/published.h"
#include "ferv/evaluation/risk.h"
#include "mistakes.h"
#include "report_page.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNotice =
    "<aside><p><strong>What this is not.</strong> The labels say how a face looks to annotators, not what a "
    "person feels. FERV39k was cut from web "
    "video for non-commercial research; its classes are uneven, and the best published figures are about "
    "40-50 % of clips right among "
    "seven. Decide nothing about a person with this. In the European Union, inferring emotions at work and "
    "in education is prohibited except "
    "for medical or safety reasons (AI Act, Article 5(1)(f)).</p></aside>";

std::string fact(const Results& results, const char* key) {
  const auto found = results.facts.find(key);
  return found == results.facts.end() ? "" : found->second;
}

std::vector<Curve> read_curves(const fs::path& path) {
  std::vector<Curve> curves;
  if (!fs::exists(path)) return curves;
  const std::string text = read_text_file(path, std::size_t{64} << 20);
  CsvReader reader(text, path);
  std::vector<std::string> fields;
  if (!reader.next(fields)) return curves;
  for (const std::string& name : fields) curves.push_back({name, {}});
  while (reader.next(fields)) {
    if (fields.size() != curves.size())
      throw reader.place().error(fmt::format("{} fields, wanted {}", fields.size(), curves.size()));
    for (std::size_t i = 0; i < fields.size(); ++i) {
      char* end = nullptr;
      curves[i].values.push_back(std::strtod(fields[i].c_str(), &end));
      if (fields[i].empty() || *end != '\0')
        throw reader.place().error("'" + fields[i].substr(0, 40) + "' is no number");
    }
  }
  return curves;
}

std::vector<Curve> chosen(const std::vector<Curve>& curves, std::initializer_list<const char*> names) {
  std::vector<Curve> result;
  for (const char* name : names) {
    const auto found =
        std::find_if(curves.begin(), curves.end(), [&](const Curve& curve) { return curve.name == name; });
    if (found != curves.end()) result.push_back(*found);
  }
  return result;
}

std::string section(const std::string& title, const std::string& body) {
  return body.empty() ? "" : "<section><h2>" + title + "</h2>\n" + body + "</section>\n";
}

std::string interval_name(const ReportInput& input) {
  return fmt::format("{:g} % interval", 100 * input.bootstrap.confidence);
}

std::string headline(const ReportInput& input, const ConfusionMatrix& matrix) {
  const MetricIntervals intervals = bootstrap_intervals(matrix, input.bootstrap);
  const auto figure = [&](const char* name, double value, const Interval& interval) {
    return fmt::format("<div>{}<b>{:.2f} %</b><span class=\"soft\">{} {:.2f} to {:.2f}</span></div>", name,
                       100 * value, interval_name(input), 100 * interval.low, 100 * interval.high);
  };
  std::string html = "<div class=\"figures\">" +
                     figure("WAR (share of clips right)", war(matrix), intervals.war) +
                     figure("UAR (mean recall of classes)", uar(matrix), intervals.uar) + "</div>";
  const std::string protocol = fact(input.results, "protocol");
  html += fmt::format("<p class=\"soft\">{} clips, split {}, model {}, protocol {}.", matrix.total(),
                      escape_html(fact(input.results, "split")), escape_html(fact(input.results, "model")),
                      escape_html(protocol.empty() ? "unknown" : protocol));
  if (protocol == "clean")
    html += " The epoch was chosen on clips held out of training; the test clips were looked at once.";
  if (protocol == "published")
    html +=
        " The epoch was chosen on the test clips, as the literature does: the figures are a little too good.";
  html += "</p>";
  if (const PublishedRow* row = published_row(fact(input.results, "model"))) {
    html += fmt::format(
        "<p class=\"soft\">For context, {} on FERV39k: WAR/UAR {}/{} ({}; test-selected). Comparable only "
        "for results on its 7,847 test clips.</p>",
        escape_html(row->method), row->figures[0].war, row->figures[0].uar, escape_html(row->source));
  }
  return html;
}

std::string curves_section(const ReportInput& input) {
  return line_chart("Loss by epoch", chosen(input.curves, {"train_loss", "val_loss"})) +
         line_chart("WAR and UAR by epoch", chosen(input.curves, {"train_war", "val_war", "val_uar"}));
}

std::string classes_section(const ReportInput& input, const ConfusionMatrix& matrix) {
  std::vector<Bar> bars;
  const std::vector<ClassMetrics> metrics = class_metrics(matrix);
  for (std::size_t k = 0; k < metrics.size(); ++k) {
    // The recall of one class is the WAR of a matrix that holds that class alone.
    ConfusionMatrix alone = matrix;
    for (std::size_t other = 0; other < alone.counts.size(); ++other) {
      if (other != k) std::fill(alone.counts[other].begin(), alone.counts[other].end(), 0);
    }
    std::optional<Interval> interval;
    if (metrics[k].sample_count > 0) interval = bootstrap_intervals(alone, input.bootstrap).war;
    bars.push_back({input.results.classes[k], metrics[k].recall, interval,
                    fmt::format("of {}", metrics[k].sample_count)});
  }
  return bar_chart("Recall of each class with " + interval_name(input), bars) +
         "<h3>Confusion matrix</h3><div class=\"wide\" role=\"region\" aria-label=\"Confusion matrix\" "
         "tabindex=\"0\">" +
         confusion_table(input.results.classes, matrix) + "</div>";
}

std::string scenes_section(const ReportInput& input) {
  const auto& rows = input.results.rows;
  if (std::any_of(rows.begin(), rows.end(),
                  [](const ResultRow& row) { return row.clip.find('/') == std::string::npos; }))
    return "";
  const PublishedRow* published = published_row(fact(input.results, "model"));
  std::vector<Bar> bars;
  for (const Grouping grouping : {Grouping::kScenario, Grouping::kScene}) {
    for (const GroupScore& group : scores_by(input.results, grouping, input.bootstrap)) {
      bars.push_back({group.name, group.war, group.intervals.war, fmt::format("of {}", group.clip_count)});
      const PublishedFigure* figure = published != nullptr ? figure_of(*published, group.name) : nullptr;
      if (figure != nullptr && figure->war.find('X') == std::string::npos)
        bars.back().reference = std::strtod(figure->war.c_str(), nullptr) / 100;
    }
  }
  const bool has_reference =
      std::any_of(bars.begin(), bars.end(), [](const Bar& bar) { return bar.reference; });
  return bar_chart("WAR of each scenario and scene with " + interval_name(input), bars) +
         (has_reference ? "<p class=\"soft\">Upright marks: the published figure of " +
                              escape_html(published->method) + ", for context.</p>"
                        : "");
}

std::string calibration_section(const Results& results) {
  if (std::all_of(results.rows.begin(), results.rows.end(),
                  [](const ResultRow& row) { return row.probabilities.empty(); }))
    return "";
  const Calibration result = calibration(results);
  const RiskCurve curve = risk_curve(results);
  std::string html = reliability_chart(result) + fmt::format(
                                                     "<p class=\"soft\">Expected calibration error {:.3f}. "
                                                     "On the dashed line a model is right as often as "
                                                     "it claims; larger dots stand for more clips.</p>",
                                                     result.expected_error);
  html +=
      "<table><caption>Answering only the surest clips, and saying \"uncertain\" to the rest</caption><tr>";
  for (const char* name : {"answered", "threshold", "wrong of these"})
    html += fmt::format("<th scope=\"col\">{}</th>", name);
  html += "</tr>";
  for (const double coverage : {1.0, 0.9, 0.8, 0.6, 0.4, 0.2}) {
    const RiskPoint point = point_at_coverage(curve, coverage);
    html += fmt::format("<tr><td>{:.0f} %</td><td>{:.3f}</td><td>{:.1f} %</td></tr>", 100 * point.coverage,
                        point.threshold, 100 * point.risk);
  }
  return html + "</table>";
}

std::string settings_section(const ReportInput& input) {
  std::string html;
  for (const auto& [name, text] :
       {std::pair{"Settings", &input.settings}, {"Environment", &input.environment}}) {
    if (!text->empty())
      html += fmt::format("<details><summary>{}</summary><pre tabindex=\"0\">{}</pre></details>", name,
                          escape_html(*text));
  }
  return html;
}

/// The folder that the run was trained on, where its settings name one that is still there.
fs::path data_folder_of(const std::string& settings) {
  constexpr std::string_view kKey = "\ndata = \"";
  const std::string text = "\n" + settings;
  const std::size_t begin = text.find(kKey);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find('"', begin + kKey.size());
  const std::string folder = text.substr(begin + kKey.size(), end - begin - kKey.size());
  std::error_code ignored;
  return end != std::string::npos && fs::is_directory(folder, ignored) ? fs::path(folder) : fs::path();
}

}  // namespace

ReportInput read_report_input(const fs::path& run_or_results) {
  ReportInput input;
  if (!fs::is_directory(run_or_results)) {
    input.results = read_results(run_or_results);
    input.title = run_or_results.filename().string();
    input.frame_weights = read_frame_weights(run_or_results);
    return input;
  }
  const fs::path results = run_or_results / "results" / "test.csv";
  if (!fs::exists(results)) throw not_found(results, "the results of a finished run");
  input.results = read_results(results);
  input.title = fs::absolute(run_or_results).lexically_normal().filename().string();
  input.curves = read_curves(run_or_results / "metrics.csv");
  for (const auto& [name, text] :
       {std::pair{"config.toml", &input.settings}, {"environment.json", &input.environment}}) {
    if (fs::exists(run_or_results / name)) *text = read_text_file(run_or_results / name, 1 << 20);
  }
  input.frame_weights = read_frame_weights(results);
  input.data = data_folder_of(input.settings);
  return input;
}

std::string render_report(const ReportInput& input) {
  const ConfusionMatrix matrix = confusion_matrix(input.results);
  std::string body = headline(input, matrix) + kNotice;
  body += section("Training", curves_section(input));
  body += section("Classes", classes_section(input, matrix));
  body += section("Scenarios and scenes", scenes_section(input));
  body += section("Calibration", calibration_section(input.results));
  body += section("Most confident mistakes", surest_mistakes(input));
  body += section("Hardest clips", hardest_clips(input));
  body += section("The run", settings_section(input));
  return report_page(input.title, body);
}

}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "chart.h"
#include "csv.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/version.h"
#include "ferv/evaluation/breakdown.h"
#include "ferv/evaluation/published.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMistakesShown = 20;

constexpr const char* kStyle = R"(
:root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#667;--grid:#d8dce2;--accent:#2563a8;--c1:#b3541e;--c2:#2e7d4f;--c3:#7b3fa0}
@media(prefers-color-scheme:dark){:root{--ink:#e6e8eb;--paper:#14171b;--soft:#a3a9b3;--grid:#353b44;--accent:#6aa9ea;--c1:#e59a6a;--c2:#74c69a;--c3:#c79be6}}
body{font:16px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper);max-width:52rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem;border-bottom:1px solid var(--grid)}
.figures{display:flex;flex-wrap:wrap;gap:2.5rem}.figures b{display:block;font-size:2rem}.soft,caption,figcaption{color:var(--soft);font-size:.9rem}
svg{max-width:100%;height:auto}svg text{font:12px system-ui,sans-serif;fill:var(--ink)}.grid{stroke:var(--grid)}.bar{fill:var(--accent);opacity:.75}
.whisker{stroke:var(--ink);stroke-width:1.5}.diagonal{stroke:var(--soft);stroke-dasharray:4}.dot{fill:var(--accent);opacity:.8}
.curve{fill:none;stroke-width:2}.c0{stroke:var(--accent)}.c1{stroke:var(--c1)}.c2{stroke:var(--c2)}.c3{stroke:var(--c3)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums}td,th{padding:.25rem .6rem;text-align:right}th[scope=row],td.text{text-align:left}
.confusion td{background:color-mix(in srgb,var(--accent) calc(var(--share,0)*60%),transparent)}.confusion .right{font-weight:700}
pre{overflow:auto;border:1px solid var(--grid);padding:.8rem;font-size:.85rem}aside{border-left:4px solid var(--c1);padding:.1rem 1rem;margin:1.5rem 0}
@media print{body{max-width:none;margin:0}h2{break-after:avoid}svg,table{break-inside:avoid}details{display:block}}
)";

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
         confusion_table(input.results.classes, matrix);
}

std::string scenes_section(const ReportInput& input) {
  const auto& rows = input.results.rows;
  if (std::any_of(rows.begin(), rows.end(),
                  [](const ResultRow& row) { return row.clip.find('/') == std::string::npos; }))
    return "";
  std::vector<Bar> bars;
  for (const Grouping grouping : {Grouping::kScenario, Grouping::kScene}) {
    for (const GroupScore& group : scores_by(input.results, grouping, input.bootstrap)) {
      bars.push_back({group.name, group.war, group.intervals.war, fmt::format("of {}", group.clip_count)});
    }
  }
  return bar_chart("WAR of each scenario and scene with " + interval_name(input), bars);
}

std::string calibration_section(const Results& results) {
  if (std::all_of(results.rows.begin(), results.rows.end(),
                  [](const ResultRow& row) { return row.probabilities.empty(); }))
    return "";
  const Calibration result = calibration(results);
  return reliability_chart(result) + fmt::format(
                                         "<p class=\"soft\">Expected calibration error {:.3f}. On the dashed "
                                         "line a model is right as often as it claims.</p>",
                                         result.expected_error);
}

std::string mistakes_section(const Results& results) {
  std::vector<const ResultRow*> wrong;
  for (const ResultRow& row : results.rows) {
    if (row.label != row.predicted && !row.probabilities.empty()) wrong.push_back(&row);
  }
  if (wrong.empty()) return "";
  const auto confidence = [](const ResultRow* row) {
    return row->probabilities[static_cast<std::size_t>(row->predicted)];
  };
  std::stable_sort(wrong.begin(), wrong.end(),
                   [&](const ResultRow* a, const ResultRow* b) { return confidence(a) > confidence(b); });
  wrong.resize(std::min(wrong.size(), kMistakesShown));
  std::string html =
      "<table><tr><th scope=\"col\">clip</th><th scope=\"col\">label</th><th scope=\"col\">said</th><th "
      "scope=\"col\">confidence</th></tr>";
  for (const ResultRow* row : wrong) {
    html += fmt::format(
        "<tr><td class=\"text\">{}</td><td>{}</td><td>{}</td><td>{:.2f}</td></tr>", escape_html(row->clip),
        escape_html(results.classes[static_cast<std::size_t>(row->label)]),
        escape_html(results.classes[static_cast<std::size_t>(row->predicted)]), confidence(row));
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

}  // namespace

ReportInput read_report_input(const fs::path& run_or_results) {
  ReportInput input;
  if (!fs::is_directory(run_or_results)) {
    input.results = read_results(run_or_results);
    input.title = run_or_results.filename().string();
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
  return input;
}

std::string render_report(const ReportInput& input) {
  const ConfusionMatrix matrix = confusion_matrix(input.results);
  std::string html =
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width\">";
  html += "<title>ferv report: " + escape_html(input.title) + "</title><style>" + kStyle +
          "</style></head><body><main>\n";
  html += "<h1>" + escape_html(input.title) + "</h1>\n" + headline(input, matrix) + kNotice;
  html += section("Training", curves_section(input));
  html += section("Classes", classes_section(input, matrix));
  html += section("Scenarios and scenes", scenes_section(input));
  html += section("Calibration", calibration_section(input.results));
  html += section("Most confident mistakes", mistakes_section(input.results));
  html += section("The run", settings_section(input));
  html += fmt::format("<p class=\"soft\">Written by ferv {}.</p></main></body></html>\n", version());
  return html;
}

}  // namespace ferv::evaluation

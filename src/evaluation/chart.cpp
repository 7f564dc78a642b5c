// SPDX-License-Identifier: Apache-2.0
#include "chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "ferv/base/html.h"

namespace ferv::evaluation {
namespace {

using nlohmann::json;

/// A place in the page that report.js fills; `size` is CSS.
std::string canvas_of(const json& chart, const std::string& size, const std::string& said) {
  return fmt::format(
      R"(<div class="chart" style="{}"><canvas role="img" aria-label="{}" data-chart="{}"></canvas></div>)",
      size, escape_html(said), escape_html(chart.dump(-1, ' ', false, json::error_handler_t::replace)));
}

/// Rows of cells, the first row and the first column of which are headings.
std::string table_in_fold(const std::vector<std::vector<std::string>>& rows) {
  std::string html = "<details><summary>As a table</summary><div class=\"wide\"><table>";
  for (std::size_t row = 0; row < rows.size(); ++row) {
    html += "<tr>";
    for (std::size_t column = 0; column < rows[row].size(); ++column) {
      const std::string cell = escape_html(rows[row][column]);
      if (row == 0) {
        html += "<th scope=\"col\">" + cell + "</th>";
      } else if (column == 0) {
        html += "<th scope=\"row\">" + cell + "</th>";
      } else {
        html += "<td>" + cell + "</td>";
      }
    }
    html += "</tr>";
  }
  return html + "</table></div></details>";
}

std::string figure_of(const std::string& title, const json& chart, const std::string& size,
                      const std::vector<std::vector<std::string>>& table) {
  return "<figure><figcaption>" + escape_html(title) + "</figcaption>" +
         canvas_of(chart, size, title + "; the figures are in the table that follows") +
         table_in_fold(table) + "</figure>\n";
}

std::string percent_or_dash(bool is_known, double value) {
  return is_known ? fmt::format("{:.1f}", 100 * value) : std::string("-");
}

}  // namespace

std::string bar_chart(const std::string& title, const std::vector<Bar>& bars) {
  constexpr std::size_t kRowPx = 26;
  constexpr std::size_t kAxisPx = 40;
  json chart = {{"kind", "bars"}, {"bars", json::array()}};
  std::vector<std::vector<std::string>> table = {{"", "%", "from", "to", "published", "clips"}};
  for (const Bar& bar : bars) {
    json one = {{"name", bar.name}, {"value", bar.value}, {"note", bar.note}};
    if (bar.interval) one["interval"] = {bar.interval->low, bar.interval->high};
    if (bar.reference) one["reference"] = *bar.reference;
    chart["bars"].push_back(one);
    const Interval interval = bar.interval.value_or(Interval{});
    table.push_back({bar.name, percent_or_dash(true, bar.value),
                     percent_or_dash(bar.interval.has_value(), interval.low),
                     percent_or_dash(bar.interval.has_value(), interval.high),
                     percent_or_dash(bar.reference.has_value(), bar.reference.value_or(0)), bar.note});
  }
  return figure_of(title, chart, fmt::format("height:{}px", kAxisPx + kRowPx * bars.size()), table);
}

std::string line_chart(const std::string& title, const std::vector<Curve>& curves) {
  json chart = {{"kind", "lines"}, {"curves", json::array()}};
  std::vector<std::vector<std::string>> table = {{"epoch"}};
  std::vector<const Curve*> drawn;
  std::size_t epochs = 0;
  for (const Curve& curve : curves) {
    if (std::none_of(curve.values.begin(), curve.values.end(),
                     [](double value) { return std::isfinite(value); }))
      continue;
    drawn.push_back(&curve);
    table[0].push_back(curve.name);
    epochs = std::max(epochs, curve.values.size());
  }
  if (drawn.empty()) return "";
  for (std::size_t i = 0; i < epochs; ++i) table.push_back({std::to_string(i + 1)});
  for (const Curve* curve : drawn) {
    json values = json::array();
    for (std::size_t i = 0; i < epochs; ++i) {
      const bool is_known = i < curve->values.size() && std::isfinite(curve->values[i]);
      values.push_back(is_known ? json(curve->values[i]) : json());
      table[i + 1].push_back(is_known ? fmt::format("{:.4g}", curve->values[i]) : "-");
    }
    chart["curves"].push_back({{"name", curve->name}, {"values", std::move(values)}});
  }
  return figure_of(title, chart, "height:260px", table);
}

std::string confusion_table(const std::vector<std::string>& classes, const ConfusionMatrix& matrix) {
  std::string html =
      "<table class=\"confusion\"><caption>Rows: label. Columns: what the model said. Shade: share of the "
      "row.</caption><tr><td></td>";
  for (const std::string& name : classes) html += "<th scope=\"col\">" + escape_html(name) + "</th>";
  html += "</tr>";
  for (std::size_t row = 0; row < classes.size(); ++row) {
    html += "<tr><th scope=\"row\">" + escape_html(classes[row]) + "</th>";
    std::int64_t total = 0;
    for (const std::int64_t count : matrix.counts[row]) total += count;
    for (std::size_t column = 0; column < classes.size(); ++column) {
      const double share =
          total > 0 ? static_cast<double>(matrix.counts[row][column]) / static_cast<double>(total) : 0.0;
      html += fmt::format("<td style=\"--share:{:.3f}\"{} title=\"{:.1f} %\">{}</td>", share,
                          row == column ? " class=\"right\"" : "", 100 * share, matrix.counts[row][column]);
    }
    html += "</tr>";
  }
  return html + "</table>";
}

std::string reliability_chart(const Calibration& calibration) {
  json chart = {{"kind", "reliability"}, {"bins", json::array()}};
  std::vector<std::vector<std::string>> table = {{"mean confidence", "accuracy", "clips"}};
  for (const CalibrationBin& bin : calibration.bins) {
    if (bin.clip_count == 0) continue;
    chart["bins"].push_back(
        {{"confidence", bin.mean_confidence}, {"accuracy", bin.accuracy}, {"clips", bin.clip_count}});
    table.push_back({fmt::format("{:.3f}", bin.mean_confidence), fmt::format("{:.3f}", bin.accuracy),
                     std::to_string(bin.clip_count)});
  }
  return figure_of("Accuracy against confidence", chart, "width:360px;height:340px", table);
}

std::string weights_chart(const std::vector<double>& weights) {
  const auto peak = std::max_element(weights.begin(), weights.end()) - weights.begin();
  return canvas_of(
      {{"kind", "weights"}, {"weights", weights}}, "width:96px;height:24px",
      fmt::format("Which of {} sampled frames mattered: most frame {}", weights.size(), peak + 1));
}

}  // namespace ferv::evaluation

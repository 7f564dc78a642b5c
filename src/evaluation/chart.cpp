// SPDX-License-Identifier: Apache-2.0
#include "chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "ferv/base/html.h"

namespace ferv::evaluation {
namespace {

/// A chart in its figure: the title stands above it, too.
std::string figure_of(const std::string& title, const std::string& svg) {
  return "<figure><figcaption>" + escape_html(title) + "</figcaption>" + svg + "</figure>";
}

/// 1, 2 or 5 times a power of ten: about `count` of them make `span`.
double round_step(double span, int count) {
  const double rough = span / count;
  const double power = std::pow(10.0, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (rough <= factor * power * 1.0001) return factor * power;
  }
  return 10 * power;
}

std::string open_svg(const std::string& title, int width, int height) {
  return fmt::format(R"(<svg role="img" viewBox="0 0 {} {}" width="{}" aria-label="{}"><title>{}</title>)",
                     width, height, width, escape_html(title), escape_html(title));
}

std::string text_at(double x, double y, const std::string& anchor, const std::string& text) {
  return fmt::format(R"(<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>)", x, y, anchor,
                     escape_html(text));
}

std::string line_from(double x1, double y1, double x2, double y2, const char* style) {
  return fmt::format(R"(<line class="{}" x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}"/>)", style, x1, y1,
                     x2, y2);
}

/// The plot area of a chart with axes.
struct Frame {
  double left = 60;
  double top = 12;
  double width = 520;
  double height = 200;
  double low = 0;
  double high = 1;
  [[nodiscard]] double y(double value) const { return top + height * (1.0 - (value - low) / (high - low)); }
};

std::string horizontal_grid(const Frame& frame) {
  std::string svg;
  const double step = round_step(frame.high - frame.low, 4);
  for (double tick = std::ceil(frame.low / step - 1e-9); tick * step <= frame.high + 1e-9 * step; ++tick) {
    const double value = tick * step;
    svg += line_from(frame.left, frame.y(value), frame.left + frame.width, frame.y(value), "grid");
    svg += text_at(frame.left - 6, frame.y(value) + 4, "end", fmt::format("{:.4g}", value));
  }
  return svg;
}

}  // namespace

std::string bar_chart(const std::string& title, const std::vector<Bar>& bars) {
  constexpr double kLeft = 120;
  constexpr double kWidth = 380;
  constexpr double kRow = 24;
  const int height = static_cast<int>(kRow * static_cast<double>(bars.size()) + 24);
  std::string svg = open_svg(title, 640, height);
  for (int i = 0; i <= 4; ++i) {
    const double x = kLeft + kWidth * i / 4.0;
    svg +=
        line_from(x, 0, x, height - 20, "grid") + text_at(x, height - 4, "middle", fmt::format("{}", i * 25));
  }
  for (std::size_t i = 0; i < bars.size(); ++i) {
    const Bar& bar = bars[i];
    const double y = kRow * static_cast<double>(i);
    svg += text_at(kLeft - 6, y + 16, "end", bar.name);
    svg += fmt::format(R"(<rect class="bar" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>)", kLeft,
                       y + 4, kWidth * bar.value, kRow - 8);
    if (bar.interval) {
      const double low = kLeft + kWidth * bar.interval->low;
      const double high = kLeft + kWidth * bar.interval->high;
      svg += line_from(low, y + kRow / 2, high, y + kRow / 2, "whisker");
      svg += line_from(low, y + 7, low, y + kRow - 7, "whisker") +
             line_from(high, y + 7, high, y + kRow - 7, "whisker");
    }
    if (bar.reference) {
      const double x = kLeft + kWidth * *bar.reference;
      svg += line_from(x, y + 2, x, y + kRow - 2, "reference");
    }
    svg +=
        text_at(kLeft + kWidth + 8, y + 16, "start", fmt::format("{:.1f} %  {}", 100 * bar.value, bar.note));
  }
  return figure_of(title, svg + "</svg>");
}

std::string bar_table(const std::vector<Bar>& bars) {
  std::string html =
      "<details><summary>As a table</summary><table><tr><td></td><th scope=\"col\">%</th><th "
      "scope=\"col\">from</th>"
      "<th scope=\"col\">to</th><th scope=\"col\">published</th><th scope=\"col\">clips</th></tr>";
  for (const Bar& bar : bars) {
    const auto percent = [](bool is_known, double value) {
      return is_known ? fmt::format("{:.1f}", 100 * value) : std::string("-");
    };
    html += fmt::format(
        "<tr><th scope=\"row\">{}</th><td>{:.1f}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape_html(bar.name), 100 * bar.value,
        percent(bar.interval.has_value(), bar.interval.value_or(Interval{}).low),
        percent(bar.interval.has_value(), bar.interval.value_or(Interval{}).high),
        percent(bar.reference.has_value(), bar.reference.value_or(0)), escape_html(bar.note));
  }
  return html + "</table></details>";
}

std::string line_chart(const std::string& title, const std::vector<Curve>& curves) {
  Frame frame;
  frame.low = std::numeric_limits<double>::max();
  frame.high = std::numeric_limits<double>::lowest();
  std::size_t epochs = 0;
  std::vector<const Curve*> drawn;
  for (const Curve& curve : curves) {
    if (std::none_of(curve.values.begin(), curve.values.end(),
                     [](double value) { return std::isfinite(value); }))
      continue;
    drawn.push_back(&curve);
    for (const double value : curve.values) {
      if (!std::isfinite(value)) continue;
      frame.low = std::min(frame.low, value);
      frame.high = std::max(frame.high, value);
    }
    epochs = std::max(epochs, curve.values.size());
  }
  if (drawn.empty()) return "";
  if (frame.high - frame.low < 1e-9) frame.high = frame.low + 1;
  std::string svg = open_svg(title, 760, 250) + horizontal_grid(frame);
  const auto x = [&](std::size_t i) {
    return frame.left +
           (epochs > 1 ? frame.width * static_cast<double>(i) / static_cast<double>(epochs - 1) : 0.0);
  };
  svg += text_at(frame.left, 232, "middle", "1") +
         text_at(frame.left + frame.width, 232, "middle", fmt::format("epoch {}", epochs));
  const auto step = static_cast<std::size_t>(std::max(1.0, round_step(static_cast<double>(epochs), 6)));
  // The last mark keeps its distance from the word at the end.
  for (std::size_t epoch = step; epochs > 2 && epoch + step * 2 / 3 < epochs; epoch += step) {
    if (epoch > 1) svg += text_at(x(epoch - 1), 232, "middle", std::to_string(epoch));
  }
  for (std::size_t c = 0; c < drawn.size(); ++c) {
    const Curve& curve = *drawn[c];
    std::string points;
    for (std::size_t i = 0; i < curve.values.size(); ++i) {
      if (std::isfinite(curve.values[i]))
        points += fmt::format("{:.1f},{:.1f} ", x(i), frame.y(curve.values[i]));
    }
    svg += fmt::format(R"(<polyline class="curve c{}" points="{}"/>)", c % 4, points);
    const double y = 24 + 20 * static_cast<double>(c);
    svg +=
        fmt::format(R"(<line class="curve c{}" x1="600" y1="{}" x2="624" y2="{}"/>)", c % 4, y - 4, y - 4) +
        text_at(630, y, "start", curve.name);
  }
  return figure_of(title, svg + "</svg>");
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
  Frame frame;
  frame.width = 220;
  std::string svg = open_svg("Accuracy against confidence", 320, 250) + horizontal_grid(frame);
  svg += line_from(frame.left, frame.y(0), frame.left + frame.width, frame.y(1), "diagonal");
  std::int64_t largest = 1;
  for (const CalibrationBin& bin : calibration.bins) largest = std::max(largest, bin.clip_count);
  for (const CalibrationBin& bin : calibration.bins) {
    if (bin.clip_count == 0) continue;
    const double radius =
        2.0 + 6.0 * std::sqrt(static_cast<double>(bin.clip_count) / static_cast<double>(largest));
    svg += fmt::format(
        R"(<circle class="dot" cx="{:.1f}" cy="{:.1f}" r="{:.1f}"><title>{} clips: confidence {:.2f}, accuracy {:.2f}</title></circle>)",
        frame.left + frame.width * bin.mean_confidence, frame.y(bin.accuracy), radius, bin.clip_count,
        bin.mean_confidence, bin.accuracy);
  }
  svg += text_at(frame.left, 232, "middle", "0") +
         text_at(frame.left + frame.width, 232, "middle", "confidence 1");
  return figure_of("Accuracy against confidence", svg + "</svg>");
}

}  // namespace ferv::evaluation

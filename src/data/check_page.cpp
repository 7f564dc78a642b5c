// SPDX-License-Identifier: Apache-2.0
// The findings of a check as a page.
#include <algorithm>
#include <map>

#include "ferv/base/html.h"
#include "ferv/base/html_page.h"
#include "ferv/data/check.h"

namespace ferv::data {
namespace {

/// More rows than a browser shows gladly; the JSON has all.
constexpr std::size_t kMostRows = 5000;

constexpr std::string_view kStyle =
    ":root{color-scheme:light dark;--rule:#ddd;--good:#176b2c;--bad:#a11a1a}"
    "@media(prefers-color-scheme:dark){:root{--rule:#353b44;--good:#74c69a;--bad:#f09090}}"
    "body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;margin:1rem 0}th,td{text-align:left;padding:.3rem .6rem;"
    "border-bottom:1px solid var(--rule);overflow-wrap:anywhere}td.n{text-align:right}"
    ".good{color:var(--good)}.bad{color:var(--bad)}";

std::string body_of(const ClipIndex& index, const CheckReport& report) {
  std::string page = "<h1>Check of " + escape_html(index.root.string()) + "</h1>\n<p>Layout " +
                     escape_html(index.layout) + ", " + std::to_string(report.clip_count) + " clips and " +
                     std::to_string(report.frame_count) + " frames.";
  if (!report.complete) page += " <strong>Stopped before the end.</strong>";
  if (report.counts_were_held) page += " Counts were held against the published table.";
  page += "</p>\n";
  if (report.problems.empty()) return page + "<p class=\"good\">Nothing wrong was found.</p>\n";

  std::map<std::string_view, std::size_t> counts;
  for (const Problem& problem : report.problems) ++counts[to_string(problem.kind)];
  page += "<p class=\"bad\">" + std::to_string(report.problems.size()) +
          " problems</p>\n<table><tr><th>kind</th>"
          "<th>number</th></tr>\n";
  for (const auto& [kind, count] : counts)
    page += "<tr><td>" + std::string(kind) + "</td><td class=\"n\">" + std::to_string(count) + "</td></tr>\n";
  page += "</table>\n<table><tr><th>kind</th><th>path</th><th>what</th></tr>\n";
  for (std::size_t i = 0; i < std::min(report.problems.size(), kMostRows); ++i) {
    const Problem& problem = report.problems[i];
    page += "<tr><td>" + std::string(to_string(problem.kind)) + "</td><td>" +
            escape_html(problem.path.string()) + "</td><td>" + escape_html(problem.message) + "</td></tr>\n";
  }
  page += "</table>\n";
  if (report.problems.size() > kMostRows)
    page += "<p>" + std::to_string(report.problems.size() - kMostRows) + " more are in the JSON.</p>\n";
  return page;
}

}  // namespace

std::string check_page(const ClipIndex& index, const CheckReport& report) {
  return html_page({.title = "ferv data check", .style = kStyle, .body = body_of(index, report)});
}

}  // namespace ferv::data

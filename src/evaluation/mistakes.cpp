// SPDX-License-Identifier: Apache-2.0
#include "mistakes.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "chart.h"
#include "clip_pictures.h"
#include "ferv/base/error.h"
#include "ferv/base/html.h"
#include "ferv/evaluation/frame_weights.h"

namespace ferv::evaluation {
namespace {

constexpr std::size_t kClipsShown = 12;

double probability(const ResultRow& row, int k) {
  return row.probabilities[static_cast<std::size_t>(k)];
}

/// Wrong clips with probabilities, in the order of `before`, the first few.
template <typename Before>
std::vector<const ResultRow*> first_mistakes(const Results& results, Before&& before) {
  std::vector<const ResultRow*> wrong;
  for (const ResultRow& row : results.rows) {
    if (row.label != row.predicted && !row.probabilities.empty()) wrong.push_back(&row);
  }
  std::stable_sort(wrong.begin(), wrong.end(), before);
  wrong.resize(std::min(wrong.size(), kClipsShown));
  return wrong;
}

std::vector<const ResultRow*> surest(const Results& results) {
  return first_mistakes(results, [](const auto* a, const auto* b) {
    return probability(*a, a->predicted) > probability(*b, b->predicted);
  });
}

std::vector<const ResultRow*> hardest(const Results& results) {
  return first_mistakes(results, [](const auto* a, const auto* b) {
    return probability(*a, a->label) < probability(*b, b->label);
  });
}

std::string player(const ResultRow& row, const ClipStrip& strip) {
  return fmt::format(
      "<button type=\"button\" class=\"clip\" aria-pressed=\"false\" aria-label=\"Play clip {0}\" "
      "style=\"--frames:{1};"
      "--strip:url(data:image/jpeg;base64,{2})\"><span class=\"film\"></span><span class=\"sign\" "
      "aria-hidden=\"true\"></span></button>",
      escape_html(row.clip), strip.frame_count, strip.jpeg_base64);
}

std::string clip_cards(const std::vector<const ResultRow*>& rows, const ReportInput& input) {
  if (rows.empty()) return "";
  std::optional<ClipPictures> pictures;
  std::string missing;
  try {
    if (!input.data.empty()) pictures.emplace(input.data);
  } catch (const Error& error) {
    missing = std::string("No pictures: ") + error.what();
  }
  if (input.data.empty()) missing = "No pictures: the data set is not at hand.";
  std::string html = "<ul class=\"clips\">";
  for (const ResultRow* row : rows) {
    const auto name = [&](int k) { return escape_html(input.results.classes[static_cast<std::size_t>(k)]); };
    const auto strip = pictures ? pictures->strip_of(row->clip) : std::nullopt;
    const auto weights = input.frame_weights.find(row->clip);
    html += fmt::format(
        "<li>{}{}<div><code>{}</code><br>label <b>{}</b> {:.2f}<br>said <b>{}</b> {:.2f}</div></li>",
        strip ? player(*row, *strip) : "",
        weights != input.frame_weights.end() ? weights_chart(weights->second) : "", escape_html(row->clip),
        name(row->label), probability(*row, row->label), name(row->predicted),
        probability(*row, row->predicted));
  }
  html += "</ul>";
  if (!missing.empty()) html += "<p class=\"soft\">" + escape_html(missing) + "</p>";
  return html;
}

}  // namespace

std::string surest_mistakes(const ReportInput& input) {
  return clip_cards(surest(input.results), input);
}

std::string hardest_clips(const ReportInput& input) {
  return clip_cards(hardest(input.results), input);
}

std::vector<std::size_t> rows_shown(const Results& results) {
  std::set<const ResultRow*> shown;
  for (const auto& rows : {surest(results), hardest(results)}) shown.insert(rows.begin(), rows.end());
  std::vector<std::size_t> positions;
  for (const ResultRow* row : shown) positions.push_back(static_cast<std::size_t>(row - results.rows.data()));
  return positions;
}

}  // namespace ferv::evaluation

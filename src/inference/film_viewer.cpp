// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/film_viewer.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <nlohmann/json.hpp>

#include "ferv/base/base64.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/html.h"
#include "segment_clock.h"
#include "viewer_frame.h"

namespace ferv::inference {
namespace {

constexpr std::size_t kMostCurves = 50;
constexpr std::size_t kOpenAtFirst = 4;
constexpr std::size_t kMostSegments = 500;
constexpr std::uint8_t kUncertainCode = 255;
constexpr std::size_t kColourCount = 8;
constexpr const char* kDashes[] = {"", "7 3", "2 3", "9 3 2 3"};

template <typename Unsigned>
void append_little_endian(std::vector<std::uint8_t>& bytes, Unsigned value) {
  for (std::size_t i = 0; i < sizeof(value); ++i)
    bytes.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

/// One person's rows in the page.
struct PersonData {
  nlohmann::json runs = nlohmann::json::array();  ///< [first frame, number of frames]
  std::int64_t next_frame = -1;
  std::vector<std::uint8_t> probabilities;  ///< [n, K], 255 = 1
  std::vector<std::uint8_t> labels;         ///< [n]
  std::vector<std::uint8_t> boxes;          ///< int16 [n, 4]

  void add(const TimelineRow& row) {
    if (row.probabilities.empty()) return;
    if (row.frame != next_frame) runs.push_back({row.frame, 0});
    runs.back()[1] = runs.back()[1].get<std::int64_t>() + 1;
    next_frame = row.frame + 1;
    for (const double p : row.probabilities)
      probabilities.push_back(static_cast<std::uint8_t>(std::lround(255 * std::clamp(p, 0.0, 1.0))));
    labels.push_back(row.is_uncertain ? kUncertainCode : static_cast<std::uint8_t>(row.label));
    for (const double value : {row.box.left, row.box.top, row.box.width, row.box.height}) {
      const auto whole = static_cast<std::int16_t>(std::lround(std::clamp(value, -32768.0, 32767.0)));
      append_little_endian(boxes, static_cast<std::uint16_t>(whole));
    }
  }
};

std::string data_of(const FilmRecord& record, const TimelineSummary& summary, const ViewerOptions& options) {
  std::map<int, PersonData> persons;
  for (const TimelineRow& row : record.faces()) persons[row.face_id].add(row);
  std::vector<std::uint8_t> times;
  for (const double time_s : record.timestamps_s())
    append_little_endian(times, std::bit_cast<std::uint32_t>(static_cast<float>(time_s)));
  auto list = nlohmann::json::array();
  for (const auto& [id, person] : persons) {
    list.push_back({{"id", id},
                    {"runs", person.runs},
                    {"probabilities", encode_base64(person.probabilities)},
                    {"labels", encode_base64(person.labels)},
                    {"boxes", encode_base64(person.boxes)}});
  }
  const nlohmann::json data = {
      {"classes", summary.classes()},    {"duration", record.timestamps_s().back() + record.last_step_s()},
      {"width", options.frame_width_px}, {"height", options.frame_height_px},
      {"times", encode_base64(times)},   {"persons", list}};
  return data.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string legend(const std::vector<std::string>& classes) {
  std::string html = "<ul class=\"legend\">";
  for (std::size_t k = 0; k < classes.size(); ++k) {
    html += fmt::format(
        "<li><svg aria-hidden=\"true\" viewBox=\"0 0 28 10\"><line x1=\"0\" y1=\"5\" x2=\"28\" y2=\"5\" "
        "stroke=\"var(--c{})\" stroke-width=\"3\" stroke-dasharray=\"{}\"/></svg>{}</li>",
        k % kColourCount, kDashes[k % std::size(kDashes)], escape_html(one_line(classes[k])));
  }
  return html + "</ul>";
}

std::string segments_table(const std::vector<const Segment*>& segments,
                           const std::vector<std::string>& classes) {
  std::string html =
      "<details><summary>Segments as a table</summary><table><tr><th scope=\"col\">from, s</th><th "
      "scope=\"col\">to, s</th><th scope=\"col\" class=\"text\">label</th><th scope=\"col\">mean "
      "probability</th></tr>";
  for (std::size_t i = 0; i < std::min(segments.size(), kMostSegments); ++i) {
    const Segment& segment = *segments[i];
    html += fmt::format(
        "<tr><td><button type=\"button\" data-time=\"{0:.3f}\" aria-label=\"Go to {0:.2f} "
        "s\">{0:.2f}</button></td><td>{1:.2f}</td><td class=\"text\">{2}</td><td>{3:.2f}</td></tr>",
        segment.begin_s, segment.end_s, escape_html(one_line(label_text(segment, classes))),
        segment.mean_probability);
  }
  html += "</table>";
  if (segments.size() > kMostSegments)
    html += fmt::format("<p class=\"soft\">{} more are left out here.</p>", segments.size() - kMostSegments);
  return html + "</details>";
}

std::string person_section(const PersonSummary& person, const std::vector<const Segment*>& segments,
                           const TimelineSummary& summary, bool is_open) {
  return fmt::format(
      "<details class=\"person\"{}><summary>{}</summary><canvas class=\"curves\" data-person=\"{}\" "
      "tabindex=\"0\" role=\"slider\" aria-label=\"Curves of person {}: moment shown\" aria-valuemin=\"0\" "
      "aria-valuemax=\"{:.2f}\" aria-valuenow=\"0\"></canvas>{}{}</details>\n",
      is_open ? " open" : "", escape_html(one_line(person.text(summary.classes()))), person.face_id,
      person.face_id, summary.duration_s(), legend(summary.classes()),
      segments_table(segments, summary.classes()));
}

std::string persons_section(const TimelineSummary& summary) {
  const std::vector<Segment> segments = summary.segments();
  std::vector<PersonSummary> persons = summarise_persons(segments, summary.classes().size());
  std::stable_sort(persons.begin(), persons.end(), [](const PersonSummary& a, const PersonSummary& b) {
    return a.on_screen_s > b.on_screen_s;
  });
  std::map<int, std::vector<const Segment*>> segments_of;
  for (const Segment& segment : segments) segments_of[segment.face_id].push_back(&segment);
  std::string html = "<section><h2>Persons</h2>\n";
  if (persons.empty()) html += "<p>No face was found.</p>";
  for (std::size_t i = 0; i < std::min(persons.size(), kMostCurves); ++i)
    html += person_section(persons[i], segments_of[persons[i].face_id], summary, i < kOpenAtFirst);
  if (persons.size() > kMostCurves)
    html += fmt::format("<p>{} more were seen for a shorter time.</p>", persons.size() - kMostCurves);
  return html +
         "<p class=\"soft\">Lines: probability of each class, from 0 to 1. Band below: the label, grey where "
         "the "
         "model is uncertain. A click goes to that moment; on curves in focus, arrow keys move by a second, "
         "Page Up and Page Down by ten. Who comes back after a cut or a longer absence counts as another "
         "person.</p></section>\n";
}

std::string film_source(const ViewerOptions& options) {
  if (!is_embedded(options)) return "./" + encode_uri_path(options.film.filename().string());
  return "data:video/mp4;base64," + encode_base64(read_file(options.film, options.embedded_limit_bytes));
}

std::string film_section(const ViewerOptions& options) {
  return fmt::format(
      "<section aria-label=\"Film\"><div class=\"film\"><video id=\"film\" controls playsinline "
      "preload=\"auto\" style=\"aspect-ratio:{}/{}\" src=\"{}\"></video><canvas id=\"boxes\" "
      "aria-hidden=\"true\"></canvas></div>\n<p id=\"problem\" role=\"alert\" hidden>This browser cannot "
      "play "
      "the film; curves and tables work without it.</p><div class=\"bar\"><label><input type=\"checkbox\" "
      "id=\"show\" checked> Boxes</label><label>Curves show <select id=\"span\"><option value=\"0\">the "
      "whole "
      "film</option><option value=\"60\">a minute</option><option value=\"10\">ten "
      "seconds</option></select></label></div><p id=\"now\"></p><p id=\"said\" class=\"said\" "
      "aria-live=\"polite\"></p></section>\n",
      std::max(1, options.frame_width_px), std::max(1, options.frame_height_px), film_source(options));
}

}  // namespace

bool is_embedded(const ViewerOptions& options) {
  std::error_code status;
  const std::uintmax_t size = std::filesystem::file_size(options.film, status);
  if (status) throw io_error(options.film, "cannot read", status.value());
  return size <= options.embedded_limit_bytes;
}

std::string viewer_page(const FilmRecord& record, const TimelineSummary& summary,
                        const ViewerOptions& options) {
  if (record.frame_count() == 0) throw invalid_argument("a film without frames has no page");
  const std::string body =
      fmt::format("<h1>{}</h1><p>{}</p><aside><p><strong>What this is not</strong>: {}.</p></aside>\n{}{}",
                  escape_html(options.title), escape_html(summary.text()), escape_html(prediction_notice()),
                  film_section(options), persons_section(summary));
  return viewer_frame(options.title, body, data_of(record, summary, options));
}

}  // namespace ferv::inference

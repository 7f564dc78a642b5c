// SPDX-License-Identifier: Apache-2.0
#include "ferv/inference/elan.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "ferv/base/html.h"
#include "ferv/base/lower_case.h"
#include "ferv/base/version.h"
#include "segment_clock.h"

namespace ferv::inference {
namespace {

constexpr const char* kTierType = "expression";

std::string now_text() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}+00:00",
                     fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
}

std::string mime_type(const std::filesystem::path& film) {
  const std::string extension = lower_case(film.extension().string());
  static const std::map<std::string, const char*> kTypes = {
      {".mp4", "video/mp4"},        {".m4v", "video/mp4"},   {".mov", "video/quicktime"},
      {".mpg", "video/mpeg"},       {".mpeg", "video/mpeg"}, {".avi", "video/x-msvideo"},
      {".mkv", "video/x-matroska"}, {".webm", "video/webm"}};
  const auto found = kTypes.find(extension);
  return found == kTypes.end() ? "video/*" : found->second;
}

std::string media_descriptor(const ElanDocument& document) {
  if (document.film.empty()) return "";
  const std::filesystem::path film = std::filesystem::absolute(document.film).lexically_normal();
  const std::filesystem::path folder = std::filesystem::absolute(document.folder).lexically_normal();
  return fmt::format(
      "    <MEDIA_DESCRIPTOR MEDIA_URL=\"file://{}\" MIME_TYPE=\"{}\" RELATIVE_MEDIA_URL=\"./{}\"/>\n",
      encode_uri_path(film.string()), mime_type(film),
      encode_uri_path(film.lexically_proximate(folder).string()));
}

/// Where annotations begin and end, in order of time. Each end of each annotation has a slot of its own, as
/// ELAN has it: moving one there must not move another.
struct TimeSlots {
  std::vector<std::int64_t> moments_ms;  ///< of slots 1, 2, ...
  std::vector<std::size_t> begins;       ///< slot of each segment
  std::vector<std::size_t> ends;
};

TimeSlots time_slots(const std::vector<Segment>& segments) {
  TimeSlots slots;
  slots.begins.resize(segments.size());
  slots.ends.resize(segments.size());
  std::vector<std::pair<std::int64_t, std::size_t*>> moments;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const SegmentClock clock = clock_of(segments[i]);
    moments.emplace_back(clock.begin_ms, &slots.begins[i]);
    moments.emplace_back(clock.end_ms, &slots.ends[i]);
  }
  std::stable_sort(moments.begin(), moments.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  for (const auto& [moment_ms, slot] : moments) {
    slots.moments_ms.push_back(moment_ms);
    *slot = slots.moments_ms.size();
  }
  return slots;
}

std::string tiers(const std::vector<Segment>& segments, const std::vector<std::string>& classes,
                  const TimeSlots& slots, const std::string& annotator) {
  std::map<int, std::string> annotations;
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const Segment& segment = segments[i];
    annotations[segment.face_id] += fmt::format(
        "    <ANNOTATION>\n      <ALIGNABLE_ANNOTATION ANNOTATION_ID=\"a{}\" TIME_SLOT_REF1=\"ts{}\" "
        "TIME_SLOT_REF2=\"ts{}\">\n        <ANNOTATION_VALUE>{}</ANNOTATION_VALUE>\n      "
        "</ALIGNABLE_ANNOTATION>\n    </ANNOTATION>\n",
        i + 1, slots.begins[i], slots.ends[i], escape_html(one_line(label_text(segment, classes))));
  }
  // A film without a face gets a tier, too: somebody may want to annotate it.
  if (annotations.empty()) annotations[1] = "";
  std::string text;
  for (const auto& [face, body] : annotations) {
    text += fmt::format(
        "  <TIER ANNOTATOR=\"{1}\" LINGUISTIC_TYPE_REF=\"{2}\" PARTICIPANT=\"Person {0}\" "
        "TIER_ID=\"Person {0}\">\n{3}  </TIER>\n",
        face, escape_html(one_line(annotator)), kTierType, body);
  }
  return text;
}

}  // namespace

std::string elan_document(const std::vector<Segment>& segments, const std::vector<std::string>& classes,
                          const ElanDocument& document) {
  const std::string notice = escape_html(prediction_notice());
  const TimeSlots slots = time_slots(segments);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<ANNOTATION_DOCUMENT AUTHOR=\"ferv\" DATE=\"{}\" FORMAT=\"3.0\" VERSION=\"3.0\" "
      "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
      "xsi:noNamespaceSchemaLocation=\"http://www.mpi.nl/tools/elan/EAFv3.0.xsd\">\n"
      "  <LICENSE LICENSE_URL=\"\">{}</LICENSE>\n"
      "  <HEADER MEDIA_FILE=\"\" TIME_UNITS=\"milliseconds\">\n{}"
      "    <PROPERTY NAME=\"notice\">{}</PROPERTY>\n"
      "    <PROPERTY NAME=\"lastUsedAnnotationId\">{}</PROPERTY>\n  </HEADER>\n  <TIME_ORDER>\n",
      document.date.empty() ? now_text() : document.date, notice, media_descriptor(document), notice,
      segments.size());
  for (std::size_t i = 0; i < slots.moments_ms.size(); ++i) {
    text +=
        fmt::format("    <TIME_SLOT TIME_SLOT_ID=\"ts{}\" TIME_VALUE=\"{}\"/>\n", i + 1, slots.moments_ms[i]);
  }
  const std::string annotator = "ferv " + std::string(version()) + " " + document.model;
  return text + "  </TIME_ORDER>\n" + tiers(segments, classes, slots, annotator) +
         fmt::format(
             "  <LINGUISTIC_TYPE GRAPHIC_REFERENCES=\"false\" LINGUISTIC_TYPE_ID=\"{}\" "
             "TIME_ALIGNABLE=\"true\"/>\n</ANNOTATION_DOCUMENT>\n",
             kTierType);
}

}  // namespace ferv::inference

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/annotation.h"

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/labels.h"

namespace ferv::data {
namespace {

constexpr std::size_t kAnnotationLimit = std::size_t{256} << 20;
constexpr std::size_t kAnnotationLineLimit = 1024;

/// True for `Scene/Emotion/NNNN` without empty parts or steps out of the data set.
bool is_clip_path(std::string_view path) {
  if (std::count(path.begin(), path.end(), '/') != 2) return false;
  while (true) {
    const std::size_t slash = path.find('/');
    const std::string_view part = path.substr(0, slash);
    if (part.empty() || part == "." || part == "..") return false;
    if (std::any_of(part.begin(), part.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20; }))
      return false;
    if (slash == std::string_view::npos) return true;
    path.remove_prefix(slash + 1);
  }
}

std::string shown(std::string_view line) {
  std::string text;
  for (const char c : line.substr(0, 80)) text += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return "'" + text + (line.size() > 80 ? "...'" : "'");
}

}  // namespace

std::vector<AnnotationLine> parse_annotation(std::string_view text, const std::filesystem::path& path) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::vector<AnnotationLine> lines;
  std::size_t number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
      line.remove_suffix(1);
    if (line.empty()) continue;
    const auto refuse = [&](const std::string& why) {
      return corrupt_data(path.string() + ":" + std::to_string(number), why + ", found " + shown(line));
    };
    if (line.size() > kAnnotationLineLimit)
      throw refuse("line of " + std::to_string(line.size()) + " characters, the limit is 1024");
    const std::size_t space = line.find_first_of(" \t");
    if (space == std::string_view::npos) throw refuse("wanted `Scene/Emotion/NNNN Emotion`");
    AnnotationLine parsed;
    parsed.clip = line.substr(0, space);
    std::replace(parsed.clip.begin(), parsed.clip.end(), '\\', '/');
    parsed.label = line.substr(space + 1);
    if (!is_clip_path(parsed.clip)) throw refuse("wanted a clip `Scene/Emotion/NNNN` first");
    if (!class_index(expression_names(), parsed.label))
      throw refuse("wanted one of the seven expressions as label");
    lines.push_back(std::move(parsed));
  }
  if (lines.empty()) throw corrupt_data(path, "has no clips, wanted lines `Scene/Emotion/NNNN Emotion`");
  return lines;
}

std::vector<AnnotationLine> read_annotation(const std::filesystem::path& path) {
  return parse_annotation(read_text_file(path, kAnnotationLimit), path);
}

}  // namespace ferv::data

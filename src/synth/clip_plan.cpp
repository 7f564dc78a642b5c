// SPDX-License-Identifier: Apache-2.0
#include "ferv/synth/clip_plan.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <numeric>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "frame_histogram.h"

namespace ferv::synth {
namespace {

constexpr int kLargestCell = 10000;
constexpr std::size_t kCountsLimitBytes = std::size_t{1} << 20;
constexpr std::string_view kCountsHeader = "scenario,scene,class,train,test";
/// A person appears in about this many clips of a split.
constexpr std::size_t kClipsPerIdentity = 4;

/// A line of a table, for messages.
struct Place {
  const std::filesystem::path& path;
  int line;
  [[nodiscard]] Error error(const std::string& message) const {
    return corrupt_data(path, "line " + std::to_string(line) + " " + message);
  }
};

std::string_view without_line_end(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
  return line;
}

/// A field as a message shows it: short, and printable whatever the file holds.
std::string quoted(std::string_view field) {
  std::string text = "'";
  for (const char c : field.substr(0, 40)) text += (c >= ' ' && c <= '~') ? c : '?';
  return text + (field.size() > 40 ? "...'" : "'");
}

int parse_count(std::string_view field, const Place& place) {
  int value = 0;
  const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
  if (error != std::errc() || end != field.data() + field.size() || value < 0 || value > kLargestCell) {
    throw place.error("has count " + quoted(field) + ", wanted a number from 0 to " +
                      std::to_string(kLargestCell));
  }
  return value;
}

CellCount parse_row(std::string_view line, const Place& place) {
  std::array<std::string_view, 5> fields;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const std::size_t comma = line.find(',');
    const bool last = i + 1 == fields.size();
    if (last != (comma == std::string_view::npos))
      throw place.error("is not of five fields: " + std::string(kCountsHeader));
    fields[i] = line.substr(0, comma);
    if (!last) line.remove_prefix(comma + 1);
  }
  CellCount cell;
  const auto scenes = scene_names();
  const auto scene = std::find(scenes.begin(), scenes.end(), fields[1]);
  if (scene == scenes.end())
    throw place.error("has scene " + quoted(fields[1]) + ", wanted one of the 22 of FERV39k");
  cell.scene = static_cast<std::size_t>(scene - scenes.begin());
  const auto expression = expression_named(fields[2]);
  if (!expression)
    throw place.error("has class " + quoted(fields[2]) + ", wanted one of the seven expressions");
  cell.expression = *expression;
  cell.train = parse_count(fields[3], place);
  cell.test = parse_count(fields[4], place);
  if (cell.train + cell.test > kLargestCell) {
    throw place.error("has " + std::to_string(cell.train + cell.test) + " clips, wanted at most " +
                      std::to_string(kLargestCell));
  }
  return cell;
}

void require_both_splits(std::span<const CellCount> cells, std::span<const std::size_t> scenes,
                         const std::filesystem::path& path) {
  for (const std::size_t scene : scenes) {
    int train = 0;
    int test = 0;
    for (const CellCount& cell : cells) {
      if (cell.scene != scene) continue;
      train += cell.train;
      test += cell.test;
    }
    if (train == 0 || test == 0) {
      throw invalid_argument(path.string() + ": scene " + std::string(scene_names()[scene]) + " has " +
                             std::to_string(train) + " train and " + std::to_string(test) +
                             " test clips, wanted at least one of each");
    }
  }
}

std::size_t identities_for(std::size_t clips) {
  return (clips + kClipsPerIdentity - 1) / kClipsPerIdentity;
}

}  // namespace

std::string PlannedClip::path() const {
  std::string digits = std::to_string(number);
  digits.insert(0, 4 - std::min<std::size_t>(4, digits.size()), '0');
  return std::string(scene_names()[scene]) + "/" + std::string(name_of(expression)) + "/" + digits;
}

int test_count(int clips) {
  return (clips + 4) / 5;
}

std::vector<CellCount> equal_counts(std::span<const std::size_t> scenes, int clips_per_cell) {
  if (clips_per_cell < 2 || clips_per_cell > kLargestCell) {
    throw invalid_argument("clips per cell is " + std::to_string(clips_per_cell) +
                           ", wanted 2 (one to train, one to test) to " + std::to_string(kLargestCell));
  }
  std::vector<CellCount> cells;
  const int test = test_count(clips_per_cell);
  for (const std::size_t scene : scenes) {
    for (const Expression expression : kExpressions)
      cells.push_back({scene, expression, clips_per_cell - test, test});
  }
  return cells;
}

std::vector<CellCount> parse_counts(std::string_view text, const std::filesystem::path& path,
                                    std::span<const std::size_t> scenes) {
  std::vector<CellCount> cells;
  std::set<std::pair<std::size_t, Expression>> seen;
  bool header_seen = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    const std::string_view line = without_line_end(text.substr(0, end));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
    const Place place{path, number};
    if (!header_seen) {
      if (line != kCountsHeader)
        throw place.error("is " + quoted(line) + ", wanted the header " + std::string(kCountsHeader));
      header_seen = true;
      continue;
    }
    if (line.empty() && text.empty()) break;
    const CellCount cell = parse_row(line, place);
    if (!seen.emplace(cell.scene, cell.expression).second)
      throw place.error("repeats the cell of an earlier line");
    if (std::find(scenes.begin(), scenes.end(), cell.scene) != scenes.end()) cells.push_back(cell);
  }
  if (!header_seen) throw corrupt_data(path, "is empty, wanted the header " + std::string(kCountsHeader));
  require_both_splits(cells, scenes, path);
  return cells;
}

std::vector<CellCount> read_counts(const std::filesystem::path& path, std::span<const std::size_t> scenes) {
  return parse_counts(read_text_file(path, kCountsLimitBytes), path, scenes);
}

std::vector<PlannedClip> plan_clips(std::span<const CellCount> cells, std::uint64_t seed) {
  std::size_t train_clips = 0;
  std::size_t test_clips = 0;
  for (const CellCount& cell : cells) {
    train_clips += static_cast<std::size_t>(cell.train);
    test_clips += static_cast<std::size_t>(cell.test);
  }
  const std::size_t train_identities = identities_for(train_clips);
  const std::size_t test_identities = identities_for(test_clips);

  std::vector<PlannedClip> clips;
  clips.reserve(train_clips + test_clips);
  for (const CellCount& cell : cells) {
    Random random(derive_seed(seed, "plan", {cell.scene, static_cast<std::uint64_t>(cell.expression)}));
    std::vector<int> numbers(static_cast<std::size_t>(cell.train + cell.test));
    std::iota(numbers.begin(), numbers.end(), 0);
    random.shuffle(std::span(numbers));
    std::vector<bool> in_test(numbers.size());
    for (int i = 0; i < cell.test; ++i)
      in_test[static_cast<std::size_t>(numbers[static_cast<std::size_t>(i)])] = true;
    for (std::size_t number = 0; number < numbers.size(); ++number) {
      PlannedClip clip;
      clip.scene = cell.scene;
      clip.expression = cell.expression;
      clip.number = static_cast<int>(number);
      clip.is_test = in_test[number];
      clip.frame_count = draw_frame_count(random);
      // Test people follow train people: the two ranges share nobody.
      clip.identity =
          clip.is_test ? train_identities + random.below(test_identities) : random.below(train_identities);
      clips.push_back(clip);
    }
  }
  return clips;
}

std::string annotation_text(std::span<const PlannedClip> clips, bool test, std::optional<std::size_t> scene,
                            std::uint64_t seed) {
  std::vector<const PlannedClip*> listed;
  for (const PlannedClip& clip : clips) {
    if (clip.is_test == test && (!scene || clip.scene == *scene)) listed.push_back(&clip);
  }
  Random random(derive_seed(seed, "list", {test ? 1U : 0U, scene ? *scene + 1 : 0U}));
  random.shuffle(std::span(listed));
  std::string text;
  for (const PlannedClip* clip : listed)
    text += clip->path() + " " + std::string(name_of(clip->expression)) + "\n";
  return text;
}

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/table_check.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>

#include "csv.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/labels.h"
#include "ferv/evaluation/official_split.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTableLimit = std::size_t{16} << 20;
constexpr int kMostDecimals = 4;
constexpr std::size_t kClassCount = 7;

/// A figure as printed: its digits as a whole number and how many of them stand behind the point.
struct Printed {
  std::int64_t digits = 0;
  int decimals = 0;
  [[nodiscard]] std::int64_t scale() const {
    std::int64_t power = 1;
    for (int i = 0; i < decimals; ++i) power *= 10;
    return power;
  }
  [[nodiscard]] double percent() const { return static_cast<double>(digits) / static_cast<double>(scale()); }
};

std::optional<Printed> printed_of(std::string_view text) {
  const std::size_t point = text.find('.');
  Printed printed;
  printed.decimals = point == std::string_view::npos ? 0 : static_cast<int>(text.size() - point - 1);
  std::string digits(text.substr(0, point));
  if (digits.empty() || printed.decimals > kMostDecimals || digits.size() > 3) return std::nullopt;
  if (point != std::string_view::npos) digits += text.substr(point + 1);
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), printed.digits);
  if (error != std::errc() || end != digits.data() + digits.size() || printed.digits < 0 ||
      printed.percent() > 100)
    return std::nullopt;
  return printed;
}

/// The k for which 100 k / N, in units of the last printed digit, lies in [digits + low / 2, digits + high /
/// 2]: -1 and 1 are all that rounding allows, ties either way; 0 and 2 all that cutting off does. In whole
/// numbers.
struct Hits {
  std::int64_t first = 0;
  std::int64_t last = -1;
  [[nodiscard]] bool any() const { return first <= last; }
};

Hits hits_within(const Printed& printed, std::int64_t clip_count, int low, int high) {
  // 100 k scale / N >= digits + low / 2  <=>  k >= (2 digits + low) N / (200 scale)
  const std::int64_t unit = 200 * printed.scale();
  const std::int64_t from = (2 * printed.digits + low) * clip_count;
  const std::int64_t to = (2 * printed.digits + high) * clip_count;
  Hits hits{from <= 0 ? 0 : (from + unit - 1) / unit, to / unit};
  // Cutting 40.01 to 40.00 leaves out the upper end itself.
  if (high == 2 && to % unit == 0) --hits.last;
  hits.last = std::min(hits.last, clip_count);
  return hits;
}

Verdict verdict_of(const Printed& printed, std::int64_t clip_count) {
  if (hits_within(printed, clip_count, -1, 1).any()) return Verdict::kPossible;
  return hits_within(printed, clip_count, 0, 2).any() ? Verdict::kOnlyIfCut : Verdict::kImpossible;
}

enum class Meaning { kNothing, kWar, kUar, kWarUar, kUarWar, kRecall };

struct Column {
  Meaning meaning = Meaning::kNothing;
  std::int64_t clip_count = 0;
  bool is_all = false;  ///< of all test clips
  std::size_t class_index = 0;
  std::string name;
};

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  while (text.ends_with(' ') || text.ends_with('_')) text.remove_suffix(1);
  return true;
}

Column column_of(const std::string& header, std::int64_t clip_count) {
  Column column;
  column.name = header;
  std::string_view rest = header;
  Meaning meaning = Meaning::kNothing;
  if (take_suffix(rest, "WAR/UAR"))
    meaning = Meaning::kWarUar;
  else if (take_suffix(rest, "UAR/WAR"))
    meaning = Meaning::kUarWar;
  else if (take_suffix(rest, "WAR"))
    meaning = Meaning::kWar;
  else if (take_suffix(rest, "UAR"))
    meaning = Meaning::kUar;
  if (meaning == Meaning::kNothing) {
    take_suffix(rest, "recall");
    const auto index = data::class_index(data::expression_names(), rest);
    if (index && clip_count == 0) {
      column.class_index = static_cast<std::size_t>(*index);
      column.clip_count = official_test_clips("All")[column.class_index];
      column.meaning = Meaning::kRecall;
      return column;
    }
    rest = header;
  }
  column.is_all = rest.empty() || rest == "All";
  const auto counts = official_test_clips(rest.empty() ? "All" : rest);
  column.clip_count = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
  if (column.is_all && clip_count > 0) column.clip_count = clip_count;
  if (column.clip_count > 0) column.meaning = meaning == Meaning::kNothing ? Meaning::kWarUar : meaning;
  return column;
}

/// A cell without the marks that tables put round their best figures.
std::string bare(std::string_view cell) {
  std::string text;
  for (const char c : cell) {
    if (std::string_view(" \t*_%").find(c) == std::string_view::npos) text += c;
  }
  return text;
}

/// What a row says about all test clips.
struct RowFigures {
  std::vector<std::optional<Printed>> recalls = std::vector<std::optional<Printed>>(kClassCount);
  std::optional<Printed> war;
  std::optional<Printed> uar;
};

class TableReader {
 public:
  TableReader(const fs::path& path, std::int64_t clip_count) : path_(path), clip_count_(clip_count) {}

  TableCheck read() {
    const std::string text = read_text_file(path_, kTableLimit);
    CsvReader reader(text, path_);
    std::vector<std::string> fields;
    if (!reader.next(fields)) throw corrupt_data(path_, "is empty, wanted a header");
    std::vector<Column> columns;
    for (const std::string& name : fields) columns.push_back(column_of(name, clip_count_));
    columns.front().meaning = Meaning::kNothing;
    for (std::size_t i = 1; i < columns.size(); ++i) {
      if (columns[i].meaning == Meaning::kNothing) check_.columns_not_read.push_back(columns[i].name);
    }
    if (check_.columns_not_read.size() + 1 >= columns.size())
      throw corrupt_data(
          path_, "has no column that can be checked, wanted WAR, SUBSET_WAR or a class after the first");
    while (reader.next(fields)) {
      if (fields.size() != columns.size())
        throw reader.place().error(
            fmt::format("{} fields, wanted {} as in the header", fields.size(), columns.size()));
      row_ = {};
      for (std::size_t i = 1; i < columns.size(); ++i) take(fields[0], columns[i], fields[i], reader.place());
      if (clip_count_ == 0) look_for_contradictions(fields[0]);
    }
    return std::move(check_);
  }

 private:
  void take(const std::string& method, const Column& column, const std::string& cell, const CsvPlace& place) {
    if (column.meaning == Meaning::kNothing) return;
    const std::string text = bare(cell);
    const bool is_pair = column.meaning == Meaning::kWarUar || column.meaning == Meaning::kUarWar;
    const std::size_t slash = text.find('/');
    if (!is_pair || text.empty() || text == "-") {
      take_figure(method, column, column.meaning, text, place);
      return;
    }
    if (slash == std::string::npos)
      throw place.error(
          fmt::format("'{}' in column {}, wanted two figures A/B", cell.substr(0, 40), column.name));
    const bool war_first = column.meaning == Meaning::kWarUar;
    take_figure(method, column, war_first ? Meaning::kWar : Meaning::kUar, text.substr(0, slash), place);
    take_figure(method, column, war_first ? Meaning::kUar : Meaning::kWar, text.substr(slash + 1), place);
  }

  void take_figure(const std::string& method, const Column& column, Meaning meaning, const std::string& text,
                   const CsvPlace& place) {
    if (text.empty() || text == "-") {
      ++check_.empty_count;
      return;
    }
    if (text.find_first_of("Xx?") != std::string::npos) {
      ++check_.masked_count;
      return;
    }
    const auto printed = printed_of(text);
    if (!printed)
      throw place.error(fmt::format("'{}' in column {}, wanted a percentage with up to {} decimals",
                                    text.substr(0, 40), column.name, kMostDecimals));
    if (meaning == Meaning::kUar) {
      ++check_.uar_count;
      if (column.is_all) row_.uar = printed;
      return;
    }
    if (meaning == Meaning::kRecall) row_.recalls[column.class_index] = printed;
    if (meaning == Meaning::kWar && column.is_all) row_.war = printed;
    const auto count = static_cast<double>(column.clip_count);
    check_.figures.push_back({method, column.name, text, column.clip_count,
                              verdict_of(*printed, column.clip_count),
                              100 * std::round(printed->percent() * count / 100) / count});
  }

  /// Class recalls fix the right answers of each class, and these WAR and UAR.
  void look_for_contradictions(const std::string& method) {
    const auto sizes = official_test_clips("All");
    std::int64_t least = 0;
    std::int64_t most = 0;
    double least_uar = 0;
    double most_uar = 0;
    for (std::size_t k = 0; k < kClassCount; ++k) {
      if (!row_.recalls[k]) return;
      const Hits hits = hits_within(*row_.recalls[k], sizes[k], -1, 1);
      if (!hits.any()) return;
      least += hits.first;
      most += hits.last;
      least_uar += 100.0 * static_cast<double>(hits.first) / static_cast<double>(sizes[k]) / kClassCount;
      most_uar += 100.0 * static_cast<double>(hits.last) / static_cast<double>(sizes[k]) / kClassCount;
    }
    const auto total = static_cast<double>(std::accumulate(sizes.begin(), sizes.end(), std::int64_t{0}));
    const auto hold = [&](const char* name, const std::optional<Printed>& printed, double low, double high) {
      if (!printed) return;
      const double half = 0.5 / static_cast<double>(printed->scale()) + 1e-9;
      if (printed->percent() >= low - half && printed->percent() <= high + half) return;
      check_.contradictions.push_back(fmt::format("{}: its class recalls give {} {:.2f}, it prints {:.{}f}",
                                                  method, name, (low + high) / 2, printed->percent(),
                                                  printed->decimals));
    };
    hold("WAR", row_.war, 100.0 * static_cast<double>(least) / total,
         100.0 * static_cast<double>(most) / total);
    hold("UAR", row_.uar, least_uar, most_uar);
  }

  fs::path path_;
  std::int64_t clip_count_;
  TableCheck check_;
  RowFigures row_;
};

}  // namespace

Verdict check_share(std::string_view figure, std::int64_t clip_count) {
  const auto printed = printed_of(figure);
  if (!printed)
    throw invalid_argument(fmt::format("'{}' is no percentage with up to 4 decimals", figure.substr(0, 40)));
  if (clip_count < 1) throw invalid_argument(fmt::format("{} clips, wanted at least 1", clip_count));
  return verdict_of(*printed, clip_count);
}

double share_of_possible_figures(std::int64_t clip_count, int decimals) {
  if (clip_count < 1 || decimals < 0 || decimals > kMostDecimals)
    throw invalid_argument(
        fmt::format("{} clips and {} decimals, wanted at least 1 and 0 to 4", clip_count, decimals));
  Printed printed{0, decimals};
  const std::int64_t figure_count = 100 * printed.scale() + 1;
  std::int64_t possible = 0;
  for (; printed.digits < figure_count; ++printed.digits)
    possible += verdict_of(printed, clip_count) == Verdict::kPossible ? 1 : 0;
  return static_cast<double>(possible) / static_cast<double>(figure_count);
}

bool TableCheck::all_can_be() const {
  return contradictions.empty() && std::all_of(figures.begin(), figures.end(), [](const FigureCheck& check) {
           return check.verdict == Verdict::kPossible;
         });
}

TableCheck check_table(const fs::path& path, std::int64_t clip_count) {
  return TableReader(path, clip_count).read();
}

}  // namespace ferv::evaluation

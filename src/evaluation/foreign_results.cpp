// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/foreign_results.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>
#include <optional>
#include <set>
#include <unordered_map>

#include "class_words.h"
#include "csv.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/labels.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kForeignFileLimit = std::size_t{1} << 30;
constexpr std::size_t kMatrixFileLimit = std::size_t{1} << 20;
constexpr double kForeignSumTolerance = 0.01;

/// Positions of the roles in a record; scores hold one position (a list) or K.
struct Layout {
  std::size_t clip = 0;
  std::size_t label = 0;
  std::optional<std::size_t> predicted;
  std::vector<std::size_t> scores;
  bool are_logits = false;
  std::size_t field_count = 0;  ///< of the header; 0 where there is none
};

std::vector<double> numbers_of(std::string_view text, const CsvPlace& place) {
  std::vector<double> numbers;
  constexpr std::string_view kBetween = "[](){},; \t";
  for (std::size_t at = text.find_first_not_of(kBetween); at != std::string_view::npos;
       at = text.find_first_not_of(kBetween, at)) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), value);
    if (error != std::errc() || !std::isfinite(value))
      throw place.error(fmt::format("score is '{}', wanted a finite number", text.substr(at, 40)));
    numbers.push_back(value);
    at = static_cast<std::size_t>(end - text.data());
  }
  return numbers;
}

void softmax(std::vector<double>& values) {
  const double largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double& value : values) sum += value = std::exp(value - largest);
  for (double& value : values) value /= sum;
}

void require_probabilities(const std::vector<double>& values, const CsvPlace& place) {
  const bool inside = std::all_of(values.begin(), values.end(), [](double p) { return p >= 0 && p <= 1; });
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (!inside || std::abs(sum - 1) > kForeignSumTolerance)
    throw place.error(fmt::format(
        "probabilities sum to {:.4f}, wanted numbers in [0, 1] that sum to 1 +- {}; are these logits?", sum,
        kForeignSumTolerance));
}

int largest_of(const std::vector<double>& values) {
  return static_cast<int>(std::max_element(values.begin(), values.end()) - values.begin());
}

/// A label that the folder of a FERV39k clip contradicts: nearly always an order of classes that is not the
/// file's.
void require_label_of_folder(const ResultRow& row, const std::vector<std::string>& classes,
                             const CsvPlace& place) {
  const std::size_t last = row.clip.rfind('/');
  if (last == std::string::npos || last == 0) return;
  const std::size_t before = row.clip.rfind('/', last - 1);
  const std::string folder = row.clip.substr(before + 1, last - before - 1);
  const auto names = data::expression_names();
  if (std::find(names.begin(), names.end(), folder) == names.end()) return;
  const std::string& label = classes[static_cast<std::size_t>(row.label)];
  if (std::find(names.begin(), names.end(), label) == names.end() || label == folder) return;
  throw place.error(
      fmt::format("label of {} is {}, wanted {} as its folder says: is the order of classes right?",
                  row.clip.substr(0, 80), label, folder));
}

class ForeignReader {
 public:
  ForeignReader(const fs::path& path, const ForeignOptions& options)
      : path_(path), options_(options), words_(options.classes, options.first_index) {
    results_.classes = options.classes;
  }

  Results read() {
    const std::string text = read_text_file(path_, kForeignFileLimit);
    switch (options_.format) {
      case ForeignFormat::kTable:
        read_table(text);
        break;
      case ForeignFormat::kList:
        read_list(text);
        break;
      case ForeignFormat::kViews:
        read_views(text);
        break;
    }
    if (results_.rows.empty()) throw corrupt_data(path_, "holds no clip");
    return std::move(results_);
  }

 private:
  std::size_t position(const std::string& column, const std::vector<std::string>& header) const {
    if (header.empty()) return static_cast<std::size_t>(std::stoul(column)) - 1;
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end())
      throw corrupt_data(path_, fmt::format("has no column '{}', wanted one of the header: {}",
                                            column.substr(0, 60), fmt::join(header, ", ")));
    return static_cast<std::size_t>(found - header.begin());
  }

  Layout layout_of(const std::vector<std::string>& header) const {
    Layout layout;
    layout.field_count = header.size();
    for (const auto& [role, column] : options_.columns) {
      if (role == "clip") layout.clip = position(column, header);
      if (role == "label") layout.label = position(column, header);
      if (role == "predicted") layout.predicted = position(column, header);
      if (role != "probabilities" && role != "logits") continue;
      layout.are_logits = role == "logits";
      for (std::size_t from = 0; from <= column.size();) {
        const std::size_t to = std::min(column.find('+', from), column.size());
        layout.scores.push_back(position(column.substr(from, to - from), header));
        from = to + 1;
      }
      if (layout.scores.size() != 1 && layout.scores.size() != results_.classes.size())
        throw invalid_argument(
            fmt::format("{} columns of {}, wanted one that holds a list, or {}: one a class",
                        layout.scores.size(), role, results_.classes.size()));
    }
    return layout;
  }

  const std::string& field(const std::vector<std::string>& fields, std::size_t position,
                           const CsvPlace& place) const {
    if (position >= fields.size())
      throw place.error(fmt::format("{} fields, wanted at least {}", fields.size(), position + 1));
    return fields[position];
  }

  std::vector<double> scores_of(const std::vector<std::string>& fields, const Layout& layout,
                                const CsvPlace& place) const {
    std::vector<double> scores;
    for (const std::size_t at : layout.scores) {
      const std::vector<double> numbers = numbers_of(field(fields, at, place), place);
      scores.insert(scores.end(), numbers.begin(), numbers.end());
    }
    if (layout.scores.empty() || scores.empty()) return {};
    if (scores.size() != results_.classes.size())
      throw place.error(
          fmt::format("{} scores, wanted {}: one a class", scores.size(), results_.classes.size()));
    if (layout.are_logits)
      softmax(scores);
    else
      require_probabilities(scores, place);
    return scores;
  }

  void take(const std::vector<std::string>& fields, const Layout& layout, const CsvPlace& place) {
    if (layout.field_count != 0 && fields.size() != layout.field_count)
      throw place.error(
          fmt::format("{} fields, wanted {} as in the header", fields.size(), layout.field_count));
    ResultRow row;
    row.clip = clip_of_path(field(fields, layout.clip, place));
    row.label = words_.class_of(field(fields, layout.label, place), place);
    row.probabilities = scores_of(fields, layout, place);
    if (layout.predicted)
      row.predicted = words_.class_of(field(fields, *layout.predicted, place), place);
    else if (!row.probabilities.empty())
      row.predicted = largest_of(row.probabilities);
    else
      throw place.error("neither a predicted class nor scores");
    require_label_of_folder(row, results_.classes, place);
    results_.rows.push_back(std::move(row));
  }

  void read_table(const std::string& text) {
    const bool has_header = std::any_of(
        options_.columns.begin(), options_.columns.end(),
        [](const auto& entry) { return entry.second.find_first_not_of("0123456789+") != std::string::npos; });
    CsvReader reader(text, path_);
    std::vector<std::string> fields;
    if (has_header && !reader.next(fields)) throw corrupt_data(path_, "is empty, wanted a header");
    const Layout layout = layout_of(fields);
    while (reader.next(fields)) take(fields, layout, reader.place());
  }

  /// Calls `work(line, place)` for each line that is not blank.
  template <typename Work>
  void for_each_line(std::string_view text, Work&& work) const {
    for (std::size_t number = 1; !text.empty(); ++number) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      std::string_view line = text.substr(0, end);
      text.remove_prefix(std::min(end + 1, text.size()));
      while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t'))
        line.remove_suffix(1);
      if (!line.empty()) work(line, CsvPlace{path_, number});
    }
  }

  static std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    for (std::size_t at = line.find_first_not_of(" \t"); at != std::string_view::npos;) {
      const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
      words.emplace_back(line.substr(at, end - at));
      at = line.find_first_not_of(" \t", end);
    }
    return words;
  }

  void read_list(const std::string& text) {
    Layout layout;
    layout.predicted = 1;
    layout.label = 2;
    if (!options_.columns.empty()) layout = layout_of({});
    for_each_line(text, [&](std::string_view line, const CsvPlace& place) {
      const std::vector<std::string> fields = words_of(line);
      // A frame count between path and label is a list to train from, not one of answers.
      if (options_.columns.empty() && fields.size() != 3)
        throw place.error(fmt::format("{} fields, wanted 3: path predicted label", fields.size()));
      take(fields, layout, place);
    });
  }

  void read_views(const std::string& text) {
    std::unordered_map<std::string, std::size_t> row_of_clip;
    std::vector<std::set<std::string>> views;
    std::size_t repeated = 0;
    for_each_line(text, [&](std::string_view line, const CsvPlace& place) {
      const std::size_t open = line.find('[');
      const std::size_t close = line.find(']');
      // The first line of each rank's file holds two accuracies; files are often put together with `cat`.
      if (open == std::string_view::npos && words_of(line).size() == 2) return;
      if (open == std::string_view::npos || close == std::string_view::npos || close < open)
        throw place.error("no [scores], wanted: path [scores] label chunk split");
      std::vector<double> scores = numbers_of(line.substr(open, close - open), place);
      const std::vector<std::string> rest = words_of(line.substr(close + 1));
      if (scores.size() != results_.classes.size() || rest.size() != 3)
        throw place.error(fmt::format("{} scores and {} fields after them, wanted {} and label chunk split",
                                      scores.size(), rest.size(), results_.classes.size()));
      softmax(scores);
      std::string_view path = line.substr(0, open);
      while (path.ends_with(' ')) path.remove_suffix(1);
      const auto [entry, is_new] = row_of_clip.try_emplace(std::string(path), results_.rows.size());
      if (is_new) {
        ResultRow row{clip_of_path(path), words_.class_of(rest[0], place), 0,
                      std::vector<double>(scores.size(), 0.0)};
        require_label_of_folder(row, results_.classes, place);
        results_.rows.push_back(std::move(row));
        views.emplace_back();
      }
      ResultRow& row = results_.rows[entry->second];
      if (row.label != words_.class_of(rest[0], place))
        throw place.error(row.clip.substr(0, 80) + " has another label than in an earlier view");
      if (!views[entry->second].insert(rest[1] + " " + rest[2]).second) {
        ++repeated;
        return;
      }
      for (std::size_t k = 0; k < scores.size(); ++k) row.probabilities[k] += scores[k];
    });
    for (std::size_t i = 0; i < results_.rows.size(); ++i) {
      for (double& value : results_.rows[i].probabilities) value /= static_cast<double>(views[i].size());
      results_.rows[i].predicted = largest_of(results_.rows[i].probabilities);
    }
    if (repeated > 0) results_.facts["repeated_views"] = std::to_string(repeated);
  }

  fs::path path_;
  const ForeignOptions& options_;
  ClassWords words_;
  Results results_;
};

/// Where each class of `classes` stands in ferv's order, or nothing where they are not the seven.
std::vector<std::size_t> places_in_own_order(const std::vector<std::string>& classes) {
  const auto names = data::expression_names();
  if (!std::is_permutation(classes.begin(), classes.end(), names.begin(), names.end())) return {};
  std::vector<std::size_t> places;
  for (const std::string& name : classes)
    places.push_back(static_cast<std::size_t>(std::find(names.begin(), names.end(), name) - names.begin()));
  return places;
}

void put_in_own_order(Results& results) {
  const std::vector<std::size_t> places = places_in_own_order(results.classes);
  if (places.empty()) return;
  for (ResultRow& row : results.rows) {
    row.label = static_cast<int>(places[static_cast<std::size_t>(row.label)]);
    row.predicted = static_cast<int>(places[static_cast<std::size_t>(row.predicted)]);
    std::vector<double> moved(row.probabilities.size());
    for (std::size_t k = 0; k < moved.size(); ++k) moved[places[k]] = row.probabilities[k];
    row.probabilities = std::move(moved);
  }
  const auto names = data::expression_names();
  results.classes.assign(names.begin(), names.end());
}

}  // namespace

std::string clip_of_path(std::string_view path) {
  std::string text(path);
  std::replace(text.begin(), text.end(), '\\', '/');
  while (text.ends_with('/')) text.pop_back();
  std::string_view id = text;
  for (const std::string_view ending : {".mp4", ".avi"}) {
    if (id.ends_with(ending)) id.remove_suffix(ending.size());
  }
  std::size_t from = id.size();
  for (int part = 0; part < 3; ++part) {
    if (from == 0) return text;
    const std::size_t slash = id.rfind('/', from - 1);
    from = slash == std::string_view::npos ? 0 : slash;
  }
  const std::string_view tail = id.substr(from == 0 && !id.starts_with('/') ? 0 : from + 1);
  const bool is_scene = !data::scenario_of(tail.substr(0, tail.find('/'))).empty();
  return is_scene && std::count(tail.begin(), tail.end(), '/') == 2 ? std::string(tail) : text;
}

Results read_foreign_results(const fs::path& path, const ForeignOptions& options) {
  if (options.classes.size() < 2)
    throw invalid_argument(path.string() + ": the order of its classes is not known, wanted --classes");
  if (options.format == ForeignFormat::kTable && options.columns.empty())
    throw invalid_argument(path.string() + ": which columns hold what is not known, wanted --columns");
  Results results = ForeignReader(path, options).read();
  put_in_own_order(results);
  return results;
}

ConfusionMatrix read_confusion_matrix(const fs::path& path, const std::vector<std::string>& classes) {
  if (classes.size() < 2)
    throw invalid_argument(path.string() + ": the order of its classes is not known, wanted --classes");
  const std::vector<double> numbers = [&] {
    std::string text = read_text_file(path, kMatrixFileLimit);
    std::replace_if(
        text.begin(), text.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return numbers_of(text, {path, 1});
  }();
  const std::size_t size = classes.size();
  if (numbers.size() != size * size)
    throw corrupt_data(path, fmt::format("holds {} numbers, wanted {} x {}", numbers.size(), size, size));
  ConfusionMatrix matrix;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    constexpr double kLargestCount = 1e9;
    if (!(numbers[i] >= 0 && numbers[i] <= kLargestCount) || numbers[i] != std::floor(numbers[i]))
      throw corrupt_data(
          path, fmt::format("holds {}, wanted whole counts of clips: shares cannot be scored", numbers[i]));
    if (i % size == 0) matrix.counts.emplace_back();
    matrix.counts.back().push_back(static_cast<std::int64_t>(numbers[i]));
  }
  if (matrix.total() == 0) throw corrupt_data(path, "holds no clip");
  return matrix;
}

void put_in_own_order(std::vector<std::string>& classes, ConfusionMatrix& matrix) {
  const std::vector<std::size_t> places = places_in_own_order(classes);
  if (places.empty()) return;
  ConfusionMatrix moved = matrix;
  for (std::size_t row = 0; row < places.size(); ++row) {
    for (std::size_t column = 0; column < places.size(); ++column)
      moved.counts[places[row]][places[column]] = matrix.counts[row][column];
  }
  matrix = std::move(moved);
  const auto names = data::expression_names();
  classes.assign(names.begin(), names.end());
}

}  // namespace ferv::evaluation

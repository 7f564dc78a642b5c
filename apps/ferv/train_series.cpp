// SPDX-License-Identifier: Apache-2.0
#include "train_series.h"

#include <fmt/format.h>

#include <charconv>

#include "ferv/base/error.h"
#include "ferv/base/files.h"

namespace ferv::app {
namespace {

constexpr std::size_t kNumberLimit = 1000;

int whole_number(std::string_view text, const std::string& option) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    throw invalid_argument(fmt::format("{}: '{}' is no number, wanted a list such as 1,2,5-7", option, text));
  return value;
}

void append_range(std::vector<int>& numbers, std::string_view text, const std::string& option) {
  const std::size_t dash = text.find('-', 1);
  const int first = whole_number(text.substr(0, dash), option);
  const int last = dash == std::string_view::npos ? first : whole_number(text.substr(dash + 1), option);
  if (last < first)
    throw invalid_argument(fmt::format("{}: {} falls, wanted a range that rises", option, text));
  if (numbers.size() + static_cast<std::size_t>(last - first) >= kNumberLimit)
    throw invalid_argument(fmt::format("{}: more than {} numbers", option, kNumberLimit));
  for (int number = first; number <= last; ++number) numbers.push_back(number);
}

std::string spread_text(const evaluation::Spread& spread) {
  const std::string deviation = spread.deviation ? fmt::format("{:.2f}", 100 * *spread.deviation) : "-";
  return fmt::format("{:6.2f} +- {:<5}", 100 * spread.mean, deviation);
}

void print_marks(const std::string& name, const evaluation::SpreadMarks& best,
                 const evaluation::SpreadMarks& last) {
  print(fmt::format("{:<26}  {}  {}   {}  {}\n", name, spread_text(best.war), spread_text(best.uar),
                    spread_text(last.war), spread_text(last.uar)));
}

bool has_several_folds(const training::SeriesOutcome& outcome) {
  for (const training::SeriesRun& run : outcome.runs) {
    if (run.fold != outcome.runs.front().fold) return true;
  }
  return false;
}

void print_table(const training::SeriesOutcome& outcome) {
  print(
      fmt::format("test split            best epoch, WAR      UAR               last epoch, WAR      UAR\n"));
  for (const training::SeriesRun& run : outcome.runs) {
    const std::string name =
        run.fold == 0 ? fmt::format("seed {}", run.seed) : fmt::format("seed {} fold {}", run.seed, run.fold);
    print(fmt::format("{:<26}  {:6.2f}           {:6.2f}            {:6.2f}           {:6.2f}\n", name,
                      100 * run.war_best, 100 * run.uar_best, 100 * run.war_last, 100 * run.uar_last));
  }
  if (!has_several_folds(outcome))
    return print_marks("mean +- deviation", outcome.best.runs, outcome.last.runs);
  print_marks("runs, mean +- deviation", outcome.best.runs, outcome.last.runs);
  print_marks("folds averaged, over seeds", outcome.best.averaged, outcome.last.averaged);
  print_marks("folds pooled, over seeds", outcome.best.pooled, outcome.last.pooled);
}

}  // namespace

std::vector<int> number_list(const std::string& text, const std::string& option) {
  std::vector<int> numbers;
  if (text.empty()) return numbers;
  std::string_view rest = text;
  while (true) {
    const std::size_t comma = rest.find(',');
    append_range(numbers, rest.substr(0, comma), option);
    if (comma == std::string_view::npos) return numbers;
    rest.remove_prefix(comma + 1);
  }
}

void print_series(const training::SeriesOutcome& outcome, const std::string& folder, bool json,
                  Context& context) {
  if (outcome.stopped) {
    context.observer.log(fmt::format("stopped after {} of {} runs; go on with: ferv train --resume {}",
                                     outcome.runs.size(), outcome.run_count, folder));
    context.exit_code = kExitStopped;
    return;
  }
  if (json) return print(read_text_file(folder + "/summary.json"));
  print_table(outcome);
  print(fmt::format("deviation: of the sample, n - 1\nwritten: {0}/summary.json, {0}/summary.csv\n", folder));
}

}  // namespace ferv::app

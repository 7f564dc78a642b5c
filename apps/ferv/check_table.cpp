// SPDX-License-Identifier: Apache-2.0
// ferv score --check-table: which figures of a published table cannot come from its test clips.
#include <fmt/format.h>

#include <algorithm>

#include "command.h"
#include "ferv/evaluation/table_check.h"
#include "score.h"

namespace ferv::app {
namespace {

using evaluation::FigureCheck;
using evaluation::TableCheck;
using evaluation::Verdict;

const char* word_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::kPossible:
      return "possible";
    case Verdict::kOnlyIfCut:
      return "only if cut, not rounded";
    case Verdict::kImpossible:
      return "impossible";
  }
  return "";
}

std::int64_t count_of(const TableCheck& check, Verdict verdict) {
  return std::count_if(check.figures.begin(), check.figures.end(),
                       [&](const FigureCheck& one) { return one.verdict == verdict; });
}

void print_check_json(const TableCheck& check) {
  nlohmann::ordered_json json = {{"figures", nlohmann::ordered_json::array()},
                                 {"contradictions", check.contradictions},
                                 {"columns_not_read", check.columns_not_read},
                                 {"uars_not_checked", check.uar_count},
                                 {"masked", check.masked_count},
                                 {"empty", check.empty_count}};
  for (const FigureCheck& one : check.figures)
    json["figures"].push_back({{"method", one.method},
                               {"column", one.column},
                               {"figure", one.figure},
                               {"clips", one.clip_count},
                               {"verdict", word_of(one.verdict)},
                               {"nearest", one.nearest}});
  print(json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n");
}

}  // namespace

bool run_check_table(const ScoreArguments& arguments) {
  const TableCheck check = evaluation::check_table(arguments.check_table, arguments.clips);
  if (arguments.json) {
    print_check_json(check);
    return check.all_can_be();
  }
  print(
      fmt::format("{}: {} figures that are shares of clips: {} possible, {} only if cut off, {} impossible\n",
                  arguments.check_table, check.figures.size(), count_of(check, Verdict::kPossible),
                  count_of(check, Verdict::kOnlyIfCut), count_of(check, Verdict::kImpossible)));
  print(fmt::format(
      "not checked: {} UARs (a mean of seven shares can be nearly any figure), {} masked, {} empty\n",
      check.uar_count, check.masked_count, check.empty_count));
  for (const std::string& name : check.columns_not_read) print("column not read: " + name + "\n");
  for (const FigureCheck& one : check.figures) {
    if (one.verdict == Verdict::kPossible) continue;
    print(fmt::format("{}: {} {} is no k/{}, {} (nearest {:.4f})\n", one.method, one.column, one.figure,
                      one.clip_count, word_of(one.verdict), one.nearest));
  }
  for (const std::string& line : check.contradictions) print(line + "\n");
  std::vector<std::int64_t> counts;
  for (const FigureCheck& one : check.figures) counts.push_back(one.clip_count);
  std::sort(counts.begin(), counts.end());
  counts.erase(std::unique(counts.begin(), counts.end()), counts.end());
  for (const std::int64_t count : counts)
    print(
        fmt::format("of {} clips, {:.0f} % of all figures with two decimals are possible: {}\n", count,
                    100 * evaluation::share_of_possible_figures(count, 2),
                    evaluation::share_of_possible_figures(count, 2) > 0.5 ? "a weak test" : "a strong test"));
  return check.all_can_be();
}

}  // namespace ferv::app

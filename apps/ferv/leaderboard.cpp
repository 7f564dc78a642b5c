// SPDX-License-Identifier: Apache-2.0
// ferv leaderboard: published results on FERV39k, with one's own in place.
#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <nlohmann/json.hpp>

#include "command.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/published.h"
#include "ferv/evaluation/results.h"

namespace ferv::app {
namespace {

constexpr std::size_t kOfficialTestClips = 7847;

struct Entry {
  std::string method;
  std::string war;
  std::string uar;
  std::string protocol;
  std::string source;
};

Entry own_entry(const std::string& file) {
  const evaluation::Results results = evaluation::read_results(file);
  const auto matrix = evaluation::confusion_matrix(results);
  const auto fact = [&](const char* key) {
    const auto found = results.facts.find(key);
    return found == results.facts.end() ? std::string("unknown") : found->second;
  };
  std::string source = file;
  // A figure on other clips than the official test split must not stand among the others unmarked.
  if (results.rows.size() != kOfficialTestClips)
    source += fmt::format(" (NOT comparable: {} clips, the test split has {})", results.rows.size(),
                          kOfficialTestClips);
  return {"> " + fact("model"), fmt::format("{:.2f}", 100 * evaluation::war(matrix)),
          fmt::format("{:.2f}", 100 * evaluation::uar(matrix)), fact("protocol"), source};
}

std::vector<Entry> entries(const std::vector<std::string>& files) {
  std::vector<Entry> all;
  for (const auto& row : evaluation::published_results()) {
    all.push_back({row.method, row.figures[0].war, row.figures[0].uar, "test-selected",
                   fmt::format("{} ({})", row.source, row.year)});
  }
  for (const std::string& file : files) all.push_back(own_entry(file));
  // Masked digits sort by what is known of them: "41.XX" as 41.
  std::stable_sort(all.begin(), all.end(), [](const Entry& a, const Entry& b) {
    return std::atof(a.war.c_str()) > std::atof(b.war.c_str());
  });
  return all;
}

}  // namespace

void add_leaderboard(CLI::App& parent, Context&) {
  struct Arguments {
    std::vector<std::string> files;
    bool json = false;
  };
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* command = parent.add_subcommand("leaderboard", "Published results, with yours in place");
  command->add_option("files", arguments->files, "your result files on the test split");
  command->add_flag("--json", arguments->json, "for machines");
  command->footer("Example: ferv leaderboard results.csv");
  command->callback([arguments] {
    const std::vector<Entry> all = entries(arguments->files);
    if (arguments->json) {
      nlohmann::ordered_json json = nlohmann::ordered_json::array();
      for (const Entry& entry : all) {
        json.push_back({{"method", entry.method},
                        {"war", entry.war},
                        {"uar", entry.uar},
                        {"protocol", entry.protocol},
                        {"source", entry.source}});
      }
      print(json.dump(2) + "\n");
      return;
    }
    print(fmt::format("{:<26} {:>6} {:>6}  {:<14} {}\n", "method", "WAR", "UAR", "protocol", "source"));
    for (const Entry& entry : all)
      print(fmt::format("{:<26} {:>6} {:>6}  {:<14} {}\n", entry.method, entry.war, entry.uar, entry.protocol,
                        entry.source));
  });
}

}  // namespace ferv::app

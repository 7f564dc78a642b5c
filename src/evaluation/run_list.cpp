// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/run_list.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <toml++/toml.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <set>

#include "csv.h"
#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/evaluation/metrics.h"
#include "ferv/evaluation/results.h"

namespace ferv::evaluation {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSettingsLimitBytes = std::size_t{1} << 20;
constexpr std::size_t kMetricsLimitBytes = std::size_t{64} << 20;

/// What may not be looked at is not there for us.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

bool is_folder(const fs::path& path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// What training puts there before config.toml and beside it.
bool is_run(const fs::path& folder) {
  return is_there(folder / "run.lock") ||
         (is_there(folder / "config.toml") && is_there(folder / "checkpoints"));
}

void collect_runs(const fs::path& folder, int depth, std::vector<fs::path>& runs) {
  if (is_run(folder)) {
    runs.push_back(folder);
    return;  // runs do not lie in runs
  }
  if (depth == 0) return;
  std::vector<fs::path> children;
  std::error_code ignored;  // a folder that may not be read holds nothing for us
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory(ignored) && !entry.is_symlink(ignored)) children.push_back(entry.path());
  }
  std::sort(children.begin(), children.end());
  for (const fs::path& child : children) collect_runs(child, depth - 1, runs);
}

bool is_locked(const fs::path& folder) {
  const int lock = ::open((folder / "run.lock").c_str(), O_RDONLY | O_CLOEXEC);
  if (lock < 0) return false;
  const bool is_held = ::flock(lock, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
  ::close(lock);  // and with it our share of the lock
  return is_held;
}

std::string text_of(const toml::node& node) {
  if (const auto value = node.value_exact<std::int64_t>()) return std::to_string(*value);
  if (const auto value = node.value_exact<double>()) return fmt::format("{}", *value);
  if (const auto value = node.value_exact<bool>()) return *value ? "true" : "false";
  return node.value_or(std::string());
}

std::map<std::string, std::string> read_settings(const fs::path& path) {
  std::map<std::string, std::string> settings;
  const std::string text = read_text_file(path, kSettingsLimitBytes);
  try {
    for (const auto& [key, node] : toml::parse(text)) settings.emplace(key.str(), text_of(node));
  } catch (const toml::parse_error& error) {
    throw corrupt_data(path.string() + ":" + std::to_string(error.source().begin.line),
                       "not valid TOML: " + std::string(error.description()));
  }
  return settings;
}

/// Rows of metrics.csv by column name.
class MetricsTable {
 public:
  explicit MetricsTable(const fs::path& path) {
    if (!is_there(path)) return;
    const std::string text = read_text_file(path, kMetricsLimitBytes);
    CsvReader reader(text, path);
    std::vector<std::string> names;
    if (!reader.next(names)) return;
    for (const std::string& name : names) {
      if (!columns_.try_emplace(name).second)
        throw reader.place().error("column '" + name.substr(0, 40) + "' stands twice");
    }
    std::vector<std::string> fields;
    while (reader.next(fields)) {
      if (fields.size() != names.size())
        throw reader.place().error(fmt::format("{} fields, wanted {}", fields.size(), names.size()));
      for (std::size_t i = 0; i < fields.size(); ++i)
        columns_[names[i]].push_back(number(fields[i], reader.place()));
      ++row_count_;
    }
  }

  [[nodiscard]] std::size_t row_count() const { return row_count_; }
  /// Empty for a column that is not there.
  [[nodiscard]] const std::vector<double>& column(const std::string& name) const {
    static const std::vector<double> kNone;
    const auto found = columns_.find(name);
    return found == columns_.end() ? kNone : found->second;
  }

 private:
  static double number(const std::string& field, const CsvPlace& place) {
    double value = 0;
    const auto [end, error] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (error != std::errc() || end != field.data() + field.size())
      throw place.error("'" + field.substr(0, 40) + "' is no number");
    return value;
  }

  std::map<std::string, std::vector<double>> columns_;
  std::size_t row_count_ = 0;
};

std::int64_t whole(const std::string& text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

void read_metrics(RunSummary& run) {
  const MetricsTable metrics(run.folder / "metrics.csv");
  run.epochs_done = static_cast<std::int64_t>(metrics.row_count());
  for (const double seconds : metrics.column("seconds")) run.seconds += seconds;
  const auto& wars = metrics.column("val_war");
  const auto& uars = metrics.column("val_uar");
  if (wars.empty() || uars.empty()) return;
  const auto& chosen = run.setting("select_by") == "uar" ? uars : wars;
  const auto best = std::max_element(chosen.begin(), chosen.end()) - chosen.begin();
  run.best_epoch = best + 1;
  run.validation = {wars[static_cast<std::size_t>(best)], uars[static_cast<std::size_t>(best)]};
}

void read_test(RunSummary& run) {
  const fs::path path = run.folder / "results" / "test.csv";
  if (!is_there(path)) return;
  const ConfusionMatrix matrix = confusion_matrix(read_results(path));
  run.test = {war(matrix), uar(matrix)};
}

void read_files(RunSummary& run) {
  run.settings = read_settings(run.folder / "config.toml");
  run.epochs_planned = whole(run.setting("epochs"));
  read_metrics(run);
  read_test(run);
}

/// Runs of `ferv pretrain` have no test split: they are done with their last epoch.
bool is_done(const RunSummary& run) {
  const bool has_test_split = run.settings.contains("model");
  return has_test_split ? run.test.has_value()
                        : run.epochs_planned > 0 && run.epochs_done >= run.epochs_planned;
}

}  // namespace

std::string_view to_string(RunState state) noexcept {
  switch (state) {
    case RunState::kRunning:
      return "running";
    case RunState::kStopped:
      return "stopped";
    case RunState::kDone:
      return "done";
    case RunState::kDamaged:
      break;
  }
  return "damaged";
}

std::string RunSummary::setting(const std::string& name) const {
  const auto found = settings.find(name);
  return found == settings.end() ? "" : found->second;
}

std::string RunSummary::model() const {
  return settings.contains("model") ? setting("model") : setting("backbone");
}

std::vector<fs::path> find_runs(const fs::path& root, int depth) {
  if (!is_folder(root)) throw not_found(root, "a folder with runs");
  std::vector<fs::path> runs;
  collect_runs(root, depth, runs);
  return runs;
}

RunSummary read_run(const fs::path& folder) {
  if (!is_folder(folder)) throw not_found(folder, "a run folder");
  RunSummary run;
  run.folder = folder;
  const bool is_running = is_locked(folder);
  try {
    read_files(run);
    run.state = is_running ? RunState::kRunning : is_done(run) ? RunState::kDone : RunState::kStopped;
  } catch (const Error& error) {
    run.problem = error.what();
    // A run that begins has no config.toml yet.
    run.state = is_running && run.settings.empty() ? RunState::kRunning : RunState::kDamaged;
  }
  return run;
}

std::vector<SettingDifference> setting_differences(const RunSummary& a, const RunSummary& b) {
  std::set<std::string> names;
  for (const auto& [name, value] : a.settings) names.insert(name);
  for (const auto& [name, value] : b.settings) names.insert(name);
  std::vector<SettingDifference> differences;
  for (const std::string& name : names) {
    if (a.setting(name) != b.setting(name) || a.settings.contains(name) != b.settings.contains(name))
      differences.push_back({name, a.setting(name), b.setting(name)});
  }
  return differences;
}

}  // namespace ferv::evaluation

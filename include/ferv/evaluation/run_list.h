// SPDX-License-Identifier: Apache-2.0
// Run folders as they lie on disk: what each is of, how far it is, what it reached. Reads, never writes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::evaluation {

enum class RunState {
  kRunning,  ///< a process holds its lock
  kStopped,  ///< can be gone on with
  kDone,     ///< all epochs and the final figures are there
  kDamaged,  ///< a file of it cannot be what it should be
};
[[nodiscard]] std::string_view to_string(RunState state) noexcept;  ///< "running", "stopped", ...

struct RunMarks {
  double war = 0;
  double uar = 0;
};

struct RunSummary {
  std::filesystem::path folder;
  RunState state = RunState::kStopped;
  std::string problem;                          ///< of a damaged run: what is wrong, with the file
  std::map<std::string, std::string> settings;  ///< of config.toml, values as text
  std::int64_t epochs_done = 0;
  std::int64_t epochs_planned = 0;
  std::int64_t best_epoch = 0;         ///< counted from 1, 0 before the first
  std::optional<RunMarks> validation;  ///< of the best epoch, on the split that chose it
  std::optional<RunMarks> test;        ///< weights of the best epoch
  double seconds = 0;                  ///< spent on the epochs that are done

  /// A setting's value, or "" where config.toml has none of that name.
  [[nodiscard]] std::string setting(const std::string& name) const;
  /// The zoo row, or the backbone of a run of `ferv pretrain`.
  [[nodiscard]] std::string model() const;
};

/// Folders in `root`, itself included, that hold a run or what is left of one; at most `depth` folders down,
/// by name. Throws kNotFound when `root` is no folder.
[[nodiscard]] std::vector<std::filesystem::path> find_runs(const std::filesystem::path& root, int depth = 4);

/// Files that are damaged make a damaged run, not an exception. Takes the run's lock for as long as it takes
/// to see whether it is free. Throws kNotFound when `folder` is no folder.
[[nodiscard]] RunSummary read_run(const std::filesystem::path& folder);

/// A setting that two runs do not share; "" where one has no such setting.
struct SettingDifference {
  std::string name;
  std::string a;
  std::string b;
};
/// By name.
[[nodiscard]] std::vector<SettingDifference> setting_differences(const RunSummary& a, const RunSummary& b);

}  // namespace ferv::evaluation

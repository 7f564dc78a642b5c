// SPDX-License-Identifier: Apache-2.0
// The folder of one run: who may write it, and the files that a person reads.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "event_file.h"
#include "ferv/base/progress.h"

namespace ferv::training {

/// One line of metrics.csv.
struct EpochMetrics {
  std::int64_t epoch = 0;  ///< counted from 1 in the file
  std::int64_t step = 0;   ///< optimiser steps done; in the events alone
  double learning_rate = 0;
  double train_loss = 0;
  double train_war = 0;
  double train_uar = 0;
  double val_loss = 0;
  double val_war = 0;
  double val_uar = 0;
  double clips_per_s = 0;
  double data_wait_share = 0;
  double seconds = 0;
  double left_s = 0;  ///< until the last epoch is done; in log.jsonl alone
};

/// One point of the loss curve.
struct StepMetrics {
  std::int64_t step = 0;  ///< optimiser steps done
  double loss = 0;        ///< mean over the clips of this step
  double learning_rate = 0;
};

/// Holds the folder's lock for its lifetime: a second writer is refused.
class RunFolder {
 public:
  /// Makes a new run; throws kInvalidArgument when `path` holds one already, or other files.
  static RunFolder create(const std::filesystem::path& path);
  /// Opens a run to go on with; throws kNotFound when there is none.
  static RunFolder open(const std::filesystem::path& path);
  /// The run that another process of the same job writes: nothing is opened, locked or written here.
  static RunFolder of_another_process(const std::filesystem::path& path);
  ~RunFolder();
  RunFolder(RunFolder&& other) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;

  /// False for a run that another process writes: record_...() and log() then do nothing.
  [[nodiscard]] bool is_writer() const { return is_writer_; }
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  [[nodiscard]] std::filesystem::path weights(const std::string& name) const {
    return path_ / "weights" / (name + ".safetensors");
  }
  [[nodiscard]] std::filesystem::path results(const std::string& name) const {
    return path_ / "results" / (name + ".csv");
  }

  /// Begins this process's TensorBoard events, which make void what earlier ones hold of `first_step` and
  /// later.
  void begin_events(std::int64_t first_step);
  void record_step(const StepMetrics& metrics);
  /// Rewrites metrics.csv with the rows of epochs before this one, and this one; tells the events, too.
  void record_epoch(const EpochMetrics& metrics);
  /// The same for other columns: `header` begins with epoch, `values` are what follows it.
  void record_row(const std::string& header, std::int64_t epoch, const std::string& values);
  /// Appends a line of JSON to log.jsonl.
  void log(const std::string& event, const std::string& text);
  /// The same for the end of an epoch, with the figures as numbers beside the text.
  void log_epoch(const EpochMetrics& metrics, const std::string& text);
  /// report.html of what lies there. A run is done and its figures are right though its page cannot be drawn:
  /// that is a warning.
  void write_report(const Observer& observer) const;

 private:
  struct Unlocked {};
  explicit RunFolder(std::filesystem::path path);
  RunFolder(std::filesystem::path path, Unlocked) : path_(std::move(path)), is_writer_(false) {}
  std::filesystem::path path_;
  bool is_writer_ = true;
  int lock_ = -1;
  std::unique_ptr<EventFile> events_;  ///< null before begin_events()
};

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "run_folder.h"

#include <fcntl.h>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/evaluation/report.h"

namespace ferv::training {
namespace {

namespace fs = std::filesystem;

constexpr const char* kMetricsHeader =
    "epoch,learning_rate,train_loss,train_war,train_uar,val_loss,val_war,val_uar,clips_per_s,data_wait_share,"
    "seconds";

nlohmann::ordered_json log_line(const std::string& event, const std::string& text) {
  const auto now = std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now());
  return {{"time", fmt::format("{:%FT%TZ}", fmt::gmtime(now))}, {"event", event}, {"text", text}};
}

void append_log(const fs::path& path, const nlohmann::ordered_json& line) {
  std::ofstream file(path, std::ios::app);
  file << line.dump() << "\n";
  file.flush();
  if (!file) throw io_error(path, "cannot write", errno);
}

/// The system drops this lock when the process ends, however it ends. `ferv runs` takes it for a moment to
/// see whether it is free: tried twice, so that a look at a run never keeps it from starting.
bool takes_lock(int file) {
  if (::flock(file, LOCK_EX | LOCK_NB) == 0) return true;
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return ::flock(file, LOCK_EX | LOCK_NB) == 0;
}

}  // namespace

RunFolder::RunFolder(fs::path path) : path_(std::move(path)) {
  const fs::path lock_path = path_ / "run.lock";
  lock_ = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (lock_ < 0) throw io_error(lock_path, "cannot create", errno);
  if (!takes_lock(lock_)) {
    ::close(lock_);
    lock_ = -1;
    throw failed(path_.string() + ": another process writes this run");
  }
}

RunFolder::RunFolder(RunFolder&& other) noexcept
    : path_(std::move(other.path_)),
      is_writer_(other.is_writer_),
      lock_(std::exchange(other.lock_, -1)),
      events_(std::move(other.events_)) {}

RunFolder::~RunFolder() {
  if (lock_ >= 0) ::close(lock_);
}

RunFolder RunFolder::create(const fs::path& path) {
  if (fs::exists(path / "config.toml")) {
    throw invalid_argument(path.string() +
                           ": holds a run already; go on with --resume, or choose another folder");
  }
  if (fs::exists(path) && !fs::is_empty(path))
    throw invalid_argument(path.string() + ": is not empty, wanted a new folder for the run");
  make_folder(path / "checkpoints");
  return RunFolder(path);
}

RunFolder RunFolder::open(const fs::path& path) {
  if (!fs::exists(path / "config.toml")) throw not_found(path / "config.toml", "a run to go on with");
  return RunFolder(path);
}

RunFolder RunFolder::of_another_process(const fs::path& path) {
  return {path, Unlocked{}};
}

void RunFolder::begin_events(std::int64_t first_step) {
  if (!is_writer_) return;
  events_ = std::make_unique<EventFile>(path_, first_step);
}

void RunFolder::record_step(const StepMetrics& metrics) {
  if (!events_) return;
  const Scalar scalars[] = {{"loss/step", metrics.loss}, {"learning_rate", metrics.learning_rate}};
  events_->add(metrics.step, scalars);
}

void RunFolder::record_epoch(const EpochMetrics& metrics) {
  record_row(kMetricsHeader, metrics.epoch,
             fmt::format("{:.8g},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.6f},{:.2f},{:.4f},{:.1f}",
                         metrics.learning_rate, metrics.train_loss, metrics.train_war, metrics.train_uar,
                         metrics.val_loss, metrics.val_war, metrics.val_uar, metrics.clips_per_s,
                         metrics.data_wait_share, metrics.seconds));
  if (!events_) return;
  const Scalar scalars[] = {{"epoch", static_cast<double>(metrics.epoch)},
                            {"loss/train", metrics.train_loss},
                            {"loss/val", metrics.val_loss},
                            {"WAR/train", metrics.train_war},
                            {"WAR/val", metrics.val_war},
                            {"UAR/train", metrics.train_uar},
                            {"UAR/val", metrics.val_uar},
                            {"speed/clips_per_s", metrics.clips_per_s},
                            {"speed/data_wait_share", metrics.data_wait_share},
                            {"speed/epoch_s", metrics.seconds}};
  events_->add(metrics.step, scalars);
}

void RunFolder::record_row(const std::string& header, std::int64_t epoch, const std::string& values) {
  if (!is_writer_) return;
  const fs::path file = path_ / "metrics.csv";
  std::string text = header + "\n";
  if (fs::exists(file)) {
    std::istringstream lines(read_text_file(file));
    std::string line;
    std::getline(lines, line);
    // After a resume the epoch may stand there already: it is written anew.
    while (std::getline(lines, line) && std::atoll(line.c_str()) < epoch) text += line + "\n";
  }
  write_file_atomically(file, text + std::to_string(epoch) + "," + values + "\n");
}

void RunFolder::write_report(const Observer& observer) const {
  if (!is_writer_) return;
  try {
    write_file_atomically(path_ / "report.html",
                          evaluation::render_report(evaluation::read_report_input(path_)));
  } catch (const Error& error) {
    observer.warn(fmt::format("report.html is not written: {}", error.what()));
  }
}

void RunFolder::log(const std::string& event, const std::string& text) {
  if (!is_writer_) return;
  append_log(path_ / "log.jsonl", log_line(event, text));
}

void RunFolder::log_epoch(const EpochMetrics& metrics, const std::string& text) {
  if (!is_writer_) return;
  nlohmann::ordered_json line = log_line("epoch", text);
  line.update({{"epoch", metrics.epoch},
               {"step", metrics.step},
               {"learning_rate", metrics.learning_rate},
               {"train_loss", metrics.train_loss},
               {"train_war", metrics.train_war},
               {"train_uar", metrics.train_uar},
               {"val_loss", metrics.val_loss},
               {"val_war", metrics.val_war},
               {"val_uar", metrics.val_uar},
               {"clips_per_s", metrics.clips_per_s},
               {"data_wait_share", metrics.data_wait_share},
               {"seconds", metrics.seconds},
               {"left_s", metrics.left_s}});
  append_log(path_ / "log.jsonl", line);
}

}  // namespace ferv::training

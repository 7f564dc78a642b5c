// SPDX-License-Identifier: Apache-2.0
#include "progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

namespace ferv::app {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{100};
constexpr std::chrono::seconds kPlainInterval{10};

std::string duration_text(double seconds) {
  const auto whole = static_cast<long long>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

}  // namespace

ProgressDisplay::ProgressDisplay() : is_terminal_(::isatty(STDERR_FILENO) == 1) {}

ProgressDisplay::~ProgressDisplay() {
  erase_live_line();
}

void ProgressDisplay::erase_live_line() {
  if (!live_line_shown_) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  live_line_shown_ = false;
}

void ProgressDisplay::log(LogLevel level, std::string_view text) {
  const std::lock_guard lock(mutex_);
  erase_live_line();
  fmt::print(stderr, "{}{}\n", level == LogLevel::kWarning ? "warning: " : "", text);
}

std::string ProgressDisplay::describe(const ProgressEvent& event) {
  const double elapsed_s = std::chrono::duration<double>(Clock::now() - task_start_).count();
  const std::uint64_t since_start = event.done - std::min(event.done, first_done_);
  const double rate = elapsed_s > 0 ? static_cast<double>(since_start) / elapsed_s : 0.0;
  std::string text = std::string(event.task);
  if (event.total > 0) {
    text += fmt::format("  {}/{} {}", event.done, event.total, event.unit);
  } else {
    text += fmt::format("  {} {}", event.done, event.unit);
  }
  if (rate > 0) text += fmt::format("  {:.{}f}/s", rate, rate < 10 ? 1 : 0);
  if (rate > 0 && event.total > event.done) {
    text += fmt::format("  {} left", duration_text(static_cast<double>(event.total - event.done) / rate));
  }
  if (!event.detail.empty()) text += fmt::format("  {}", event.detail);
  return text;
}

void ProgressDisplay::progress(const ProgressEvent& event) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (event.task != task_) {
    task_ = event.task;
    task_start_ = now;
    first_done_ = event.done;
    // A short task needs no plain line; a terminal shows it at once.
    last_shown_ = is_terminal_ ? Clock::time_point{} : now;
  }
  const bool finished = event.total > 0 && event.done >= event.total;
  if (is_terminal_) {
    if (!finished && now - last_shown_ < kTerminalInterval) return;
    fmt::print(stderr, "\r\033[K{}", describe(event).substr(0, terminal_width() - 1));
    std::fflush(stderr);
    live_line_shown_ = true;
    last_shown_ = now;
    if (finished) erase_live_line();
    return;
  }
  if (now - last_shown_ < kPlainInterval) return;
  fmt::print(stderr, "{}\n", describe(event));
  last_shown_ = now;
}

}  // namespace ferv::app

// SPDX-License-Identifier: Apache-2.0
#include "progress_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "ferv/base/stopwatch.h"

namespace ferv::app {
namespace {

constexpr std::chrono::milliseconds kTerminalInterval{100};
constexpr std::chrono::seconds kPlainInterval{10};

std::size_t terminal_width() {
  winsize size{};
  return ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : 80;
}

void remove_all(std::string& text, std::string_view part, std::string_view instead) {
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at))
    text.replace(at, part.size(), instead);
}

}  // namespace

std::string shown(std::string text) {
  const auto is_command = [](unsigned char byte) { return (byte < 0x20 && byte != '\n') || byte == 0x7f; };
  std::replace_if(text.begin(), text.end(), is_command, '?');
  return text;
}

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
  fmt::print(stderr, "{}{}\n", level == LogLevel::kWarning ? "warning: " : "", shown(std::string(text)));
}

std::string ProgressDisplay::describe(const ProgressEvent& event, std::size_t width) {
  const double elapsed_s = std::chrono::duration<double>(Clock::now() - task_start_).count();
  const std::uint64_t since_start = event.done - std::min(event.done, first_done_);
  const double rate = elapsed_s > 0 ? static_cast<double>(since_start) / elapsed_s : 0.0;
  const std::string task(event.task);
  const std::string counts = event.total > 0 ? fmt::format("  {}/{} {}", event.done, event.total, event.unit)
                                             : fmt::format("  {} {}", event.done, event.unit);
  std::string rest;
  if (rate > 0) rest += fmt::format("  {:.{}f}/s", rate, rate < 10 ? 1 : 0);
  if (rate > 0 && event.total > event.done) {
    rest += fmt::format("  {} left", duration_text(static_cast<double>(event.total - event.done) / rate));
  }
  if (!event.detail.empty()) rest += fmt::format("  {}", event.detail);
  if (task.size() + counts.size() + rest.size() <= width) return task + counts + rest;
  // Eighty columns hold what matters of a training, but not its counts and not every word.
  for (const auto& [part, instead] : {std::pair{"  ", " "}, {" left", ""}, {"data wait", "wait"}})
    remove_all(rest, part, instead);
  return (task + rest).substr(0, width);
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
    fmt::print(stderr, "\r\033[K{}", shown(describe(event, terminal_width() - 1)));
    std::fflush(stderr);
    live_line_shown_ = true;
    last_shown_ = now;
    if (finished) erase_live_line();
    return;
  }
  if (now - last_shown_ < kPlainInterval) return;
  fmt::print(stderr, "{}\n", shown(describe(event, std::string::npos)));
  last_shown_ = now;
}

}  // namespace ferv::app

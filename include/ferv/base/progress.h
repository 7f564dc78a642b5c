// SPDX-License-Identifier: Apache-2.0
// How the library speaks while it works: it never prints; a program decides what a person sees.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace ferv {

enum class LogLevel { kInfo, kWarning };

/// One step of long work. Sent often; a sink limits how often it draws.
struct ProgressEvent {
  std::string_view task;    ///< what is done, e.g. "train epoch 3/20"
  std::uint64_t done = 0;   ///< of `total`, in `unit`
  std::uint64_t total = 0;  ///< 0 when not known
  std::string_view unit;    ///< "clips", "frames"
  std::string_view detail;  ///< short free text, e.g. "loss 1.23  WAR 45.1"
};

/// Where long work reports to and learns that it should stop. Cheap to copy; default: silent, never stops.
/// The functions may be called from several threads at once only if they themselves allow it; ferv calls
/// them from the thread that called into the library.
struct Observer {
  std::function<void(LogLevel, std::string_view)> log_sink;
  std::function<void(const ProgressEvent&)> progress_sink;
  const std::atomic<bool>* stop_requested = nullptr;

  void log(std::string_view text) const {
    if (log_sink) log_sink(LogLevel::kInfo, text);
  }
  void warn(std::string_view text) const {
    if (log_sink) log_sink(LogLevel::kWarning, text);
  }
  void progress(const ProgressEvent& event) const {
    if (progress_sink) progress_sink(event);
  }
  [[nodiscard]] bool should_stop() const { return stop_requested != nullptr && stop_requested->load(); }
};

}  // namespace ferv

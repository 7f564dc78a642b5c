// SPDX-License-Identifier: Apache-2.0
#include "rank_watch.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/base/joined.h"

namespace ferv::nn {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds kBeatInterval{200};
constexpr milliseconds kLookInterval{50};
constexpr milliseconds kSilenceOfTheDead{2000};  // ten beats: a busy machine delays one, not ten
constexpr milliseconds kDiagnosisLimit{5000};
constexpr milliseconds kFarewellLimit{3000};

std::vector<std::uint8_t> bytes_of(std::string_view text) {
  return {text.begin(), text.end()};
}

std::string own_name(int rank) {
  char host[256] = "unknown host";
  (void)::gethostname(host, sizeof host - 1);
  return "rank " + std::to_string(rank) + " (" + host + ", process " + std::to_string(::getpid()) + ")";
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%g s", seconds);
  return text;
}

/// What a rank says of itself with every beat.
struct Beat {
  std::uint64_t number = 0;     ///< of beats
  std::uint64_t exchanges = 0;  ///< that it has come to
  Clock::time_point seen;       ///< when `number` last changed
};

}  // namespace

/// Shared with the thread, which is left alone when the network never lets go of it.
struct RankWatch::State {
  c10::intrusive_ptr<c10d::Store> store;
  RankEnvironment environment;
  double timeout_s = 0;
  std::vector<std::string> names;

  std::atomic<std::uint64_t> exchanges{0};
  std::atomic<bool> in_trouble{false};
  std::atomic<bool> end_expected{false};

  mutable std::mutex mutex;
  std::condition_variable changed;
  bool stopping = false;
  bool ended = false;
  bool waited_in_vain = false;
  std::string symptom;
  std::string verdict;  ///< "" until it is known
  std::thread thread;

  [[nodiscard]] std::string own_key(const char* what) const { return key(what, environment.rank); }
  [[nodiscard]] static std::string key(const char* what, int rank) {
    return std::string(what) + "/" + std::to_string(rank);
  }
  void put(const std::string& name, std::string_view text) const { store->set(name, bytes_of(text)); }
  [[nodiscard]] std::string take(const std::string& name) const {
    const std::vector<std::uint8_t> bytes = store->get(name);
    return {bytes.begin(), bytes.end()};
  }
  [[nodiscard]] bool has(const std::string& name) const { return store->check({name}); }

  void meet() {
    put(own_key("name"), own_name(environment.rank));
    put(own_key("beat"), "0 0");
    const Clock::time_point start = Clock::now();
    names.resize(static_cast<std::size_t>(environment.size));
    for (int rank = 0; rank < environment.size; ++rank) {
      while (!has(key("name", rank))) {
        if (Clock::now() - start > std::chrono::duration<double>(timeout_s)) throw_missing();
        std::this_thread::sleep_for(kLookInterval);
      }
      names[static_cast<std::size_t>(rank)] = take(key("name", rank));
    }
  }

  [[noreturn]] void throw_missing() const {
    std::vector<std::string> missing;
    for (int rank = 0; rank < environment.size; ++rank) {
      if (!has(key("name", rank))) missing.push_back("rank " + std::to_string(rank));
    }
    throw failed(joined(missing, ", ") + " of " + std::to_string(environment.size) + " did not come to " +
                 master_address(environment) + " within " + seconds_text(timeout_s));
  }

  /// The thread: beats, and looks whether anybody has met trouble.
  void watch() {
    std::uint64_t number = 0;
    std::unique_lock lock(mutex);
    while (!stopping) {
      lock.unlock();
      std::string found;
      try {
        put(own_key("beat"), std::to_string(++number) + " " + std::to_string(exchanges.load()));
        if (in_trouble || has("trouble")) {
          in_trouble = true;
          found = diagnose(number);
          if (!has("blame")) put("blame", found);
          put(own_key("farewell"), "");
        }
      } catch (const std::exception&) {
        if (end_expected) {
          break_off();
        } else {
          in_trouble = true;
          if (found.empty()) found = loss_of_store();
        }
      }
      lock.lock();
      if (!found.empty()) {
        verdict = found;
        changed.notify_all();
        break;
      }
      changed.wait_for(lock, kBeatInterval, [&] { return stopping || in_trouble.load(); });
    }
    // Beats go on for the others' sake until this rank leaves.
    while (!stopping) {
      lock.unlock();
      try {
        put(own_key("beat"), std::to_string(++number) + " " + std::to_string(exchanges.load()));
      } catch (const std::exception&) {
        // Nobody is there to be told.
      }
      lock.lock();
      changed.wait_for(lock, kBeatInterval, [&] { return stopping; });
    }
    ended = true;
    changed.notify_all();
  }

  /// Nothing is left to watch.
  void break_off() {
    const std::lock_guard lock(mutex);
    stopping = true;
  }

  [[nodiscard]] std::string loss_of_store() const {
    if (environment.launcher_serves_port)
      return "the launcher has ended: its port " + std::to_string(environment.master_port) + " is closed";
    return names[0] + " has ended: " + master_address(environment) +
           ", which it served, does not answer any more";
  }

  /// Looks at the beats of all ranks until somebody's fault is clear. Beats meanwhile, from `number` on.
  std::string diagnose(std::uint64_t& number) {
    put("trouble", "");
    std::vector<Beat> beats(names.size());
    const Clock::time_point start = Clock::now();
    for (Beat& beat : beats) beat.seen = start;
    while (true) {
      put(own_key("beat"), std::to_string(++number) + " " + std::to_string(exchanges.load()));
      if (has("blame")) return take("blame");  // one sentence for all ranks
      if (const std::string reason = announced(); !reason.empty()) return reason;
      const std::string silent = look(beats);
      if (!silent.empty()) return silent;
      const Clock::duration passed = Clock::now() - start;
      // Whoever is alive has beaten by now.
      if (passed > kSilenceOfTheDead + 2 * kBeatInterval) {
        if (const std::string late = latecomers(beats); !late.empty()) return late;
      }
      if (passed > kDiagnosisLimit) return symptom_text();
      std::this_thread::sleep_for(kLookInterval);
    }
  }

  [[nodiscard]] std::string announced() const {
    for (int rank = 0; rank < environment.size; ++rank) {
      if (has(key("failure", rank)))
        return names[static_cast<std::size_t>(rank)] + " has failed: " + take(key("failure", rank));
    }
    return "";
  }

  /// Reads all beats; says who has been silent for too long.
  [[nodiscard]] std::string look(std::vector<Beat>& beats) const {
    std::vector<std::string> silent;
    const Clock::time_point now = Clock::now();
    for (std::size_t rank = 0; rank < beats.size(); ++rank) {
      const std::string text = take(key("beat", static_cast<int>(rank)));
      char* end = nullptr;
      const std::uint64_t number = std::strtoull(text.c_str(), &end, 10);
      beats[rank].exchanges = std::strtoull(end, nullptr, 10);
      if (number != beats[rank].number) {
        beats[rank].number = number;
        beats[rank].seen = now;
      }
      if (now - beats[rank].seen > kSilenceOfTheDead) silent.push_back(names[rank]);
    }
    if (silent.empty()) return "";
    return joined(silent, ", ") + (silent.size() == 1 ? " has" : " have") + " died or " +
           (silent.size() == 1 ? "is" : "are") + " out of reach";
  }

  /// Living ranks that have not come to an exchange in which this one has waited for the whole time-out.
  [[nodiscard]] std::string latecomers(const std::vector<Beat>& beats) {
    {
      const std::lock_guard lock(mutex);
      if (!waited_in_vain) return "";
    }
    std::vector<std::string> late;
    for (std::size_t rank = 0; rank < beats.size(); ++rank) {
      if (beats[rank].exchanges < exchanges.load()) late.push_back(names[rank]);
    }
    if (late.empty()) return "";
    return joined(late, ", ") + " did not come within " + seconds_text(timeout_s) +
           " to an exchange that the others wait in";
  }

  [[nodiscard]] std::string symptom_text() {
    const std::lock_guard lock(mutex);
    return own_name(environment.rank) + " cannot reach the other ranks" +
           (symptom.empty() ? "" : ": " + symptom);
  }

  /// Until all living ranks know whom to blame: they learn it from the store that this process serves.
  void wait_for_farewells() const {
    const Clock::time_point start = Clock::now();
    try {
      for (int rank = 0; rank < environment.size; ++rank) {
        while (!has(key("farewell", rank)) && !has(key("failure", rank))) {
          if (Clock::now() - start > kFarewellLimit) return;
          std::this_thread::sleep_for(kLookInterval);
        }
      }
    } catch (const std::exception&) {
      // Then nobody can be waited for.
    }
  }
};

RankWatch::RankWatch(c10::intrusive_ptr<c10d::Store> store, const RankEnvironment& environment,
                     double timeout_s)
    : state_(std::make_shared<State>()) {
  state_->store = std::move(store);
  state_->environment = environment;
  state_->timeout_s = timeout_s;
  try {
    state_->meet();
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    // Rank 0 is gone, or it could not serve the port because another program has it.
    throw failed("rank " + std::to_string(environment.rank) + " found no rank 0 at " +
                 master_address(environment) + " (MASTER_PORT chooses another port): " + error.what());
  }
  state_->thread = std::thread([state = state_] { state->watch(); });
}

RankWatch::~RankWatch() {
  State& state = *state_;
  if (state.in_trouble && state.environment.rank == 0 && !state.environment.launcher_serves_port)
    state.wait_for_farewells();
  std::unique_lock lock(state.mutex);
  state.stopping = true;
  state.changed.notify_all();
  const bool ended = state.changed.wait_for(lock, kFarewellLimit, [&] { return state.ended; });
  lock.unlock();
  if (ended) {
    state.thread.join();
  } else {
    state.thread.detach();
  }
}

void RankWatch::enter_exchange() {
  ++state_->exchanges;
}

bool RankWatch::is_in_trouble() const {
  return state_->in_trouble;
}

void RankWatch::announce_failure(std::string_view reason) noexcept {
  State& state = *state_;
  try {
    state.put(state.own_key("failure"), reason);
    state.put("trouble", "");
    state.in_trouble = true;
    state.changed.notify_all();
  } catch (const std::exception&) {
    // The others will find out by the silence of this rank.
  }
}

std::string RankWatch::explain(const std::string& symptom, bool waited_in_vain) {
  State& state = *state_;
  std::unique_lock lock(state.mutex);
  state.symptom = symptom;
  state.waited_in_vain = waited_in_vain;
  state.in_trouble = true;
  state.changed.notify_all();
  if (state.changed.wait_for(lock, kDiagnosisLimit + kFarewellLimit, [&] { return !state.verdict.empty(); }))
    return state.verdict;
  return state.loss_of_store();
}

void RankWatch::expect_the_end() {
  state_->end_expected = true;
}

}  // namespace ferv::nn

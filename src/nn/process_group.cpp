// SPDX-License-Identifier: Apache-2.0
// Calls c10d, and is the only file that does: its classes moved between LibTorch 1.13 and 2.x.
#include "process_group.h"

#ifndef USE_C10D_GLOO
#define USE_C10D_GLOO 1
#endif
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#ifdef FERV_HAS_NCCL
#define USE_C10D_NCCL 1
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <utility>

#include "ferv/base/error.h"
#include "ferv/base/stopwatch.h"
#include "ferv/nn/communicator.h"
#include "ferv/nn/device.h"
#include "rank_watch.h"

namespace ferv::nn {
namespace {

using std::chrono::milliseconds;
using Work = c10::intrusive_ptr<c10d::Work>;

/// How long one wait lasts before this rank looks whether another has met trouble.
constexpr milliseconds kPatience{1000};

milliseconds milliseconds_of(double seconds) {
  return milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// The sentence of an exception of LibTorch, without its trace of calls.
std::string sentence_of(const std::exception& error) {
  const auto* of_torch = dynamic_cast<const c10::Error*>(&error);
  const std::string text = of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
  return text.substr(0, text.find('\n'));
}

/// LibTorch 2.4 made a server over libuv the default, which Debian's is not built with. Older ones have no
/// such choice.
template <typename Options>
void choose_plain_server(Options& options) {
  if constexpr (requires { options.useLibUV; }) options.useLibUV = false;
}

c10::intrusive_ptr<c10d::Store> open_store(const RankEnvironment& environment, double timeout_s) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(environment.master_port);
  options.isServer = environment.rank == 0 && !environment.launcher_serves_port;
  options.waitWorkers = false;
  choose_plain_server(options);
  options.timeout = milliseconds_of(std::ceil(timeout_s));  // it cuts off parts of a second
  try {
    auto store = c10::make_intrusive<c10d::TCPStore>(environment.master_host, options);
    return c10::make_intrusive<c10d::PrefixStore>("ferv/attempt_" + environment.attempt, store);
  } catch (const std::exception& error) {
    throw failed("rank " + std::to_string(environment.rank) +
                 (options.isServer ? " cannot serve " : " found no rank 0 at ") +
                 master_address(environment) + " (MASTER_PORT chooses another port): " + sentence_of(error));
  }
}

std::shared_ptr<::gloo::transport::Device> gloo_device(const RankEnvironment& environment) {
  using Gloo = c10d::ProcessGroupGloo;
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"); interface != nullptr)
    return Gloo::createDeviceForInterface(interface);
  return is_on_one_machine(environment) ? Gloo::createDeviceForHostname("127.0.0.1")
                                        : Gloo::createDefaultDevice();
}

class TorchProcessGroup : public ProcessGroup {
 public:
  TorchProcessGroup(const RankEnvironment& environment, double timeout_s)
      : timeout_s_(timeout_s),
        store_(open_store(environment, timeout_s)),
        watch_(store_, environment, timeout_s) {
    auto options = c10d::ProcessGroupGloo::Options::create(milliseconds_of(timeout_s));
    try {
      options->devices.push_back(gloo_device(environment));
      gloo_ =
          c10::make_intrusive<c10d::ProcessGroupGloo>(c10::make_intrusive<c10d::PrefixStore>("gloo", store_),
                                                      environment.rank, environment.size, options);
#ifdef FERV_HAS_NCCL
      // It refuses machines without a GPU; their tensors go over Gloo.
      if (visible_gpus().gpu_count > 0) {
        nccl_ = c10::make_intrusive<c10d::ProcessGroupNCCL>(
            c10::make_intrusive<c10d::PrefixStore>("nccl", store_), environment.rank, environment.size);
      }
#endif
    } catch (const std::exception& error) {
      fail(sentence_of(error), false);
    }
  }

  ~TorchProcessGroup() override {
    let_go_if_failed();
  }

  void sum(std::vector<at::Tensor> tensors) override {
    exchange(tensors, [](auto& group, std::vector<at::Tensor>& one) { return group.allreduce(one); });
  }

  void broadcast(const std::vector<at::Tensor>& tensors) override {
    exchange(tensors, [](auto& group, std::vector<at::Tensor>& one) { return group.broadcast(one); });
  }

  void announce_failure(std::string_view reason) noexcept override {
    if (has_failed_) return;
    has_failed_ = true;
    watch_.announce_failure(reason);
  }

  void leave() override {
    at::Tensor nothing = at::zeros({1});
    watch_.expect_the_end();
    sum({nothing});
  }

 private:
  /// Starts all, then waits for all: they travel at the same time.
  template <typename Start>
  void exchange(const std::vector<at::Tensor>& tensors, Start&& start) {
    if (has_failed_) throw failed("the ranks have lost each other; start the job again");
    watch_.enter_exchange();
    const Stopwatch started;
    std::vector<Work> works;
    try {
      for (const at::Tensor& tensor : tensors) {
        if (tensor.numel() == 0) continue;
        std::vector<at::Tensor> one{tensor.detach()};
#ifdef FERV_HAS_NCCL
        if (tensor.is_cuda()) {
          works.push_back(start(*nccl_, one));
          continue;
        }
#endif
        works.push_back(start(*gloo_, one));
      }
    } catch (const std::exception& error) {
      fail(sentence_of(error), false);
    }
    for (const Work& work : works) wait_for(*work, started);
  }

  void wait_for(c10d::Work& work, const Stopwatch& started) {
    while (true) {
      const double left_s = timeout_s_ - started.seconds();
      try {
        work.wait(std::clamp(milliseconds_of(left_s), milliseconds(1), kPatience));
        return;
      } catch (const std::exception& error) {
        // Gloo gives up by itself after the same time-out, perhaps a moment before this loop does.
        const bool in_vain = timeout_s_ - started.seconds() < 0.2;
        if (work.isCompleted() || watch_.is_in_trouble() || in_vain) fail(sentence_of(error), in_vain);
      }
    }
  }

  [[noreturn]] void fail(const std::string& symptom, bool waited_in_vain) {
    has_failed_ = true;
    throw failed(watch_.explain(symptom, waited_in_vain));
  }

  /// Its destructor would wait for exchanges that never end: the process ends instead.
  void let_go_if_failed() {
    if (has_failed_) (void)gloo_.release();
#ifdef FERV_HAS_NCCL
    if (has_failed_) (void)nccl_.release();
#endif
  }

  double timeout_s_;
  bool has_failed_ = false;
  c10::intrusive_ptr<c10d::Store> store_;
  RankWatch watch_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> gloo_;
#ifdef FERV_HAS_NCCL
  c10::intrusive_ptr<c10d::ProcessGroupNCCL> nccl_;
#endif
};

}  // namespace

bool has_process_groups() {
  return true;
}

std::unique_ptr<ProcessGroup> make_process_group(const RankEnvironment& environment, double timeout_s) {
  if (!(timeout_s > 0)) throw invalid_argument("the time-out of ranks is not above 0 s");
  return std::make_unique<TorchProcessGroup>(environment, timeout_s);
}

}  // namespace ferv::nn

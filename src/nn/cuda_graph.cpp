// SPDX-License-Identifier: Apache-2.0
// CUDA graphs, in builds whose LibTorch has CUDA; the only file that includes CUDA's own headers.
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/torch.h>

#include <exception>
#include <memory>
#include <string>

#include "ferv/base/error.h"
#include "ferv/nn/device.h"
#include "ferv/nn/repeated_work.h"

namespace ferv::nn {
namespace {

/// LibTorch before 2.1 forbids all threads of the process what a recording forbids: the loader's would fail
/// when they take page-locked memory meanwhile.
template <typename Graph>
concept RecordsOneThread = requires(Graph& graph) {
  graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
};

template <typename Graph>
void begin_recording(Graph& graph) {
  if constexpr (RecordsOneThread<Graph>) graph.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
}

class CudaGraphRecorder : public GraphRecorder {
 public:
  explicit CudaGraphRecorder(torch::Device device)
      : device_(device), stream_(at::cuda::getStreamFromPool(/*isHighPriority=*/false, device.index())) {}

  void rehearse(const std::function<void()>& work) override {
    // Memory that one stream frees and another still reads: waiting for both is the plain way out, and this
    // happens a few times a run.
    wait_for(device_);
    {
      const c10::cuda::CUDAStreamGuard guard(stream_);
      work();
    }
    wait_for(device_);
  }

  void record(const std::function<void()>& work) override {
    graph_ = std::make_unique<at::cuda::CUDAGraph>();
    wait_for(device_);
    const c10::cuda::CUDAStreamGuard guard(stream_);
    begin_recording(*graph_);
    try {
      work();
    } catch (const std::exception& error) {
      give_up(error.what());
    }
    try {
      graph_->capture_end();
    } catch (const std::exception& error) {
      give_up(error.what());
    }
  }

  void replay() override { graph_->replay(); }

 private:
  [[noreturn]] void give_up(const std::string& reason) {
    try {
      graph_->capture_end();
    } catch (const std::exception&) {
      // Already over: what ended it is the reason.
    }
    graph_.reset();
    throw failed("the work on " + device_.str() +
                 " cannot be recorded as a CUDA graph (cuda_graphs=false does without): " +
                 reason.substr(0, reason.find('\n')));
  }

  torch::Device device_;
  c10::cuda::CUDAStream stream_;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace

std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device device) {
  if (!device.is_cuda()) throw unsupported("CUDA graphs are asked for on " + device.str() + ", wanted a GPU");
  if constexpr (!RecordsOneThread<at::cuda::CUDAGraph>)
    throw unsupported("CUDA graphs need LibTorch 2.1 or newer; this build has an older one");
  return std::make_unique<CudaGraphRecorder>(device);
}

}  // namespace ferv::nn

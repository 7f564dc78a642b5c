// SPDX-License-Identifier: Apache-2.0
// The same calculation on tensors of the same shapes, again and again, as one CUDA graph: a GPU is told once
// what to do, and then only to do it again, instead of being told of each operation.
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <vector>

namespace ferv::nn {

/// Writes down what a device is told to do. Calls throw kFailed where the device cannot do what it is asked.
class GraphRecorder {
 public:
  virtual ~GraphRecorder() = default;

  /// Calls `work` as record() will, but lets the device carry it out: libraries choose their algorithms and
  /// take their memory when they are first used, which cannot be recorded.
  virtual void rehearse(const std::function<void()>& work) = 0;
  /// Calls `work`; the device notes what it is told and does not do it. Tensors that `work` makes have values
  /// only after replay(), always in the same memory. What was recorded before is forgotten.
  virtual void record(const std::function<void()>& work) = 0;
  /// Lets the device do what was recorded, on what now lies in the memory that it was recorded with.
  virtual void replay() = 0;
};

/// Throws kUnsupported for a device that is no GPU, and in a build whose LibTorch has no CUDA or is older
/// than 2.1.
[[nodiscard]] std::unique_ptr<GraphRecorder> make_graph_recorder(torch::Device device);

/// A calculation that is recorded once it has run a few times on tensors of the same shapes.
class RepeatedWork {
 public:
  /// Must do the same whenever it is called, and never wait for the device, as reading a value back does.
  using Work = std::function<std::vector<torch::Tensor>(const std::vector<torch::Tensor>& inputs)>;

  /// Without a recorder the work is done as it stands each time.
  RepeatedWork(Work work, std::unique_ptr<GraphRecorder> recorder);

  /// The work's outputs, valid until the next call. The shapes of the first call are those that are recorded;
  /// inputs of others, such as the short batch at the end of an epoch, are worked on as they stand.
  std::vector<torch::Tensor> operator()(const std::vector<torch::Tensor>& inputs);

  /// To be called when the work would do something else from now on: it is recorded anew.
  void forget();

 private:
  [[nodiscard]] bool fits(const std::vector<torch::Tensor>& inputs) const;
  void record();

  Work work_;
  std::unique_ptr<GraphRecorder> recorder_;
  int rehearsal_count_ = 0;
  std::vector<torch::Tensor> inputs_;  ///< whose memory is recorded
  std::vector<torch::Tensor> outputs_;
  bool is_recorded_ = false;
};

}  // namespace ferv::nn

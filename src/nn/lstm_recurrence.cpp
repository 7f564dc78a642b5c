// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/lstm_recurrence.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <string>
#include <utility>

#include "ferv/base/error.h"
#include "processor_vectors.h"

// Vectors of sixteen are passed between functions that are always inlined: there is no call whose convention
// could matter.
#pragma GCC diagnostic ignored "-Wpsabi"

namespace ferv::nn {
namespace {

constexpr std::int64_t kLanes = 16;
constexpr std::int64_t kGates = 4;
constexpr std::int64_t kClipsTogether = 4;  ///< whose sums fit into the registers beside the weights

using Floats = float __attribute__((vector_size(4 * kLanes)));
using Words = std::uint32_t __attribute__((vector_size(4 * kLanes)));
using HalfWords = std::uint16_t __attribute__((vector_size(2 * kLanes)));

FERV_INLINE Floats all(float value) {
  return value - Floats{};
}

FERV_INLINE Floats load(const float* from) {
  Floats values;
  std::memcpy(&values, from, sizeof values);
  return values;
}

FERV_INLINE Floats load(const std::uint16_t* from) {
  HalfWords halves;
  std::memcpy(&halves, from, sizeof halves);
  const Words words = __builtin_convertvector(halves, Words) << 16;
  Floats values;
  std::memcpy(&values, &words, sizeof values);
  return values;
}

FERV_INLINE void store(float* to, const Floats& values) {
  std::memcpy(to, &values, sizeof values);
}

/// e^x to about 1e-7 of its size, for x within the range of float: 2^n times a polynomial of the rest
/// (Taylor, to the sixth power, |rest| <= ln 2 / 2).
FERV_INLINE Floats exponential(Floats x) {
  const Floats low = all(-87.0F), high = all(87.0F);
  x = x < low ? low : x;
  x = x > high ? high : x;
  const Floats rounder = all(12582912.0F);  // 1.5 * 2^23: adding it leaves no room for a fraction
  const Floats shifted = x * 1.44269504F + rounder;
  const Floats count = shifted - rounder;
  const Floats rest = (x - count * 0.693145752F) - count * 1.42860677e-6F;
  Floats power = all(1.0F / 720);
  power = power * rest + 1.0F / 120;
  power = power * rest + 1.0F / 24;
  power = power * rest + 1.0F / 6;
  power = power * rest + 0.5F;
  power = power * rest + 1.0F;
  power = power * rest + 1.0F;
  Words bits, step;
  std::memcpy(&bits, &power, sizeof bits);
  std::memcpy(&step, &shifted, sizeof step);
  bits += step << 23;  // the low bits of the shifted number are n: it goes onto the exponent
  std::memcpy(&power, &bits, sizeof power);
  return power;
}

FERV_INLINE Floats sigmoid(const Floats& x) {
  return 1.0F / (1.0F + exponential(-x));
}

FERV_INLINE Floats hyperbolic_tangent(const Floats& x) {
  return 1.0F - 2.0F / (1.0F + exponential(2.0F * x));
}

/// A step of some clips, for the sixteen units from `first_unit` on. Clips lie `..._stride` apart.
struct Step {
  const float* gates;  ///< of the step, [4H] a clip
  std::int64_t gates_stride;
  const float* before;  ///< outputs of the step before, [H] a clip
  float* cells;         ///< [H] a clip
  float* after;         ///< outputs of this step, [H] a clip
  std::int64_t width;
  std::int64_t clip_count;
};

template <int kClips, typename Weight>
FERV_INLINE void run_clips(const Weight* weights, const Step& step, std::int64_t first_unit) {
  Floats sums[kClips][kGates];
  for (int c = 0; c < kClips; ++c) {
    for (std::int64_t g = 0; g < kGates; ++g)
      sums[c][g] = load(step.gates + c * step.gates_stride + g * step.width + first_unit);
  }
  for (std::int64_t k = 0; k < step.width; ++k, weights += kGates * kLanes) {
    const Floats w[kGates] = {load(weights), load(weights + kLanes), load(weights + 2 * kLanes),
                              load(weights + 3 * kLanes)};
    for (int c = 0; c < kClips; ++c) {
      const Floats seen = all(step.before[c * step.width + k]);
      for (std::int64_t g = 0; g < kGates; ++g) sums[c][g] += seen * w[g];
    }
  }
  for (int c = 0; c < kClips; ++c) {
    const std::int64_t at = c * step.width + first_unit;
    const Floats cell =
        sigmoid(sums[c][1]) * load(step.cells + at) + sigmoid(sums[c][0]) * hyperbolic_tangent(sums[c][2]);
    store(step.cells + at, cell);
    store(step.after + at, sigmoid(sums[c][3]) * hyperbolic_tangent(cell));
  }
}

/// All clips, for the units of blocks [begin, end).
template <typename Weight>
FERV_INLINE void run_blocks(const Weight* weights, const Step& whole, std::int64_t begin, std::int64_t end) {
  const std::int64_t block_size = whole.width * kGates * kLanes;
  for (std::int64_t block = begin; block < end; ++block) {
    for (std::int64_t first = 0; first < whole.clip_count; first += kClipsTogether) {
      Step step = whole;
      step.gates += first * step.gates_stride;
      step.before += first * step.width;
      step.cells += first * step.width;
      step.after += first * step.width;
      const Weight* own = weights + block * block_size;
      switch (std::min(kClipsTogether, whole.clip_count - first)) {
        case 1:
          run_clips<1>(own, step, block * kLanes);
          break;
        case 2:
          run_clips<2>(own, step, block * kLanes);
          break;
        case 3:
          run_clips<3>(own, step, block * kLanes);
          break;
        default:
          run_clips<4>(own, step, block * kLanes);
      }
    }
  }
}

template <typename Weight>
using RunBlocks = void (*)(const Weight*, const Step&, std::int64_t, std::int64_t);

template <typename Weight>
void run_plain(const Weight* weights, const Step& step, std::int64_t begin, std::int64_t end) {
  run_blocks(weights, step, begin, end);
}

#if defined(__x86_64__)
template <typename Weight>
[[gnu::target("avx2,fma")]] void run_avx2(const Weight* weights, const Step& step, std::int64_t begin,
                                          std::int64_t end) {
  run_blocks(weights, step, begin, end);
}
template <typename Weight>
[[gnu::target("avx512f,avx512bw,avx512vl,fma")]] void run_avx512(const Weight* weights, const Step& step,
                                                                 std::int64_t begin, std::int64_t end) {
  run_blocks(weights, step, begin, end);
}
#endif

/// What this processor does best.
template <typename Weight>
RunBlocks<Weight> chosen() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl")) return run_avx512<Weight>;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return run_avx2<Weight>;
#endif
  return run_plain<Weight>;
}

template <typename Weight>
torch::Tensor run_all_steps(const Weight* weights, std::int64_t width, const torch::Tensor& gates) {
  static const RunBlocks<Weight> kRun = chosen<Weight>();
  const std::int64_t clip_count = gates.size(0);
  const std::int64_t step_count = gates.size(1);
  torch::Tensor before = torch::zeros({clip_count, width});
  torch::Tensor after = torch::empty({clip_count, width});
  torch::Tensor cells = torch::zeros({clip_count, width});
  constexpr std::int64_t kBlocksWorthAThread = 8;
  for (std::int64_t t = 0; t < step_count; ++t) {
    const Step step{gates.data_ptr<float>() + t * kGates * width,
                    step_count * kGates * width,
                    before.data_ptr<float>(),
                    cells.data_ptr<float>(),
                    after.data_ptr<float>(),
                    width,
                    clip_count};
    at::parallel_for(0, width / kLanes, kBlocksWorthAThread,
                     [&](std::int64_t begin, std::int64_t end) { kRun(weights, step, begin, end); });
    std::swap(before, after);
  }
  return before;
}

}  // namespace

LstmRecurrence::LstmRecurrence(const torch::Tensor& weights, Precision precision) : width_(weights.size(1)) {
  if (width_ % kLanes != 0 || weights.size(0) != kGates * width_) {
    throw unsupported("recurrent weights of " + std::to_string(weights.size(0)) + " x " +
                      std::to_string(width_) + ", wanted 4H x H with H a multiple of 16");
  }
  // [gate, block, lane, k] -> [block, k, gate, lane]
  const torch::Tensor packed = weights.detach()
                                   .to(torch::kFloat32)
                                   .view({kGates, width_ / kLanes, kLanes, width_})
                                   .permute({1, 3, 0, 2})
                                   .contiguous();
  if (precision == Precision::kBFloat16) {
    const torch::Tensor half = packed.to(torch::kBFloat16);
    half_weights_.resize(static_cast<std::size_t>(half.numel()));
    std::memcpy(half_weights_.data(), half.data_ptr(), half_weights_.size() * sizeof(std::uint16_t));
  } else {
    weights_.assign(packed.data_ptr<float>(), packed.data_ptr<float>() + packed.numel());
  }
}

torch::Tensor LstmRecurrence::last_output(const torch::Tensor& gates) const {
  const torch::Tensor input = gates.to(torch::kFloat32).contiguous();
  if (input.dim() != 3 || input.size(1) < 1 || input.size(2) != kGates * width_)
    throw internal_error("gates of an LSTM have another shape than [B, T, 4H]");
  return half_weights_.empty() ? run_all_steps(weights_.data(), width_, input)
                               : run_all_steps(half_weights_.data(), width_, input);
}

}  // namespace ferv::nn

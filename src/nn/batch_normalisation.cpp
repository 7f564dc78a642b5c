// SPDX-License-Identifier: Apache-2.0
#include "batch_normalisation.h"

#include <ATen/Parallel.h>
#include <torch/torch.h>

#include <algorithm>
#include <vector>

#include "norm_kernel.h"
#include "value_type.h"

namespace ferv::nn {
namespace {

/// Of the values that one task sums up: enough to be worth a task, few enough that float sums stay exact and
/// that small maps still occupy all cores.
constexpr std::int64_t kFewestValues = std::int64_t{1} << 14;
constexpr std::int64_t kMostValues = std::int64_t{1} << 18;
constexpr std::int64_t kUsualTasks = 64;
/// Values of one channel that lie side by side are taken as rows of this many columns.
constexpr std::int64_t kColumns = 64;

/// Channels-last where the tensor lies so, else plain.
at::MemoryFormat format_of(const torch::Tensor& tensor) {
  for (const auto format : {at::MemoryFormat::ChannelsLast, at::MemoryFormat::ChannelsLast3d}) {
    const bool has_dimensions = tensor.dim() == (format == at::MemoryFormat::ChannelsLast ? 4 : 5);
    if (has_dimensions && tensor.is_contiguous(format)) return format;
  }
  return at::MemoryFormat::Contiguous;
}

/// [C], a constant of each channel.
using Constants = std::vector<float>;

Constants constants_of(const torch::Tensor& values) {
  const torch::Tensor plain = values.detach().to(torch::kFloat32).contiguous();
  const auto* begin = plain.data_ptr<float>();
  return {begin, begin + plain.numel()};
}

/// A piece of a tensor that is worked on at once: rows whose columns are the channels, or, where a channel's
/// values lie together, rows of one channel.
struct Piece {
  std::int64_t begin;    ///< its first value
  std::int64_t channel;  ///< of all columns, where they are of one
  RowBlock rows;
};

/// How [N, C, ...] lies in memory, cut into parts: each part has values of every channel.
class Layout {
 public:
  explicit Layout(const torch::Tensor& tensor)
      : channels_(tensor.size(1)), values_(tensor.numel()), format_(format_of(tensor)) {
    if (format_ == at::MemoryFormat::Contiguous) {
      plane_ = tensor.size(0) > 0 && channels_ > 0 ? values_ / tensor.size(0) / channels_ : 0;
      parts_ = tensor.size(0);
    } else {
      const std::int64_t wanted = std::clamp(values_ / kUsualTasks, kFewestValues, kMostValues);
      part_rows_ = std::max<std::int64_t>(1, wanted / channels_);
      parts_ = (values_ / channels_ + part_rows_ - 1) / part_rows_;
    }
  }

  [[nodiscard]] at::MemoryFormat format() const { return format_; }
  [[nodiscard]] std::int64_t channels() const { return channels_; }
  [[nodiscard]] std::int64_t part_count() const { return parts_; }
  [[nodiscard]] double count_of_a_channel() const {
    return static_cast<double>(values_) / static_cast<double>(channels_);
  }
  [[nodiscard]] bool has_channels_as_columns() const { return format_ != at::MemoryFormat::Contiguous; }
  /// Where the first value of a channel lies.
  [[nodiscard]] std::int64_t first_of(std::int64_t channel) const {
    return has_channels_as_columns() ? channel : channel * plane_;
  }

  /// Calls visit(part, piece) for all pieces, on all threads; pieces of one part and one channel on one
  /// thread.
  template <typename Visit>
  void for_each_piece(const Visit& visit) const {
    if (has_channels_as_columns()) {
      const std::int64_t rows = values_ / channels_;
      at::parallel_for(0, parts_, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t part = begin; part < end; ++part) {
          const std::int64_t row = part * part_rows_;
          visit(part, Piece{row * channels_, 0, {std::min(part_rows_, rows - row), channels_}});
        }
      });
      return;
    }
    const std::int64_t planes_of_a_task =
        std::max<std::int64_t>(1, kFewestValues / std::max<std::int64_t>(1, plane_));
    at::parallel_for(0, parts_ * channels_, planes_of_a_task, [&](std::int64_t begin, std::int64_t end) {
      for (std::int64_t plane = begin; plane < end; ++plane) {
        const std::int64_t channel = plane % channels_;
        const std::int64_t rest = plane_ % kColumns;
        const std::int64_t first = plane * plane_;
        if (plane_ >= kColumns)
          visit(plane / channels_, Piece{first, channel, {plane_ / kColumns, kColumns}});
        if (rest > 0) visit(plane / channels_, Piece{first + plane_ - rest, channel, {1, rest}});
      }
    });
  }

 private:
  std::int64_t channels_;
  std::int64_t values_;
  at::MemoryFormat format_;
  std::int64_t plane_ = 0;      ///< values of a channel that lie together
  std::int64_t part_rows_ = 0;  ///< pixels of a part
  std::int64_t parts_ = 0;
};

/// Constants of the columns of a piece.
class ColumnConstants {
 public:
  ColumnConstants(const Layout& layout, const Piece& piece, const Constants& of_channels)
      : values_(of_channels.data()) {
    if (layout.has_channels_as_columns()) return;
    std::fill_n(spread_, piece.rows.width, of_channels[static_cast<std::size_t>(piece.channel)]);
    values_ = spread_;
  }
  ColumnConstants(const ColumnConstants&) = delete;
  ColumnConstants& operator=(const ColumnConstants&) = delete;
  [[nodiscard]] const float* get() const { return values_; }

 private:
  const float* values_;
  float spread_[kColumns];
};

/// Two sums a channel. Parts are summed up by themselves and joined in their order, so that the number of
/// threads changes nothing.
class ChannelSums {
 public:
  explicit ChannelSums(const Layout& layout)
      : layout_(layout),
        partial_(static_cast<std::size_t>(2 * layout.part_count() * layout.channels()), 0.0F) {}

  /// `add(sums of the piece's columns)` adds what a piece brings.
  template <typename Add>
  void add_piece(std::int64_t part, const Piece& piece, const Add& add) {
    float* of_part = partial_.data() + 2 * part * layout_.channels();
    if (layout_.has_channels_as_columns()) return add(ColumnSums{of_part, of_part + layout_.channels()});
    float first[kColumns] = {};
    float second[kColumns] = {};
    add(ColumnSums{first, second});
    double sums[2] = {};
    for (std::int64_t i = 0; i < piece.rows.width; ++i) {
      sums[0] += first[i];
      sums[1] += second[i];
    }
    of_part[piece.channel] += static_cast<float>(sums[0]);
    of_part[layout_.channels() + piece.channel] += static_cast<float>(sums[1]);
  }

  /// float64 [2, C]
  [[nodiscard]] std::vector<double> joined() const {
    const auto width = static_cast<std::size_t>(2 * layout_.channels());
    std::vector<double> sums(width, 0.0);
    for (std::size_t i = 0; i < partial_.size(); ++i) sums[i % width] += partial_[i];
    return sums;
  }

 private:
  const Layout& layout_;
  std::vector<float> partial_;
};

template <typename Value>
Value* values_of(const torch::Tensor& tensor) {
  return static_cast<Value*>(tensor.data_ptr());
}

/// y = x * scale + offset.
struct Line {
  Constants scale;
  Constants offset;
};

Line line_of(const Constants& mean, const Constants& inverse_deviation, const torch::Tensor& weight,
             const torch::Tensor& bias) {
  Line line{constants_of(weight), constants_of(bias)};
  for (std::size_t c = 0; c < mean.size(); ++c) {
    line.scale[c] *= inverse_deviation[c];
    line.offset[c] -= mean[c] * line.scale[c];
  }
  return line;
}

class BatchNormalisation : public torch::autograd::Function<BatchNormalisation> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& given,
                               const torch::Tensor& weight, const torch::Tensor& bias,
                               const torch::Tensor& given_addend, const BatchStatistics& statistics,
                               double epsilon, bool is_rectified) {
    const at::MemoryFormat format = format_of(given);
    const torch::Tensor input = given.contiguous(format);
    const torch::Tensor inverse_deviation = (statistics.variance + epsilon).rsqrt();
    const Layout layout(input);
    const Line line = line_of(constants_of(statistics.mean), constants_of(inverse_deviation), weight, bias);
    torch::Tensor addend;
    if (given_addend.numel() > 0) addend = given_addend.to(input.scalar_type()).contiguous(format);
    torch::Tensor output = torch::empty_like(input, input.options(), format);
    with_value_type(input, [&](auto type) {
      using Value = decltype(type);
      layout.for_each_piece([&](std::int64_t, const Piece& piece) {
        const ColumnConstants scale(layout, piece, line.scale);
        const ColumnConstants offset(layout, piece, line.offset);
        normalise(values_of<Value>(input) + piece.begin, piece.rows, scale.get(), offset.get(),
                  Activation<Value>{addend.defined() ? values_of<Value>(addend) + piece.begin : nullptr,
                                    is_rectified},
                  values_of<Value>(output) + piece.begin);
      });
    });
    Slope slope = Slope::kAll;
    if (is_rectified) slope = addend.defined() ? Slope::kFromOutput : Slope::kFromInput;
    context->save_for_backward({input, slope == Slope::kFromOutput ? output : torch::Tensor(), weight, bias,
                                statistics.mean, inverse_deviation});
    context->saved_data["slope"] = static_cast<std::int64_t>(slope);
    return output;
  }

  static torch::autograd::tensor_list backward(torch::autograd::AutogradContext* context,
                                               torch::autograd::tensor_list gradients) {
    const auto saved = context->get_saved_variables();
    const torch::Tensor& input = saved[0];
    const torch::Tensor& output = saved[1];
    const auto slope = static_cast<Slope>(context->saved_data["slope"].toInt());
    const Layout layout(input);
    const Constants mean = constants_of(saved[4]);
    const Constants inverse_deviation = constants_of(saved[5]);
    const Line line = line_of(mean, inverse_deviation, saved[2], saved[3]);
    torch::Tensor gradient = gradients[0].to(input.scalar_type()).contiguous(layout.format());
    torch::Tensor passed;
    if (slope == Slope::kFromOutput) passed = torch::empty_like(input, input.options(), layout.format());

    ChannelSums sums(layout);
    std::vector<double> joined;
    torch::Tensor of_input;
    with_value_type(input, [&](auto type) {
      using Value = decltype(type);
      // Calls work(what goes backwards through the piece).
      const auto with_piece = [&](const Piece& piece, const torch::Tensor& arriving, const auto& work) {
        const ColumnConstants scale(layout, piece, line.scale);
        const ColumnConstants offset(layout, piece, line.offset);
        const ColumnConstants means(layout, piece, mean);
        const bool has_output = slope == Slope::kFromOutput;
        work(Backwards<Value>{values_of<Value>(input) + piece.begin, values_of<Value>(arriving) + piece.begin,
                              has_output ? values_of<Value>(output) + piece.begin : nullptr,
                              has_output ? values_of<Value>(passed) + piece.begin : nullptr, slope,
                              scale.get(), offset.get(), means.get()});
      };
      layout.for_each_piece([&](std::int64_t part, const Piece& piece) {
        with_piece(piece, gradient, [&](const Backwards<Value>& backwards) {
          sums.add_piece(part, piece,
                         [&](ColumnSums of_piece) { add_gradient_sums(backwards, piece.rows, of_piece); });
        });
      });
      joined = sums.joined();
      if (slope == Slope::kFromOutput) gradient = passed;
      if (!context->needs_input_grad(0)) return;
      // dx = scale * (g - mean of g - normalised x * mean of (g * normalised x))
      Constants of_values(mean.size());
      Constants constant(mean.size());
      for (std::size_t c = 0; c < mean.size(); ++c) {
        const double square = static_cast<double>(inverse_deviation[c]) * inverse_deviation[c];
        of_values[c] = static_cast<float>(-line.scale[c] * square * joined[mean.size() + c] /
                                          layout.count_of_a_channel());
        constant[c] = static_cast<float>(-line.scale[c] * joined[c] / layout.count_of_a_channel());
      }
      of_input = torch::empty_like(input, input.options(), layout.format());
      layout.for_each_piece([&](std::int64_t, const Piece& piece) {
        with_piece(piece, gradient, [&](const Backwards<Value>& backwards) {
          const ColumnConstants values(layout, piece, of_values);
          const ColumnConstants constants(layout, piece, constant);
          input_gradient(backwards, piece.rows, InputGradient{backwards.scale, values.get(), constants.get()},
                         values_of<Value>(of_input) + piece.begin);
        });
      });
    });

    const torch::Tensor totals = torch::tensor(joined, torch::kFloat64).view({2, layout.channels()});
    const torch::Tensor of_weight = (totals[1] * saved[5].to(torch::kFloat64)).to(saved[2].scalar_type());
    const torch::Tensor of_bias = totals[0].to(saved[3].scalar_type());
    const torch::Tensor of_addend = context->needs_input_grad(3) ? gradient : torch::Tensor();
    return {of_input, of_weight, of_bias, of_addend, {}, {}, {}};
  }
};

}  // namespace

bool is_normalised_here(const torch::Tensor& input) {
  return has_value_type(input) && input.device().is_cpu() && input.layout() == torch::kStrided &&
         input.dim() >= 3 && input.numel() > 0;
}

BatchStatistics batch_statistics(const torch::Tensor& given) {
  const torch::NoGradGuard no_grad;
  const torch::Tensor input = given.detach().contiguous(format_of(given));
  const Layout layout(input);
  const auto channels = static_cast<std::size_t>(layout.channels());
  // A value of the channel, so that the difference of two large sums keeps its digits where the mean is far
  // from 0.
  Constants shift(channels);
  ChannelSums sums(layout);
  with_value_type(input, [&](auto type) {
    using Value = decltype(type);
    for (std::size_t c = 0; c < channels; ++c) {
      const std::int64_t first = layout.first_of(static_cast<std::int64_t>(c));
      shift[c] = as_float(values_of<Value>(input)[first]);
    }
    layout.for_each_piece([&](std::int64_t part, const Piece& piece) {
      const ColumnConstants shifts(layout, piece, shift);
      sums.add_piece(part, piece, [&](ColumnSums of_piece) {
        add_statistics(values_of<Value>(input) + piece.begin, piece.rows, shifts.get(), of_piece);
      });
    });
  });
  BatchStatistics statistics;
  statistics.count = layout.count_of_a_channel();
  statistics.mean = torch::empty({layout.channels()}, torch::kFloat32);
  statistics.variance = torch::empty({layout.channels()}, torch::kFloat32);
  const std::vector<double> joined = sums.joined();
  for (std::size_t c = 0; c < channels; ++c) {
    const double mean = joined[c] / statistics.count;
    const double variance = joined[channels + c] / statistics.count - mean * mean;
    statistics.mean.data_ptr<float>()[c] = static_cast<float>(shift[c] + mean);
    // Not std::max: what is not a number stays so.
    statistics.variance.data_ptr<float>()[c] = static_cast<float>(variance < 0 ? 0 : variance);
  }
  return statistics;
}

torch::Tensor normalise_batch(const torch::Tensor& input, const BatchStatistics& statistics,
                              const Normalisation& normalisation) {
  // LibTorch takes no undefined tensor here.
  const torch::Tensor addend =
      normalisation.addend.defined() ? normalisation.addend : torch::empty({0}, torch::kFloat32);
  return BatchNormalisation::apply(input, normalisation.weight, normalisation.bias, addend, statistics,
                                   normalisation.epsilon, normalisation.is_rectified);
}

}  // namespace ferv::nn

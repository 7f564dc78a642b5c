// SPDX-License-Identifier: Apache-2.0
// The one table of all rows. Adding a model: a row here, its sources in CMakeLists.txt.
#include "ferv/models/zoo.h"

#include <torch/torch.h>

#include <array>
#include <sstream>
#include <vector>

#include "ferv/base/error.h"
#include "network.h"
#include "recurrent.h"
#include "resnet.h"

namespace ferv::models {
namespace {

using MakeNetwork = std::shared_ptr<Network> (*)(const ModelOptions& options);

struct Row {
  ModelCard card;
  MakeNetwork make;
};

std::shared_ptr<Network> resnet18(const ModelOptions& options) {
  return make_resnet(ResNetDepth::k18, options.class_count);
}
std::shared_ptr<Network> resnet50(const ModelOptions& options) {
  return make_resnet(ResNetDepth::k50, options.class_count);
}
std::shared_ptr<Network> r18_lstm(const ModelOptions& options) {
  return make_resnet_lstm(ResNetDepth::k18, options.class_count);
}
std::shared_ptr<Network> r50_lstm(const ModelOptions& options) {
  return make_resnet_lstm(ResNetDepth::k50, options.class_count);
}

constexpr const char* kMeanOverFrames = "logits of every frame, mean over frames";
constexpr const char* kResNetLstm =
    "ResNet features of every frame, one-layer LSTM of the same width, FC on its last output";

const std::vector<Row>& rows() {
  static const std::vector<Row> kRows = {
      {{.id = "resnet18",
        .name = "ResNet18",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "39.33/30.30",
        .published_params = "17M",
        .parameter_count = 11'180'103,
        .summary = kMeanOverFrames,
        .frame_order_matters = false},
       resnet18},
      {{.id = "resnet50",
        .name = "ResNet50",
        .backbone = "ResNet50",
        .pretrained = "",
        .published_war_uar = "30.57/22.47",
        .published_params = "124M",
        .parameter_count = 23'522'375,
        .summary = kMeanOverFrames,
        .frame_order_matters = false},
       resnet50},
      {{.id = "r18_lstm",
        .name = "R18-LSTM",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "42.59/30.92",
        .published_params = "132M",
        .parameter_count = 13'281'351,
        .summary = kResNetLstm},
       r18_lstm},
      {{.id = "r50_lstm",
        .name = "R50-LSTM",
        .backbone = "ResNet50",
        .pretrained = "",
        .published_war_uar = "40.75/32.12",
        .published_params = "57M",
        .parameter_count = 57'093'191,
        .summary = kResNetLstm},
       r50_lstm},
  };
  return kRows;
}

const Row& row(std::string_view id) {
  std::vector<std::string> ids;
  for (const Row& candidate : rows()) {
    if (candidate.card.id == id) return candidate;
    ids.push_back(candidate.card.id);
  }
  const std::string near = nearest_word(id, ids);
  throw invalid_argument("model is '" + std::string(id) + "', wanted a row of `ferv zoo list`" +
                         (near.empty() ? "" : "; did you mean '" + near + "'?"));
}

/// A network behind the surface that every row shows: shapes are checked here, once for all.
class ZooModel : public Model {
 public:
  ZooModel(std::shared_ptr<Network> network, ModelOptions options, const ModelCard& model_card)
      : network_(std::move(network)),
        options_(options),
        stream_count_(model_card.stream_count),
        id_(model_card.id) {}

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    if (static_cast<int>(streams.size()) != stream_count_) {
      throw incompatible(id_ + ": " + std::to_string(streams.size()) + " input streams, wanted " +
                         std::to_string(stream_count_));
    }
    for (const torch::Tensor& stream : streams) check(stream);
    return network_->forward(streams).to(torch::kFloat32);
  }
  torch::nn::Module& module() override { return *network_; }
  [[nodiscard]] const ModelOptions& options() const override { return options_; }
  [[nodiscard]] int stream_count() const override { return stream_count_; }

 private:
  void check(const torch::Tensor& stream) const {
    const ClipSpec& spec = options_.spec;
    const bool fits = stream.dim() == 5 && stream.is_floating_point() && stream.size(0) > 0 &&
                      stream.size(1) == 3 && stream.size(2) == spec.frame_count &&
                      stream.size(3) == spec.height_px && stream.size(4) == spec.width_px;
    if (fits) return;
    std::ostringstream found;
    found << stream.sizes() << " " << stream.scalar_type();
    throw incompatible(id_ + ": input is " + found.str() + ", wanted float [B, 3, " +
                       std::to_string(spec.frame_count) + ", " + std::to_string(spec.height_px) + ", " +
                       std::to_string(spec.width_px) + "]");
  }

  std::shared_ptr<Network> network_;
  ModelOptions options_;
  int stream_count_;
  std::string id_;
};

}  // namespace

std::span<const ModelCard> zoo() {
  static const std::vector<ModelCard> kCards = [] {
    std::vector<ModelCard> cards;
    for (const Row& entry : rows()) cards.push_back(entry.card);
    return cards;
  }();
  return kCards;
}

const ModelCard& card(std::string_view id) {
  return row(id).card;
}

std::unique_ptr<Model> make_model(std::string_view id, const ModelOptions& options, std::uint64_t seed) {
  const Row& entry = row(id);
  validate(options.spec);
  if (options.class_count < 2)
    throw invalid_argument("class count is " + std::to_string(options.class_count) + ", wanted at least 2");
  // Initialisation draws from LibTorch's global generator: seed it for the while, and put its state back
  // after.
  at::Generator generator = at::detail::getDefaultCPUGenerator();
  const torch::Tensor state = generator.get_state();
  generator.set_current_seed(seed);
  std::shared_ptr<Network> network = entry.make(options);
  generator.set_state(state);
  return std::make_unique<ZooModel>(std::move(network), options, entry.card);
}

std::int64_t count_parameters(const Model& model) {
  std::int64_t count = 0;
  // module() is not const because torch modules aren't; nothing is changed here.
  for (const torch::Tensor& parameter : const_cast<Model&>(model).module().parameters())
    count += parameter.numel();
  return count;
}

}  // namespace ferv::models

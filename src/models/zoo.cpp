// SPDX-License-Identifier: Apache-2.0
// The one table of all rows. Adding a model: a row here, its sources in CMakeLists.txt.
#include "ferv/models/zoo.h"

#include <torch/torch.h>

#include <array>
#include <sstream>
#include <vector>

#include "c3d.h"
#include "ferv/base/error.h"
#include "ferv/nn/batch_norm.h"
#include "ferv/nn/layout.h"
#include "ferv/nn/seed_scope.h"
#include "i3d.h"
#include "network.h"
#include "r3d18.h"
#include "recurrent.h"
#include "resnet.h"
#include "two_stream.h"
#include "vgg.h"

namespace ferv::models {
namespace {

using MakeNetwork = std::shared_ptr<Network> (*)(int class_count);

struct Row {
  ModelCard card;
  MakeNetwork make;
};

constexpr const char* kMeanOverFrames = "logits of every frame, mean over frames";
constexpr const char* kResNetLstm =
    "ResNet features of every frame, one-layer LSTM of the same width, FC on its last output";
constexpr const char* kVggLstm =
    "VGG of every frame up to fc7, FC 4096-512, LSTM of 512, FC on its last output";
constexpr const char* kFaceIdentities =
    "a backbone trained to tell the face identities of MS-Celeb-1M apart, or your own such weights";
constexpr const char* kTrainedOnDfew = "all weights from training this network on DFEW";
constexpr ClipSpec kFivePools{.frame_count = 1, .height_px = 32, .width_px = 32};
constexpr ClipSpec kC3dInput{.frame_count = 16, .height_px = 112, .width_px = 112};

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
       [](int k) { return make_resnet(ResNetDepth::k18, k); }},
      {{.id = "resnet50",
        .name = "ResNet50",
        .backbone = "ResNet50",
        .pretrained = "",
        .published_war_uar = "30.57/22.47",
        .published_params = "124M",
        .parameter_count = 23'522'375,
        .summary = kMeanOverFrames,
        .frame_order_matters = false},
       [](int k) { return make_resnet(ResNetDepth::k50, k); }},
      {{.id = "vgg13",
        .name = "VGG13",
        .backbone = "VGG13",
        .pretrained = "",
        .published_war_uar = "41.02/31.19",
        .published_params = "128M",
        .parameter_count = 128'979'527,
        .summary = kMeanOverFrames,
        .frame_order_matters = false,
        .smallest_input = kFivePools},
       [](int k) { return make_vgg(VggDepth::k13, k); }},
      {{.id = "vgg16",
        .name = "VGG16",
        .backbone = "VGG16",
        .pretrained = "",
        .published_war_uar = "41.66/32.01",
        .published_params = "134M",
        .parameter_count = 134'289'223,
        .summary = kMeanOverFrames,
        .frame_order_matters = false,
        .smallest_input = kFivePools},
       [](int k) { return make_vgg(VggDepth::k16, k); }},
      {{.id = "r18_lstm",
        .name = "R18-LSTM",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "42.59/30.92",
        .published_params = "132M",
        .parameter_count = 13'281'351,
        .summary = kResNetLstm,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k18, k); }},
      {{.id = "r50_lstm",
        .name = "R50-LSTM",
        .backbone = "ResNet50",
        .pretrained = "",
        .published_war_uar = "40.75/32.12",
        .published_params = "57M",
        .parameter_count = 57'093'191,
        .summary = kResNetLstm,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k50, k); }},
      {{.id = "vgg13_lstm",
        .name = "VGG13-LSTM",
        .backbone = "VGG13",
        .pretrained = "",
        .published_war_uar = "43.37/32.41",
        .published_params = "133M",
        .parameter_count = 133'153'351,
        .summary = kVggLstm,
        .is_reconstructed = true,
        .smallest_input = kFivePools},
       [](int k) { return make_vgg_lstm(VggDepth::k13, k); }},
      {{.id = "vgg16_lstm",
        .name = "VGG16-LSTM",
        .backbone = "VGG16",
        .pretrained = "",
        .published_war_uar = "41.70/30.93",
        .published_params = "138M",
        .parameter_count = 138'463'047,
        .summary = kVggLstm,
        .is_reconstructed = true,
        .smallest_input = kFivePools},
       [](int k) { return make_vgg_lstm(VggDepth::k16, k); }},
      {{.id = "c3d",
        .name = "C3D",
        .backbone = "C3D",
        .pretrained = "",
        .published_war_uar = "31.69/22.68",
        .published_params = "78M",
        .parameter_count = 78'024'455,
        .summary = "eight 3x3x3 convolutions with five pools, fc6 8192-4096, fc7 4096-4096, FC",
        .smallest_input = kC3dInput,
        .largest_input = kC3dInput},
       [](int k) { return make_c3d(k); }},
      {{.id = "i3d",
        .name = "I3D",
        .backbone = "I3D",
        .pretrained = "",
        .published_war_uar = "38.78/30.17",
        .published_params = "12M",
        .parameter_count = 12'294'439,
        .summary = "Inception-v1 inflated to 3-D with batch norm, mean over time and space, 1x1x1 logits"},
       [](int k) { return make_i3d(k); }},
      {{.id = "r3d18",
        .name = "3D-R18",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "37.57/26.67",
        .published_params = "33M",
        .parameter_count = 33'169'863,
        .summary = "ResNet-18 of 3x3x3 convolutions, mean over time and space, FC"},
       [](int k) { return make_r3d18(k); }},
      {{.id = "two_c3d",
        .name = "Two C3D",
        .backbone = "C3D",
        .pretrained = "",
        .published_war_uar = "41.77/30.72",
        .published_params = "97M",
        .parameter_count = 97'275'399,
        .summary = "two C3D trunks, pool5 maps summed, fc6 8192-4096, fc7 4096-2048, FC",
        .streams = {"face", "scene"},
        .is_reconstructed = true,
        .smallest_input = kC3dInput,
        .largest_input = kC3dInput},
       [](int k) { return make_two_c3d(k); }},
      {{.id = "two_i3d",
        .name = "Two I3D",
        .backbone = "I3D",
        .pretrained = "",
        .published_war_uar = "41.30/31.01",
        .published_params = "26M",
        .parameter_count = 26'679'879,
        .summary = "two I3D trunks, features joined to 2048, FC 1024, FC",
        .streams = {"face", "scene"},
        .is_reconstructed = true},
       [](int k) { return make_two_i3d(k); }},
      {{.id = "two_r3d18",
        .name = "Two 3D-R18",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "42.28/30.55",
        .published_params = "67M",
        .parameter_count = 67'389'319,
        .summary = "two 3D-R18 trunks, features joined to 1024, FC 1024, FC",
        .streams = {"face", "scene"},
        .is_reconstructed = true},
       [](int k) { return make_two_r3d18(k); }},
      {{.id = "two_r18_lstm",
        .name = "Two R18-LSTM",
        .backbone = "ResNet18",
        .pretrained = "",
        .published_war_uar = "43.20/31.28",
        .published_params = "27M",
        .parameter_count = 27'612'295,
        .summary = "ResNet-18 and LSTM of 512 a stream, last outputs joined to 1024, FC 1024, FC",
        .streams = {"face", "scene"},
        .is_reconstructed = true},
       [](int k) { return make_two_r18_lstm(k); }},
      {{.id = "two_vgg13_lstm",
        .name = "Two VGG13-LSTM",
        .backbone = "VGG13",
        .pretrained = "",
        .published_war_uar = "44.54/32.79",
        .published_params = "144M",
        .parameter_count = 144'663'175,
        .summary = "VGG-13 convolutions a stream, one fc6, fc7 and FC 512 for both, LSTM of 512 a stream, "
                   "last outputs "
                   "joined to 1024, FC",
        .streams = {"face", "scene"},
        .is_reconstructed = true,
        .smallest_input = kFivePools},
       [](int k) { return make_two_vgg13_lstm(k); }},
      {{.id = "r18_lstm.msceleb",
        .name = "RS18-LSTM",
        .backbone = "ResNet18",
        .pretrained = "MS-Celeb-1M",
        .published_war_uar = "41.XX/31.XX",
        .published_params = "132M",
        .parameter_count = 13'281'351,
        .summary = kResNetLstm,
        .architecture = "r18_lstm",
        .starts_from = kFaceIdentities,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k18, k); }},
      {{.id = "r18_lstm.dfew",
        .name = "RS18-LSTM",
        .backbone = "ResNet18",
        .pretrained = "DFEW",
        .published_war_uar = "41.XX/29.XX",
        .published_params = "132M",
        .parameter_count = 13'281'351,
        .summary = kResNetLstm,
        .architecture = "r18_lstm",
        .starts_from = kTrainedOnDfew,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k18, k); }},
      {{.id = "r50_lstm.msceleb",
        .name = "RS50-LSTM",
        .backbone = "ResNet50",
        .pretrained = "MS-Celeb-1M",
        .published_war_uar = "46.XX/34.XX",
        .published_params = "57M",
        .parameter_count = 57'093'191,
        .summary = kResNetLstm,
        .architecture = "r50_lstm",
        .starts_from = kFaceIdentities,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k50, k); }},
      {{.id = "r50_lstm.dfew",
        .name = "RS50-LSTM",
        .backbone = "ResNet50",
        .pretrained = "DFEW",
        .published_war_uar = "41.XX/29.XX",
        .published_params = "57M",
        .parameter_count = 57'093'191,
        .summary = kResNetLstm,
        .architecture = "r50_lstm",
        .starts_from = kTrainedOnDfew,
        .is_reconstructed = true},
       [](int k) { return make_resnet_lstm(ResNetDepth::k50, k); }}};
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

void check_limits(const ClipSpec& spec, const ModelCard& model_card) {
  const auto check = [&](const char* name, int ClipSpec::*size) {
    const int smallest = model_card.smallest_input.*size;
    const int largest = model_card.largest_input.*size;
    if (spec.*size >= smallest && spec.*size <= largest) return;
    const std::string wanted = smallest == largest
                                   ? std::to_string(smallest)
                                   : std::to_string(smallest) + " to " + std::to_string(largest);
    throw invalid_argument(model_card.id + ": " + name + " is " + std::to_string(spec.*size) + ", wanted " +
                           wanted);
  };
  check("frames", &ClipSpec::frame_count);
  check("height", &ClipSpec::height_px);
  check("width", &ClipSpec::width_px);
}

/// float32 whatever precision they were calculated in, unless that was float64.
torch::Tensor exact_logits(const torch::Tensor& logits) {
  return logits.scalar_type() == torch::kFloat64 ? logits : logits.to(torch::kFloat32);
}

/// A network behind the surface that every row shows: shapes are checked here, once for all.
class ZooModel : public Model {
 public:
  ZooModel(std::shared_ptr<Network> network, ModelOptions options, const ModelCard& model_card)
      : network_(std::move(network)),
        frame_network_(dynamic_cast<FrameNetwork*>(network_.get())),
        options_(options),
        stream_count_(model_card.stream_count()),
        id_(model_card.id) {}

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    if (static_cast<int>(streams.size()) != stream_count_) {
      throw incompatible(id_ + ": " + std::to_string(streams.size()) + " input streams, wanted " +
                         std::to_string(stream_count_));
    }
    for (const torch::Tensor& stream : streams) check(stream);
    return exact_logits(network_->forward(streams));
  }
  [[nodiscard]] bool is_framewise() const override { return frame_network_ != nullptr; }
  torch::Tensor frame_features(const torch::Tensor& pictures) override {
    require_framewise();
    const ClipSpec& spec = options_.spec;
    require(
        pictures.dim() == 4 && pictures.is_floating_point() && pictures.size(0) > 0 &&
            pictures.size(1) == 3 && pictures.size(2) == spec.height_px && pictures.size(3) == spec.width_px,
        pictures, "[N, 3, " + std::to_string(spec.height_px) + ", " + std::to_string(spec.width_px) + "]");
    return frame_network_->frame_features(pictures);
  }
  torch::Tensor join_frames(const torch::Tensor& features) override {
    require_framewise();
    require(features.dim() == 3 && features.is_floating_point() && features.size(0) > 0 &&
                features.size(1) == options_.spec.frame_count,
            features, "[B, " + std::to_string(options_.spec.frame_count) + ", D]");
    return exact_logits(frame_network_->join_frames(features));
  }
  void prepare_for_inference(nn::Precision precision) override {
    network_->eval();
    nn::fold_batch_norms(*network_);
    nn::use_channels_last(*network_);
    nn::store_weights_in(*network_, precision);
    for (const auto& layer : network_->modules()) {
      if (auto* lstm = dynamic_cast<LastOutputLstm*>(layer.get())) lstm->prepare_for_inference(precision);
    }
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
    require(fits, stream,
            "[B, 3, " + std::to_string(spec.frame_count) + ", " + std::to_string(spec.height_px) + ", " +
                std::to_string(spec.width_px) + "]");
  }

  void require(bool fits, const torch::Tensor& input, const std::string& wanted) const {
    if (fits) return;
    std::ostringstream found;
    found << input.sizes() << " " << input.scalar_type();
    throw incompatible(id_ + ": input is " + found.str() + ", wanted float " + wanted);
  }

  void require_framewise() const {
    if (frame_network_ == nullptr)
      throw unsupported(id_ + ": looks at whole clips, it has no features of single frames");
  }

  std::shared_ptr<Network> network_;
  FrameNetwork* frame_network_;  ///< the same, null where it looks at whole clips
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
  check_limits(options.spec, entry.card);
  if (options.class_count < 2)
    throw invalid_argument("class count is " + std::to_string(options.class_count) + ", wanted at least 2");
  const nn::SeedScope scope(seed);
  return std::make_unique<ZooModel>(entry.make(options.class_count), options, entry.card);
}

std::int64_t count_parameters(const Model& model) {
  std::int64_t count = 0;
  // module() is not const because torch modules aren't; nothing is changed here.
  for (const torch::Tensor& parameter : const_cast<Model&>(model).module().parameters())
    count += parameter.numel();
  return count;
}

}  // namespace ferv::models

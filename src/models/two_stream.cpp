// SPDX-License-Identifier: Apache-2.0
#include "two_stream.h"

#include "c3d.h"
#include "ferv/nn/layout.h"
#include "i3d.h"
#include "initialisation.h"
#include "r3d18.h"
#include "recurrent.h"
#include "resnet.h"
#include "vgg.h"

namespace ferv::models {
namespace {

using torch::nn::Dropout;
using torch::nn::Linear;
using torch::nn::Sequential;

constexpr int kFusionWidth = 1024;

/// Features of both streams side by side -> logits.
class FusionNetwork : public Network {
 protected:
  void register_head(int joined_count, int class_count) {
    fusion_ = register_module("fusion", Linear(joined_count, kFusionWidth));
    fc_ = register_module("fc", Linear(kFusionWidth, class_count));
  }

  torch::Tensor logits(const torch::Tensor& face, const torch::Tensor& scene) {
    return fc_(fusion_(torch::cat({face, scene}, 1)).relu_());
  }

 private:
  Linear fusion_{nullptr};
  Linear fc_{nullptr};
};

/// Two trunks that see whole clips.
template <typename Trunk>
class TwoTrunks : public FusionNetwork {
 public:
  explicit TwoTrunks(int class_count)
      : face_(register_module("face", std::make_shared<Trunk>())),
        scene_(register_module("scene", std::make_shared<Trunk>())) {
    register_head(2 * Trunk::kFeatureCount, class_count);
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    return logits(face_->forward(streams[0]), scene_->forward(streams[1]));
  }

 private:
  std::shared_ptr<Trunk> face_;
  std::shared_ptr<Trunk> scene_;
};

/// `lstm.face`, `lstm.scene`.
class LstmPair : public torch::nn::Module {
 public:
  explicit LstmPair(int width)
      : face(register_module("face", std::make_shared<LastOutputLstm>(width, width))),
        scene(register_module("scene", std::make_shared<LastOutputLstm>(width, width))) {}

  std::shared_ptr<LastOutputLstm> face;
  std::shared_ptr<LastOutputLstm> scene;
};

class TwoResNetLstm : public FusionNetwork {
 public:
  explicit TwoResNetLstm(int class_count)
      : face_(register_module("face", std::make_shared<ResNetTrunk>(ResNetDepth::k18))),
        scene_(register_module("scene", std::make_shared<ResNetTrunk>(ResNetDepth::k18))),
        lstm_(register_module("lstm", std::make_shared<LstmPair>(face_->feature_count()))) {
    register_head(2 * face_->feature_count(), class_count);
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    const std::int64_t clip_count = streams[0].size(0);
    const torch::Tensor face = face_->forward(nn::fold_frames(streams[0]));
    const torch::Tensor scene = scene_->forward(nn::fold_frames(streams[1]));
    return logits(lstm_->face->last_output(lstm_->face->seen(face).unflatten(0, {clip_count, -1})),
                  lstm_->scene->last_output(lstm_->scene->seen(scene).unflatten(0, {clip_count, -1})));
  }

 private:
  std::shared_ptr<ResNetTrunk> face_;
  std::shared_ptr<ResNetTrunk> scene_;
  std::shared_ptr<LstmPair> lstm_;
};

class TwoVggLstm : public Network {
 public:
  explicit TwoVggLstm(int class_count) {
    face_ = register_module("face", std::make_shared<VggFeatures>(VggDepth::k13));
    scene_ = register_module("scene", std::make_shared<VggFeatures>(VggDepth::k13));
    classifier_ = register_module("classifier", make_vgg_classifier());
    initialise_convolutions(*this);
    initialise_linear_layers(*this);
    projection_ = register_module("projection", Linear(kVggWidth, kVggLstmWidth));
    lstm_ = register_module("lstm", std::make_shared<LstmPair>(kVggLstmWidth));
    fc_ = register_module("fc", Linear(2 * kVggLstmWidth, class_count));
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    const std::int64_t clip_count = streams[0].size(0);
    // One call of the shared layers for both streams: their 120 million weights are read once.
    const torch::Tensor maps = torch::cat(
        {face_->forward(nn::fold_frames(streams[0])), scene_->forward(nn::fold_frames(streams[1]))});
    const torch::Tensor features = projection_(classifier_->forward(maps)).unflatten(0, {2, clip_count, -1});
    return fc_(torch::cat({lstm_->face->last_output(lstm_->face->seen(features[0])),
                           lstm_->scene->last_output(lstm_->scene->seen(features[1]))},
                          1));
  }

 private:
  std::shared_ptr<VggFeatures> face_;
  std::shared_ptr<VggFeatures> scene_;
  Sequential classifier_{nullptr};
  Linear projection_{nullptr};
  std::shared_ptr<LstmPair> lstm_;
  Linear fc_{nullptr};
};

class TwoC3d : public Network {
 public:
  explicit TwoC3d(int class_count) {
    constexpr int kWidthOfFc7 = kC3dWidth / 2;
    face_ = register_module("face", std::make_shared<C3dTrunk>());
    scene_ = register_module("scene", std::make_shared<C3dTrunk>());
    fc6_ = register_module("fc6", Linear(kC3dFeatureCount, kC3dWidth));
    fc7_ = register_module("fc7", Linear(kC3dWidth, kWidthOfFc7));
    fc_ = register_module("fc", Linear(kWidthOfFc7, class_count));
    dropout_ = register_module("dropout", Dropout(0.5));
    initialise_convolutions(*this);
    initialise_linear_layers(*this);
  }

  torch::Tensor forward(std::span<const torch::Tensor> streams) override {
    torch::Tensor x = face_->forward(streams[0]) + scene_->forward(streams[1]);
    x = dropout_(fc6_(x).relu_());
    x = dropout_(fc7_(x).relu_());
    return fc_(x);
  }

 private:
  std::shared_ptr<C3dTrunk> face_;
  std::shared_ptr<C3dTrunk> scene_;
  Linear fc6_{nullptr}, fc7_{nullptr}, fc_{nullptr};
  Dropout dropout_{nullptr};
};

}  // namespace

std::shared_ptr<Network> make_two_c3d(int class_count) {
  return std::make_shared<TwoC3d>(class_count);
}

std::shared_ptr<Network> make_two_i3d(int class_count) {
  return std::make_shared<TwoTrunks<I3dTrunk>>(class_count);
}

std::shared_ptr<Network> make_two_r3d18(int class_count) {
  return std::make_shared<TwoTrunks<R3d18Trunk>>(class_count);
}

std::shared_ptr<Network> make_two_r18_lstm(int class_count) {
  return std::make_shared<TwoResNetLstm>(class_count);
}

std::shared_ptr<Network> make_two_vgg13_lstm(int class_count) {
  return std::make_shared<TwoVggLstm>(class_count);
}

}  // namespace ferv::models

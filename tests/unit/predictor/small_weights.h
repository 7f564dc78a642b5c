// SPDX-License-Identifier: Apache-2.0
// Weights of a small model, fresh from the zoo.
#pragma once

#include <torch/torch.h>

#include <filesystem>
#include <memory>

#include "ferv/models/zoo.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::test {

inline const ClipSpec kSmallSpec{.frame_count = 4,
                                 .height_px = 32,
                                 .width_px = 32,
                                 .mean = {0.4F, 0.5F, 0.6F},
                                 .deviation = {0.2F, 0.3F, 0.4F}};

inline std::unique_ptr<models::Model> small_model() {
  auto model = models::make_model("r18_lstm", {.class_count = 3, .spec = kSmallSpec}, 11);
  model->module().eval();
  return model;
}

inline weights::NamedTensors small_weights() {
  const auto model = small_model();
  weights::NamedTensors file = weights::state_of(model->module());
  for (auto& [name, tensor] : file.tensors) tensor = tensor.detach().clone();
  file.metadata = {
      {"model", "r18_lstm"}, {"classes", "Happy,Sad,Neutral"}, {"clip_spec", to_json(kSmallSpec)}};
  return file;
}

inline void write_small_weights(const std::filesystem::path& path) {
  weights::write_safetensors(path, small_weights());
}

}  // namespace ferv::test

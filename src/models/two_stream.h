// SPDX-License-Identifier: Apache-2.0
// Rows that see two streams, face and scene. The paper draws them without their structure: these are
// reconstructions whose parameter counts agree with the published ones. The first stream's trunk stands under
// `face.`, the second's under `scene.`, LSTMs under `lstm.face.` and `lstm.scene.`, the classifier is `fc`.
#pragma once

#include <memory>

#include "network.h"

namespace ferv::models {

/// pool5 maps of two C3D trunks summed, then `fc6` 8192-4096, `fc7` 4096-2048, `fc`.
[[nodiscard]] std::shared_ptr<Network> make_two_c3d(int class_count);

/// Features of two I3D trunks joined to 2048, then `fusion` to 1024, ReLU, `fc`.
[[nodiscard]] std::shared_ptr<Network> make_two_i3d(int class_count);

/// Features of two r3d_18 trunks joined to 1024, then `fusion` 1024-1024, ReLU, `fc`.
[[nodiscard]] std::shared_ptr<Network> make_two_r3d18(int class_count);

/// Last outputs of two (ResNet-18 and LSTM of 512) joined to 1024, then `fusion` 1024-1024, ReLU, `fc`.
[[nodiscard]] std::shared_ptr<Network> make_two_r18_lstm(int class_count);

/// Convolutions of two VGG-13; the frames of both go through one `classifier` (fc6, fc7) and one `projection`
/// 4096-512; one LSTM of 512 a stream; last outputs joined to 1024, `fc`.
[[nodiscard]] std::shared_ptr<Network> make_two_vgg13_lstm(int class_count);

}  // namespace ferv::models

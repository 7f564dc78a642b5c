// SPDX-License-Identifier: Apache-2.0
// The weights that come with ferv, so that a film can be looked at without training anything.
#pragma once

#include <filesystem>

namespace ferv::inference {

/// A ResNet-18 for still pictures in half precision, trained by `ferv pretrain` on real photographs;
/// weights/README.md says what it can and cannot do. Looked for where it is installed, relative
/// to the running program, and then in the source tree. Throws kNotFound.
[[nodiscard]] std::filesystem::path bundled_weights();

}  // namespace ferv::inference

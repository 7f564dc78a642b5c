// SPDX-License-Identifier: Apache-2.0
// Parts of a data set by scene.
#pragma once

#include <string>
#include <string_view>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// True when `scene` belongs to the setup "all", a scene or a scenario.
[[nodiscard]] bool is_in_setup(std::string_view setup, std::string_view scene);

/// Keeps the clips of "all", one scene or one scenario's short name. Throws kInvalidArgument for another
/// word.
void keep_setup(ClipIndex& index, const std::string& setup);

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// Parts of a data set by scene.
#pragma once

#include <string>

#include "ferv/data/clip_index.h"

namespace ferv::data {

/// Keeps the clips of "all", one scene or one scenario's short name. Throws kInvalidArgument for another
/// word.
void keep_setup(ClipIndex& index, const std::string& setup);

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// The parts of a network by its parameters' names: what may be pre-trained, frozen or learn at its own rate.
#pragma once

#include <string_view>

namespace ferv::models {

enum class Part { kBackbone, kRecurrent, kHead };

[[nodiscard]] std::string_view to_string(Part part) noexcept;  ///< "backbone", "recurrent", "head"

/// Of a parameter or buffer of any row, by the names that the zoo gives. The head is what depends on the
/// classes and the layers that join streams (`fc`, `fc8`, `logits`, `classifier.6`, `fusion`, `projection`);
/// recurrent is `lstm`; the backbone is everything else.
[[nodiscard]] Part part_of(std::string_view parameter_name);

}  // namespace ferv::models

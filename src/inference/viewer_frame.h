// SPDX-License-Identifier: Apache-2.0
// The frame of the viewer's page: its style, its script, and a policy that allows nothing else.
#pragma once

#include <string>

namespace ferv::inference {

/// `body` is HTML, `title` text, `data` JSON.
[[nodiscard]] std::string viewer_frame(const std::string& title, const std::string& body,
                                       const std::string& data);

}  // namespace ferv::inference

// SPDX-License-Identifier: Apache-2.0
// The frame of a report: one HTML page that loads nothing, with its style, a chart library and a small
// script.
#pragma once

#include <string>

namespace ferv::evaluation {

/// `body` is HTML, `title` text. The page's own policy forbids every request and every script but its own.
[[nodiscard]] std::string report_page(const std::string& title, const std::string& body);

}  // namespace ferv::evaluation

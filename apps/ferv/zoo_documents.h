// SPDX-License-Identifier: Apache-2.0
// The zoo as documents: the table of all rows in three forms, and a card a row. README.md and docs/cards are
// made from these, and a test holds them against each other.
#pragma once

#include <cstdint>
#include <string>

#include "ferv/models/zoo.h"

namespace ferv::app {

/// 11180103 -> "11,180,103".
[[nodiscard]] std::string with_separators(std::int64_t value);

[[nodiscard]] std::string zoo_as_text();
[[nodiscard]] std::string zoo_as_markdown();
[[nodiscard]] std::string zoo_as_json();

/// Model card of one row, Markdown. Builds the network to tell its cost: up to seconds.
[[nodiscard]] std::string card_as_markdown(const models::ModelCard& card);

}  // namespace ferv::app

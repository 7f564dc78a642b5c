// SPDX-License-Identifier: Apache-2.0
// Whole numbers out of JSON that a stranger wrote: nlohmann's own get<int>() cuts decimals off and turns what
// is too large into anything.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace ferv {

/// Throws nlohmann::json::type_error for what is no whole number that Integer holds.
template <typename Integer>
[[nodiscard]] Integer json_integer(const nlohmann::json& value) {
  if (value.is_number_unsigned()) {
    const auto number = value.get<std::uint64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  } else if (value.is_number_integer()) {
    const auto number = value.get<std::int64_t>();
    if (std::in_range<Integer>(number)) return static_cast<Integer>(number);
  }
  throw nlohmann::json::type_error::create(
      302, value.dump().substr(0, 80) + " stands where a whole number of fitting size is wanted", &value);
}

/// Of an array of them. Throws as json_integer().
template <typename Integer>
[[nodiscard]] std::vector<Integer> json_integers(const nlohmann::json& values) {
  if (!values.is_array())
    throw nlohmann::json::type_error::create(302, values.dump().substr(0, 80) + " is no array", &values);
  std::vector<Integer> integers;
  integers.reserve(values.size());
  for (const nlohmann::json& value : values) integers.push_back(json_integer<Integer>(value));
  return integers;
}

}  // namespace ferv

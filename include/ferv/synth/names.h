// SPDX-License-Identifier: Apache-2.0
// The expressions and scenes that can be rendered, by the names that FERV39k's folders bear.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace ferv::synth {

enum class Expression { kHappy, kSad, kNeutral, kAngry, kSurprise, kDisgust, kFear };

inline constexpr std::array<Expression, 7> kExpressions = {
    Expression::kHappy,    Expression::kSad,     Expression::kNeutral, Expression::kAngry,
    Expression::kSurprise, Expression::kDisgust, Expression::kFear};

/// "Happy": the folder name and the label.
[[nodiscard]] std::string_view name_of(Expression expression);

/// nullopt for anything but an exact name.
[[nodiscard]] std::optional<Expression> expression_named(std::string_view name);

/// The 22 scene folders, alphabetical.
[[nodiscard]] std::span<const std::string_view> scene_names();

/// The position in scene_names(). Throws kInvalidArgument, with the nearest name, for any other word.
[[nodiscard]] std::size_t scene_index(std::string_view name);

}  // namespace ferv::synth

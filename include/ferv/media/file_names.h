// SPDX-License-Identifier: Apache-2.0
// What a file's name says it holds; what it does hold, only reading it tells.
#pragma once

#include <string_view>

namespace ferv::media {

/// True for names that end as films do: .mp4, .m4v, .avi, .mkv, .mov, .webm, .flv, .mpg, .mpeg, .ts, .wmv, in
/// any case.
[[nodiscard]] bool is_film_name(std::string_view name);
/// True for names that end as pictures do that ferv reads: .jpg, .jpeg, .png, in any case.
[[nodiscard]] bool is_picture_name(std::string_view name);

}  // namespace ferv::media

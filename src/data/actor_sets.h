// SPDX-License-Identifier: Apache-2.0
// Reads CREMA-D and RAVDESS, whose clips say in their names who acts what.
#pragma once

#include <filesystem>
#include <string_view>

#include "layout_reader.h"

namespace ferv::data {

/// A folder with clips `<actor>_<sentence>_<EMO>_<level>`: "1001_DFA_ANG_XX".
[[nodiscard]] bool crema_d_lies_in(const std::filesystem::path& folder);
/// Classes Angry, Disgust, Fear, Happy, Neutral, Sad. Fold k of 5 tests actors 1001+18(k-1) to 1018+18(k-1),
/// the last one 1091 too. Four clips that are known to be broken are left out.
[[nodiscard]] ClipIndex read_crema_d(const std::filesystem::path& folder, const DataSetOptions& options);

/// A folder with folders `Actor_NN`.
[[nodiscard]] bool ravdess_lies_in(const std::filesystem::path& folder);
/// Spoken clips with pictures; of one that is there with and without sound, that with sound. Eight classes in
/// the order of the names' third number. Fold k of 6 tests actors 4k-3 to 4k.
[[nodiscard]] ClipIndex read_ravdess(const std::filesystem::path& folder, const DataSetOptions& options);

}  // namespace ferv::data

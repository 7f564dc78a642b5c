// SPDX-License-Identifier: Apache-2.0
// Finding the folders of a release that was unzipped by people: nested, renamed, in another case.
#pragma once

#include <filesystem>
#include <functional>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::data {

/// The sub-folders of `folder`, sorted by name; at most 2000, more than the upper folders of any release
/// have.
[[nodiscard]] std::vector<std::filesystem::path> sub_folders(const std::filesystem::path& folder);

/// The sub-folder of `folder` whose name equals one of `names` without regard to case; empty when there is
/// none.
[[nodiscard]] std::filesystem::path child_named(const std::filesystem::path& folder,
                                                std::initializer_list<const char*> names);

/// The same, passing through one nesting of the same name (2_ClipsforFaceCrop/2_ClipsforFaceCrop).
[[nodiscard]] std::filesystem::path nested_child_named(const std::filesystem::path& folder,
                                                       std::initializer_list<const char*> names);

/// The sub-folders of all of `folders`, at most about 2000.
[[nodiscard]] std::vector<std::filesystem::path> folders_below(
    const std::vector<std::filesystem::path>& folders);

/// The first folder, at `root` or at most `depth` below it, that `is_wanted`; nearer ones first. Empty when
/// there is none.
[[nodiscard]] std::filesystem::path find_folder(
    const std::filesystem::path& root, int depth,
    const std::function<bool(const std::filesystem::path&)>& is_wanted);

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// Reads DFEW: Clip/clip_224x224[_16f]/<id5>/*.jpg and
// EmoLabel_DataSplit/{train,test}(single-labeled)/set_k.csv.
#pragma once

#include <filesystem>
#include <string_view>
#include <utility>
#include <vector>

#include "layout_reader.h"

namespace ferv::data {

[[nodiscard]] bool dfew_lies_in(const std::filesystem::path& folder);

/// Ids are the clips' five digits: "00042". Throws as read_data_set().
[[nodiscard]] ClipIndex read_dfew(const std::filesystem::path& folder, const DataSetOptions& options);

/// The lines `video_name,label` of one list as (five digits, class index); ids may lack their zeros, and the
/// header may be missing. `path` is for messages. Throws kCorruptData with file and line.
[[nodiscard]] std::vector<std::pair<std::string, int>> parse_dfew_list(std::string_view text,
                                                                       const std::filesystem::path& path);

}  // namespace ferv::data

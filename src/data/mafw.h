// SPDX-License-Identifier: Apache-2.0
// Reads MAFW's single labels: data/{faces,frames}/<id5>/* and
// `Train & Test Set/single/{no,with}_caption/set_k/{train,test}.txt`.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "layout_reader.h"

namespace ferv::data {

[[nodiscard]] bool mafw_lies_in(const std::filesystem::path& folder);

/// Eleven classes in the order of the literature: anger, disgust, fear, happiness, neutral, sadness,
/// surprise, contempt, anxiety, helplessness, disappointment.
[[nodiscard]] ClipIndex read_mafw(const std::filesystem::path& folder, const DataSetOptions& options);

/// The lines of a list as (five digits, class index): `00025.mp4 anger`, or `00108.mp4<TAB>anger<TAB>caption`
/// with a caption in any bytes, GBK among them. Throws kCorruptData with file and line, for compound labels
/// (`anger_disgust`) too.
[[nodiscard]] std::vector<std::pair<std::string, int>> parse_mafw_list(std::string_view text,
                                                                       const std::filesystem::path& path);

}  // namespace ferv::data

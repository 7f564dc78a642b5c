// SPDX-License-Identifier: Apache-2.0
// A data set by its path, whatever it lies in: a folder with a release, a pack, or a tar.
#pragma once

#include <filesystem>

#include "ferv/base/progress.h"
#include "ferv/data/clip_index.h"
#include "ferv/data/data_set.h"

namespace ferv::data {

/// A file that begins as a pack does is opened by open_pack(), another file by open_tar(), a folder by
/// read_data_set(); throws as these do, and kInvalidArgument for a layout or fold asked of a file. Tells the
/// observer when a pack is cut off.
[[nodiscard]] ClipIndex open_data_set(const std::filesystem::path& path, const DataSetOptions& options,
                                      const Observer& observer);

}  // namespace ferv::data

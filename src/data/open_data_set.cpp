// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/open_data_set.h"

#include "ferv/base/error.h"
#include "ferv/data/pack.h"
#include "ferv/data/tar_archive.h"
#include "setup_filter.h"

namespace ferv::data {

ClipIndex open_data_set(const std::filesystem::path& path, const DataSetOptions& options,
                        const Observer& observer) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(path, ignored)) return read_data_set(path, options);
  const bool has_lists =
      !options.label_order.empty() || !options.train_list.empty() || !options.test_list.empty();
  if (options.layout != "auto" || options.fold != 0 || has_lists) {
    throw invalid_argument(
        path.string() +
        ": is a pack or a tar and knows no layouts, folds and lists, wanted layout auto, fold 0");
  }
  if (is_pack(path)) {
    OpenedPack opened = open_pack(path, options.setup);
    if (!opened.warning.empty()) observer.warn(opened.warning);
    return std::move(opened.index);
  }
  ClipIndex index = open_tar(path);
  keep_setup(index, options.setup);
  return index;
}

}  // namespace ferv::data

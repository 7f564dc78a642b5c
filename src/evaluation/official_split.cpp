// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/official_split.h"

#include "ferv/data/labels.h"
#include "ferv/data/published_counts.h"

namespace ferv::evaluation {

std::vector<std::int64_t> official_test_clips(std::string_view subset) {
  std::vector<std::int64_t> sum(7, 0);
  bool is_known = false;
  for (const data::PublishedScene& scene : data::published_scenes()) {
    if (subset != "All" && !data::is_part_of(scene.name, subset)) continue;
    is_known = true;
    for (std::size_t k = 0; k < sum.size(); ++k) sum[k] += data::published_test_clips(scene.clips[k]);
  }
  return is_known ? sum : std::vector<std::int64_t>();
}

}  // namespace ferv::evaluation

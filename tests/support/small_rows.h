// SPDX-License-Identifier: Apache-2.0
// Every row of the zoo at the smallest useful input: what the tests that go through the zoo share.
#pragma once

#include <gtest/gtest.h>
#include <torch/torch.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ferv/models/zoo.h"

namespace ferv::models::test {

using Streams = std::vector<torch::Tensor>;

/// As little as the row takes: most of the time in these tests goes into convolutions.
inline ClipSpec small_spec(const ModelCard& card) {
  return {.frame_count = std::max(4, card.smallest_input.frame_count),
          .height_px = std::max(32, card.smallest_input.height_px),
          .width_px = std::max(32, card.smallest_input.width_px)};
}

/// Different pictures in each stream.
inline Streams clips(const Model& model, std::int64_t count) {
  const ClipSpec& spec = model.options().spec;
  Streams streams;
  for (int i = 0; i < model.stream_count(); ++i)
    streams.push_back(torch::rand({count, 3, spec.frame_count, spec.height_px, spec.width_px}));
  return streams;
}

inline std::vector<std::string> row_ids() {
  std::vector<std::string> result;
  for (const ModelCard& entry : zoo()) result.push_back(entry.id);
  return result;
}

/// One id a network: rows that differ only in their weights are left out.
inline std::vector<std::string> network_ids() {
  std::vector<std::string> result;
  for (const ModelCard& entry : zoo()) {
    if (entry.architecture.empty()) result.push_back(entry.id);
  }
  return result;
}

inline std::string test_name(const testing::TestParamInfo<std::string>& row) {
  std::string name = row.param;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
}

}  // namespace ferv::models::test

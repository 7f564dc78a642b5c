// SPDX-License-Identifier: Apache-2.0
#include "ferv/evaluation/frame_weights.h"

#include <set>

#include "matchers.h"

namespace ferv::evaluation {
namespace {

/// `count` clips of which every third is right, with probabilities of all shapes.
Results sample(std::size_t count) {
  Results results;
  results.classes = {"a", "b"};
  for (std::size_t i = 0; i < count; ++i) {
    const double sure = 0.5 + 0.49 * static_cast<double>(i % 50) / 50;
    ResultRow row;
    row.clip = "clip" + std::to_string(i);
    row.label = 0;
    row.predicted = i % 3 == 0 ? 0 : 1;
    row.probabilities = {row.predicted == 0 ? sure : 1 - sure, row.predicted == 0 ? 1 - sure : sure};
    results.rows.push_back(row);
  }
  return results;
}

TEST(RowsShown, AreMistakesEachOnce) {
  const Results results = sample(200);
  const auto rows = rows_shown(results);
  EXPECT_EQ(std::set<std::size_t>(rows.begin(), rows.end()).size(), rows.size());
  EXPECT_GE(rows.size(), 12U);
  EXPECT_LE(rows.size(), 24U);
  for (const std::size_t row : rows) EXPECT_NE(results.rows[row].label, results.rows[row].predicted);
  EXPECT_TRUE(rows_shown(sample(1)).empty());
}

TEST(FrameWeights, AreReadAsTheyWereWritten) {
  const test::TemporaryFolder folder;
  EXPECT_TRUE(read_frame_weights(folder / "test.csv").empty());
  const FrameWeights weights{{"War/Sad/0001", {0, 0.25, 1}}, {"clip \"two\"", {0.5}}};
  write_frame_weights(folder / "test.csv", weights);
  EXPECT_EQ(read_frame_weights(folder / "test.csv"), weights);
}

}  // namespace
}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
// Which of the frames that a model was shown mattered, for the clips that a report shows.
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ferv/evaluation/results.h"

namespace ferv::evaluation {

/// Clip -> a weight of 0 or more for each sampled frame, in order.
using FrameWeights = std::map<std::string, std::vector<double>>;

/// Rows of `results` that a report shows as pictures: the surest mistakes and the hardest clips, each once.
[[nodiscard]] std::vector<std::size_t> rows_shown(const Results& results);

/// `<results stem>.cam.json`: {"War/Sad/0001": [0.1, 0.7, ...]}.
[[nodiscard]] std::filesystem::path frame_weights_path(const std::filesystem::path& results);

/// Reads that file where it is there. Throws kCorruptData.
[[nodiscard]] FrameWeights read_frame_weights(const std::filesystem::path& results);

/// Writes it, atomically. Throws kIo.
void write_frame_weights(const std::filesystem::path& results, const FrameWeights& weights);

}  // namespace ferv::evaluation

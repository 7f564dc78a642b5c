// SPDX-License-Identifier: Apache-2.0
// Weights that a run starts from: what of them fits the model, told in full.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "ferv/models/zoo.h"
#include "ferv/weights/named_tensors.h"

namespace ferv::training {

/// Fills `model` with what fits of a safetensors or .pth file: weights of the same network, of its backbone
/// alone, or of another row that shares it. Throws what read_weights() throws, and kIncompatible when not one
/// tensor of the backbone fits: such a run would train from fresh weights without a word.
[[nodiscard]] weights::MatchReport start_from(models::Model& model, const std::filesystem::path& path);

/// The report as a person reads it, a line each for what matched, what the file lacks, what has another shape
/// and what the file has too much; names are gathered by their first two words.
[[nodiscard]] std::vector<std::string> to_lines(const weights::MatchReport& report);

}  // namespace ferv::training

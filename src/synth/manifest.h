// SPDX-License-Identifier: Apache-2.0
// synth.json: says of a folder that it was rendered, from which options, and whether it is complete.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "ferv/synth/dataset_writer.h"

namespace ferv::synth {

/// Goes up whenever equal options give other pictures than before.
inline constexpr int kRendererVersion = 1;

/// The options that decide the bytes, as JSON. Threads are not among them.
[[nodiscard]] nlohmann::json options_json(const SynthOptions& options);

/// Checks that `options.folder` may be written to: missing, empty, or holding a data set of equal options.
/// Throws kInvalidArgument otherwise, with the option that differs, and kCorruptData for a manifest that is
/// none.
void require_own_folder(const SynthOptions& options);

void write_manifest(const SynthOptions& options, const SynthSummary& summary);

}  // namespace ferv::synth

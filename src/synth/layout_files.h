// SPDX-License-Identifier: Apache-2.0
// The folders of a layout plan on their way to disk.
#pragma once

#include "layout_plan.h"

namespace ferv::synth {

/// True when every folder holds its pictures, each whole, and nothing else.
[[nodiscard]] bool folders_are_complete(const SynthOptions& options, const PlannedFolders& planned);

/// Renders the shots and writes the folders, each of which appears whole; `number` keeps scratch folders
/// apart. Gives the number of pictures written. Throws kIo.
std::size_t write_folders(const SynthOptions& options, const PlannedFolders& planned, std::size_t number);

}  // namespace ferv::synth

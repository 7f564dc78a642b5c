// SPDX-License-Identifier: Apache-2.0
// `ferv` starts in milliseconds because it links neither LibTorch nor libav nor dlib; commands that need them
// are served by `ferv-full`, which takes over this process.
#pragma once

#include <string_view>

#include "command.h"

namespace ferv::app {

/// The table line of the command that `argv` names, or nullptr (options before it are passed over).
[[nodiscard]] const Command* command_of(int argc, char** argv);

/// True when `command` with these arguments needs ferv-full.
[[nodiscard]] bool needs_full_program(const Command& command, int argc, char** argv);

/// Replaces this process by ferv-full with the same arguments. Returns only by throwing: kNotFound when the
/// program is not beside this one nor in ../libexec/ferv.
[[noreturn]] void hand_over_to_full_program(char** argv);

}  // namespace ferv::app

// SPDX-License-Identifier: Apache-2.0
// Subcommands of `ferv face`.
#pragma once

#include "command.h"

namespace ferv::app {

void add_face_align(CLI::App& parent, Context& context);
void add_face_crop(CLI::App& parent, Context& context);
void add_face_score(CLI::App& parent, Context& context);

}  // namespace ferv::app

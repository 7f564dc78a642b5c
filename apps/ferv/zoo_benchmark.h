// SPDX-License-Identifier: Apache-2.0
// ferv zoo benchmark: all rows, trained and tested on synthetic clips with one resumable command.
#pragma once

#include "command.h"

namespace ferv::app {

void add_zoo_benchmark(CLI::App& zoo, Context& context);

}  // namespace ferv::app

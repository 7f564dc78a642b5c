// SPDX-License-Identifier: Apache-2.0
// ferv train --dry-run: what it prints.
#pragma once

#include "ferv/training/dry_run.h"

namespace ferv::app {

void print_dry_run(const training::DryRun& rehearsal, bool json);

}  // namespace ferv::app

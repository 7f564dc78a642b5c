// SPDX-License-Identifier: Apache-2.0
// Fuzz target: annotation lists.
#include "ferv/data/annotation.h"
#include "fuzz_target.h"

FERV_FUZZ_TARGET(bytes) {
  (void)ferv::data::parse_annotation(ferv::fuzz::as_text(bytes), "fuzz");
}

// SPDX-License-Identifier: Apache-2.0
// Fuzz target: tar archives.
#include "fuzz_target.h"
#include "tar_members.h"

FERV_FUZZ_TARGET(bytes) {
  (void)ferv::data::parse_tar(bytes, "fuzz");
}

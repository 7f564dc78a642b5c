// SPDX-License-Identifier: Apache-2.0
// Fuzz target: NumPy arrays.
#include "ferv/base/npy.h"
#include "fuzz_target.h"

FERV_FUZZ_TARGET(bytes) {
  (void)ferv::parse_npy(bytes, "fuzz");
}

// SPDX-License-Identifier: Apache-2.0
// Fuzz target: headers and indexes of packs.
#include "fuzz_target.h"
#include "pack_format.h"

FERV_FUZZ_TARGET(bytes) {
  for (const auto& clip : ferv::data::parse_pack(bytes, "fuzz").clips)
    if (clip.begin + clip.byte_count() > bytes.size()) std::abort();
}

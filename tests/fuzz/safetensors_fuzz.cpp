// SPDX-License-Identifier: Apache-2.0
// Fuzz target: headers of safetensors files.
#include "fuzz_target.h"
#include "safetensors_header.h"

FERV_FUZZ_TARGET(bytes) {
  using namespace ferv;
  weights::SafetensorsHeader header;
  try {
    header = weights::parse_safetensors_header(bytes);
  } catch (const std::exception& error) {
    throw corrupt_data("fuzz", error.what());  // as the function that opens the file says it
  }
  for (const auto& entry : header.entries)
    if (entry.end > bytes.size() - header.data_begin) std::abort();
}

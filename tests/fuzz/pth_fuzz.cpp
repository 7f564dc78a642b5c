// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the pickles of .pth files, alone and in their archive. One name may be called; it must stay a
// value.
#include "fuzz_target.h"
#include "pickle_reader.h"
#include "zip_archive.h"

namespace {

constexpr ferv::weights::AllowedName kAllowed[] = {
    {"collections.OrderedDict", ferv::weights::NameUse::kMapping},
    {"torch._utils._rebuild_tensor_v2", ferv::weights::NameUse::kCall},
    {"torch.FloatStorage", ferv::weights::NameUse::kMention}};

void read(std::span<const std::uint8_t> pickle) {
  const ferv::weights::Pickle result = ferv::weights::read_pickle(pickle, kAllowed);
  if (result.root == nullptr || result.size > pickle.size()) std::abort();
}

}  // namespace

FERV_FUZZ_TARGET(bytes) {
  using namespace ferv;
  try {
    if (bytes.size() < 2 || bytes[0] != 'P' || bytes[1] != 'K') return read(bytes);
    const weights::ZipArchive archive(bytes);
    for (const auto& entry : archive.entries()) {
      const std::span<const std::uint8_t> content = archive.content_of(entry.name);
      if (entry.name.ends_with(".pkl")) read(content);
    }
  } catch (const std::runtime_error& error) {
    throw corrupt_data("fuzz", error.what());  // as the function that opens the file says it
  }
}

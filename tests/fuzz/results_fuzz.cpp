// SPDX-License-Identifier: Apache-2.0
// Fuzz target: result files. Their reader wants a path, so the bytes lie in a file in memory.
#include <sys/mman.h>
#include <unistd.h>

#include <string>

#include "ferv/evaluation/results.h"
#include "fuzz_target.h"

FERV_FUZZ_TARGET(bytes) {
  static const int file = ::memfd_create("results", MFD_CLOEXEC);
  if (file < 0 || ::ftruncate(file, 0) != 0) std::abort();
  if (::pwrite(file, bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
  (void)ferv::evaluation::read_results("/proc/self/fd/" + std::to_string(file));
}

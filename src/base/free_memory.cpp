// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/free_memory.h"

#include <malloc.h>

namespace ferv {

void return_free_memory() noexcept {
#ifdef __GLIBC__
  (void)::malloc_trim(0);
#endif
}

}  // namespace ferv

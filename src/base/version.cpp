// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/version.h"

namespace ferv {

std::string_view version() noexcept {
  return FERV_VERSION;
}

}  // namespace ferv

// SPDX-License-Identifier: Apache-2.0
// How `ferv synth` writes films.
#pragma once

#include "ferv/synth/film_file.h"

namespace ferv::app {

/// Throws kUnsupported in programs without a video stack.
[[nodiscard]] synth::FilmOpener film_opener();

}  // namespace ferv::app

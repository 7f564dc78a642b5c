// SPDX-License-Identifier: Apache-2.0
// Films with their truth on the way to disk.
#pragma once

#include <cstddef>
#include <string>

#include "ferv/synth/dataset_writer.h"

namespace ferv::synth {

/// True when the film of this number and its truth are there: the truth is written last.
[[nodiscard]] bool film_is_complete(const SynthOptions& options, std::size_t number);

/// Renders and writes film_NNNN.mp4 and film_NNNN.csv. Gives the number of frames. Throws kIo.
std::size_t write_film(const SynthOptions& options, std::size_t number);

/// Numbers of frames and people of all films of `options`; nothing is rendered.
[[nodiscard]] SynthSummary summarise_films(const SynthOptions& options);

/// films.csv:
/// film,frames,length_s,width_px,height_px,rotation_degrees,frame_rate_hz,variable_frame_rate,shots.
[[nodiscard]] std::string film_list(const SynthOptions& options);

}  // namespace ferv::synth

// SPDX-License-Identifier: Apache-2.0
#include "loader_settings.h"

#include "batch_tensors.h"

namespace ferv::training {

data::SamplingOptions sampling_of(const TrainOptions& options) {
  return {.segment_count = options.segments,
          .frames_per_segment = options.frames_per_segment,
          .method = options.sampling};
}

ClipSpec spec_of(const TrainOptions& options) {
  return {.frame_count = options.frames, .height_px = options.height, .width_px = options.width};
}

data::LoaderOptions loader_options(const TrainOptions& options, std::size_t clip_count,
                                   const nn::Communicator& communicator) {
  data::LoaderOptions loader;
  loader.spec = spec_of(options);
  loader.sampling = sampling_of(options);
  loader.training = true;
  loader.augmentation = {.random_crop = options.random_crop,
                         .crop_area_min = options.crop_area_min,
                         .crop_ratio_max = options.crop_ratio_max,
                         .flip_probability = options.flip_probability,
                         .rotation_degrees_max = options.rotation_degrees,
                         .brightness = options.brightness,
                         .contrast = options.contrast,
                         .saturation = options.saturation,
                         .hue = options.hue,
                         .grey_probability = options.grey_probability,
                         .erase_probability = options.erase_probability,
                         .erase_area_max = options.erase_area_max,
                         .temporal_jitter_frames = options.temporal_jitter};
  loader.streams = streams_of(options.streams, options.model);
  loader.batch_size = static_cast<std::size_t>(options.batch_size);
  // A ragged last batch costs oneDNN new primitives and gives few clips a full step.
  loader.drop_last = clip_count >= loader.batch_size;
  loader.seed = static_cast<std::uint64_t>(options.seed);
  loader.threads = options.loader_threads;
  loader.bad_data = options.bad_data;
  // Only all ranks together know how many clips of an epoch are bad: see enforce_bad_share().
  loader.bad_share_max = communicator.is_alone() ? options.bad_share_max : 1.0;
  loader.share = {.index = static_cast<std::size_t>(communicator.rank()),
                  .count = static_cast<std::size_t>(communicator.size())};
  loader.class_balanced = options.class_sampling == "balanced";
  constexpr double kBytesPerGib = 1024.0 * 1024.0 * 1024.0;
  loader.cache_bytes = static_cast<std::size_t>(options.cache_gib * kBytesPerGib);
  return loader;
}

}  // namespace ferv::training

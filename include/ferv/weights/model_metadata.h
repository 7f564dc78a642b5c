// SPDX-License-Identifier: Apache-2.0
// What ferv writes into the metadata of a classifier's weights, and reads back: weights and preprocessing
// cannot be separated.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "ferv/base/clip_spec.h"

namespace ferv::weights {

/// How frames were chosen from a clip, as data::SamplingOptions says it; this room knows no data sets.
struct StoredSampling {
  int segment_count = 8;
  int frames_per_segment = 2;
  std::string method = "segments";
};

/// As far as T is even, pairs of frames: FERV39k's protocol at T = 16.
[[nodiscard]] StoredSampling pairs_of(int frame_count);

struct ModelMetadata {
  std::string model;                 ///< a row of the zoo
  std::vector<std::string> classes;  ///< at least two, none empty
  ClipSpec spec;
  StoredSampling sampling;    ///< segments x frames = T; of files that say nothing, pairs_of(T)
  std::string streams;        ///< "face,scene"; empty = as the row's card says
  std::string training_data;  ///< fingerprint
  std::string trained_on;     ///< the same for people to read; may be empty
  std::string split;          ///< that `metrics` were measured on
  std::string protocol;
  std::string metrics;  ///< "WAR 0.4321 UAR 0.3210"
  std::string license = "as the training data's; FERV39k: non-commercial research";
  double uncertain_below = 0;  ///< probability in [0, 1] that an answer wants at least
  double test_crop = 1;        ///< share in [0.1, 1] of a face crop's sides that is shown
  int test_crops = 1;          ///< 2: answers are means over a face and its mirror image
};

/// The text form; adds ferv_version.
[[nodiscard]] std::map<std::string, std::string> to_metadata(const ModelMetadata& metadata);

/// The reverse. Throws kCorruptData, naming the file and what is missing or wrong.
[[nodiscard]] ModelMetadata read_model_metadata(const std::map<std::string, std::string>& metadata,
                                                const std::filesystem::path& path);

}  // namespace ferv::weights

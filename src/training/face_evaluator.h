// SPDX-License-Identifier: Apache-2.0
// Held-out faces through a network: result rows of expressions, or similarities of pairs of people.
#pragma once

#include <string>
#include <vector>

#include "face_network.h"
#include "ferv/base/clip_spec.h"
#include "ferv/base/progress.h"
#include "ferv/data/face_loader.h"
#include "ferv/evaluation/results.h"
#include "verification.h"

namespace ferv::training {

/// What the two evaluations share. `spec` is of one frame.
struct FaceEvaluation {
  const data::FaceSet& set;
  std::vector<std::size_t> positions;
  data::FaceLoaderOptions loader;  ///< with training = false
  ClipSpec spec;
  bool is_mirrored_too = false;   ///< expressions: means over each picture and its mirror image
  std::string task = "validate";  ///< what progress is reported under
};

/// uint8 pixels of a batch -> float32 [B, 3, H, W], normalised, channels-last.
[[nodiscard]] torch::Tensor pictures_of(const data::FaceBatch& batch, const ClipSpec& spec,
                                        torch::Device device);

/// A row a picture, facts empty. Evaluation mode, which is left as it was found. Throws kFailed when asked to
/// stop or for output that is not finite; as the loader for pictures that cannot be read.
[[nodiscard]] evaluation::Results evaluate_expressions(FaceNetwork& network, const FaceEvaluation& evaluation,
                                                       const Observer& observer);

/// Cosine similarities of the backbone's features; pairs index into `evaluation.positions`.
[[nodiscard]] VerificationFigures evaluate_identities(FaceNetwork& network, const FaceEvaluation& evaluation,
                                                      const std::vector<FacePair>& pairs,
                                                      const Observer& observer);

}  // namespace ferv::training

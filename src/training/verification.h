// SPDX-License-Identifier: Apache-2.0
// Same person or not: how well features of people that were never trained on answer, as LFW measures it.
#pragma once

#include <cstdint>
#include <vector>

#include "ferv/training/pretrain.h"

namespace ferv::training {

/// Two faces by their positions in a list, and whether one person is on both.
struct FacePair {
  std::size_t first = 0;
  std::size_t second = 0;
  bool is_same = false;
  int fold = 0;
};

/// Pairs of the faces whose identities are `labels`: per fold as many of one person as of two, none twice.
/// Folds share no person (LFW's "view 2"; Huang et al. 2007): ten, or fewer where there are under 20
/// identities. At most about `count` pairs. Throws kCorruptData when there are not two folds of two
/// identities, one of them with two pictures.
[[nodiscard]] std::vector<FacePair> make_face_pairs(const std::vector<std::int64_t>& labels,
                                                    std::size_t count, std::uint64_t seed);

/// The threshold that is right most often, `score >= threshold` meaning the same person: half-way between two
/// neighbouring scores, or beyond all of them. Of equally good ones the lowest.
[[nodiscard]] double best_threshold(const std::vector<double>& scores, const std::vector<FacePair>& pairs,
                                    int left_out_fold);

/// `scores`: one similarity a pair. Each fold is judged by the threshold that was best on the others.
[[nodiscard]] VerificationFigures verification_figures(const std::vector<double>& scores,
                                                       const std::vector<FacePair>& pairs);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
// The motion between two pictures, as a picture.
#pragma once

#include <memory>

#include "ferv/media/image.h"

namespace ferv::data {

/// Estimates with working memory; make one a thread. The same pictures give the same codes.
class DenseFlow {
 public:
  DenseFlow();
  ~DenseFlow();
  DenseFlow(const DenseFlow&) = delete;
  DenseFlow& operator=(const DenseFlow&) = delete;

  /// Motion of every pixel from `before` to `after`, coded as Stream::kFlow says. Throws kInvalidArgument
  /// when the sizes differ.
  [[nodiscard]] media::Image estimate(const media::Image& before, const media::Image& after, double scale);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace ferv::data

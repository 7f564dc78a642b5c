// SPDX-License-Identifier: Apache-2.0
// The part of a data set that training settings name.
#pragma once

#include "ferv/data/data_set.h"
#include "ferv/training/options.h"

namespace ferv::training {

[[nodiscard]] inline data::DataSetOptions data_set_options(const TrainOptions& options) {
  return {.layout = options.layout,
          .setup = options.setup,
          .fold = options.fold,
          .clips = options.clips,
          .label_order = options.label_order,
          .train_list = options.train_list,
          .test_list = options.test_list};
}

}  // namespace ferv::training

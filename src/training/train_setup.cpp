// SPDX-License-Identifier: Apache-2.0
#include "train_setup.h"

#include <filesystem>

#include "batch_tensors.h"
#include "ferv/base/error.h"
#include "ferv/data/open_data_set.h"
#include "ferv/data/splits.h"
#include "ferv/models/zoo.h"
#include "ferv/nn/device.h"
#include "ferv/nn/precision.h"
#include "ferv/nn/repeated_work.h"
#include "ferv/nn/runtime.h"
#include "train_data.h"

namespace ferv::training {

/// Numbers that depend on the machine are fixed once, so that a resume elsewhere does the same sums.
TrainOptions resolved(TrainOptions options, nn::Communicator& communicator) {
  if (options.threads == 0) options.threads = nn::threads_for_rank(communicator);
  if (options.loader_threads == 0) options.loader_threads = options.threads;
  const torch::Device device = device_of_rank(options, communicator);
  options.device = nn::settled_device_name(options.device, device);
  if (options.cuda_graphs) (void)nn::make_graph_recorder(device);  // refused before anything is written
  options.precision = nn::to_string(nn::precision_from_name(options.precision, device.type()));
  options.streams = to_text(streams_of(options.streams, options.model));
  return options;
}

torch::Device device_of_rank(const TrainOptions& options, const nn::Communicator& communicator) {
  return nn::device_from_name(options.device, nn::visible_gpus(communicator.environment().local_rank));
}

TrainOptions with_absolute_paths(TrainOptions options) {
  for (std::string* path : {&options.data, &options.init_from, &options.train_list, &options.test_list}) {
    if (!path->empty()) *path = std::filesystem::absolute(*path).lexically_normal().string();
  }
  return options;
}

/// A pre-trained row without its pre-training would be another row under its name.
void require_starting_weights(const TrainOptions& options) {
  const models::ModelCard& card = models::card(options.model);
  if (card.starts_from.empty() || !options.init_from.empty()) return;
  throw invalid_argument("init_from is empty, wanted weights for " + options.model + " to start from: " +
                         card.starts_from + "; for fresh weights train " + card.architecture);
}

data::ClipIndex read_data(const TrainOptions& options, const Observer& observer) {
  data::ClipIndex index = data::open_data_set(options.data, data_set_options(options), observer);
  if (options.protocol == "clean") {
    data::hold_out_validation(index, options.validation_fraction, static_cast<std::uint64_t>(options.seed));
  }
  return index;
}

}  // namespace ferv::training

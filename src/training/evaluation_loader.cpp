// SPDX-License-Identifier: Apache-2.0
#include "evaluation_loader.h"

namespace ferv::training {

data::LoaderOptions loader_options_of(const EvaluationOptions& options, const ClipSpec& spec,
                                      const View& view) {
  data::LoaderOptions loader;
  loader.spec = spec;
  loader.sampling = options.sampling;
  loader.sampling.view = view.window;
  loader.sampling.view_count = options.view_count;
  loader.test_crop = view.crop;
  loader.test_crop_count = options.crop_count;
  loader.batch_size = options.batch_size;
  loader.threads = options.loader_threads;
  loader.streams = options.streams;
  return loader;
}

}  // namespace ferv::training

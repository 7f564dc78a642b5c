// SPDX-License-Identifier: Apache-2.0
#include "data_set_arguments.h"

#include <string>
#include <vector>

namespace ferv::app {

void add_data_set_options(CLI::App& command, data::DataSetOptions& options) {
  std::vector<std::string> layouts = data::layout_names();
  layouts.insert(layouts.begin(), "auto");
  command
      .add_option(
          "--layout", options.layout,
          "whose release it is; auto = told by its folders, but csv, folders and lists are told only here")
      ->capture_default_str()
      ->check(CLI::IsMember(layouts));
  command
      .add_option("--fold", options.fold,
                  "of data sets with folds: whose part is the test split, from 1 (default 1)")
      ->check(CLI::Range(1, 100));
  command.add_option("--clips-of", options.clips, "full, or 16f for DFEW's clips of 16 frames")
      ->capture_default_str()
      ->check(CLI::IsMember({"full", "16f"}));
  command.add_option(
      "--label-order", options.label_order,
      "of lists with numbers, or of your own classes: dfew, alphabetical, neutral-last, or names "
      "with commas between");
  command.add_option("--train-list", options.train_list,
                     "of layout lists: lines `path frames label` or `path,label`");
  command.add_option("--test-list", options.test_list, "of layout lists, the same");
  command.add_option("--setup", options.setup, "of FERV39k: all, a scenario (DL11k ...) or a scene")
      ->capture_default_str();
}

}  // namespace ferv::app

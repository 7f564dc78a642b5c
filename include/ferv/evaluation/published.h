// SPDX-License-Identifier: Apache-2.0
// What others have published on FERV39k, as printed, with where it is printed. All of it was selected on the
// test set, as far as its code is public.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::evaluation {

/// In percent, as text: masked digits ("41.XX") stay masked.
struct PublishedFigure {
  std::string subset;  ///< "All", a scenario's short name or a scene
  std::string war;
  std::string uar;
};

struct PublishedRow {
  std::string method;
  std::string model_id;  ///< row of ferv's zoo, or ""
  int year = 0;
  std::string source;
  std::vector<PublishedFigure> figures;
};

[[nodiscard]] std::span<const PublishedRow> published_results();
/// The row of a zoo model, or nullptr.
[[nodiscard]] const PublishedRow* published_row(std::string_view model_id);
/// The figure of a subset, or nullptr.
[[nodiscard]] const PublishedFigure* figure_of(const PublishedRow& row, std::string_view subset);

/// RS50-LSTM trained on the train clips of one scenario, tested on the test clips of another.
struct PublishedTransfer {
  std::string trained_on;
  std::string tested_on;
  std::string war;
  std::string uar;
};
/// The 4 x 4 of the project page, row by row.
[[nodiscard]] std::span<const PublishedTransfer> published_transfers();

/// Recall of each class on all test clips, in the order of data::expression_names(); `source` holds for all.
struct PublishedRecalls {
  std::string method;
  std::vector<std::string> recalls;
};
[[nodiscard]] std::span<const PublishedRecalls> published_recalls();

/// Where the two tables above are printed.
[[nodiscard]] std::string_view source_of_transfers();
[[nodiscard]] std::string_view source_of_recalls();

}  // namespace ferv::evaluation

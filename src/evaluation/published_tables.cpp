// SPDX-License-Identifier: Apache-2.0
// Published tables beside the leaderboard: transfer between scenarios, recall of each class; see published.h.
#include "ferv/evaluation/published.h"

namespace ferv::evaluation {

std::span<const PublishedTransfer> published_transfers() {
  static const std::vector<PublishedTransfer> kTransfers = {
      {"DL11k", "DL11k", "37.69", "27.21"},  {"DL11k", "WIS9k", "29.98", "19.93"},
      {"DL11k", "SIA10k", "31.15", "21.87"}, {"DL11k", "AI9k", "24.27", "18.54"},
      {"WIS9k", "DL11k", "27.04", "19.95"},  {"WIS9k", "WIS9k", "40.5", "26.6"},
      {"WIS9k", "SIA10k", "31.78", "19.9"},  {"WIS9k", "AI9k", "24.62", "19.24"},
      {"SIA10k", "DL11k", "28.57", "21.92"}, {"SIA10k", "WIS9k", "31.39", "19.95"},
      {"SIA10k", "SIA10k", "39.72", "24.9"}, {"SIA10k", "AI9k", "27.75", "20.28"},
      {"AI9k", "DL11k", "26.29", "20.21"},   {"AI9k", "WIS9k", "23.3", "18.29"},
      {"AI9k", "SIA10k", "23.85", "17.93"},  {"AI9k", "AI9k", "31.62", "24.16"}};
  return kTransfers;
}

std::span<const PublishedRecalls> published_recalls() {
  static const std::vector<PublishedRecalls> kRecalls = {
      {"C3D", {"48.20", "35.53", "52.71", "13.72", "3.45", "4.93", "0.23"}},
      {"3D-R18", {"57.64", "28.21", "59.60", "33.29", "4.70", "0.21", "3.02"}},
      {"R18-LSTM", {"61.91", "31.95", "61.70", "45.93", "14.26", "0.00", "0.70"}},
      {"VGG13-LSTM", {"66.26", "51.26", "53.22", "37.93", "13.64", "0.43", "4.18"}},
      {"Two C3D", {"54.85", "52.91", "60.67", "31.34", "5.96", "2.36", "6.96"}},
      {"Two R18-LSTM", {"59.00", "45.87", "61.90", "40.15", "9.87", "1.71", "0.46"}},
      {"Two VGG13-LSTM", {"69.65", "47.31", "52.55", "47.88", "7.68", "1.93", "2.55"}},
      {"P3D", {"61.85", "42.21", "49.80", "42.57", "10.50", "0.86", "5.57"}},
      {"R(2+1)D", {"59.33", "42.43", "50.82", "42.57", "16.30", "4.50", "4.87"}},
      {"Former-DFER", {"65.65", "51.33", "56.74", "43.64", "21.94", "8.57", "12.53"}},
      {"STT", {"69.77", "47.81", "59.14", "47.41", "20.22", "10.49", "9.51"}},
      {"NR-DFERNet", {"69.18", "54.77", "51.12", "49.70", "13.17", "0.00", "0.23"}}};
  return kRecalls;
}

std::string_view source_of_transfers() {
  return "FERV39k, CVPR 2022: project page, cross-scenario table (RS50-LSTM)";
}

std::string_view source_of_recalls() {
  return "SVFAP, Table 9";
}

}  // namespace ferv::evaluation

// SPDX-License-Identifier: Apache-2.0
// Figures as their sources print them; see published.h.
#include "ferv/evaluation/published.h"

#include <vector>

namespace ferv::evaluation {
namespace {

constexpr const char* kProject = "FERV39k, CVPR 2022: project page, table of results";

const std::vector<PublishedRow>& rows() {
  static const std::vector<PublishedRow> kRows = {
      {"R18", "resnet18", 2022, kProject,
       {{"All", "39.33", "30.30"}, {"DL11k", "39.75", "31.36"}, {"WIS9k", "40.50", "28.67"}, {"SIA10k", "42.31", "30.02"}, {"AI9k", "33.90", "27.20"}, {"Social", "39.74", "33.26"}, {"DailyLife", "41.40", "31.13"}, {"Liveshow", "37.72", "26.82"}, {"Talkshow", "38.57", "25.47"}, {"Interview", "45.75", "29.18"}, {"Contest", "48.24", "33.37"}, {"Experiment", "49.56", "26.70"}, {"Terror", "31.28", "26.69"}, {"Crisis", "36.88", "29.21"}}},
      {"R50", "resnet50", 2022, kProject,
       {{"All", "30.57", "22.47"}, {"DL11k", "30.46", "21.52"}, {"WIS9k", "32.52", "23.50"}, {"SIA10k", "30.56", "22.68"}, {"AI9k", "30.14", "19.94"}, {"Social", "27.51", "25.05"}, {"DailyLife", "31.00", "19.37"}, {"Liveshow", "28.51", "23.13"}, {"Talkshow", "28.86", "20.14"}, {"Interview", "33.25", "21.72"}, {"Contest", "37.06", "27.55"}, {"Experiment", "31.86", "16.89"}, {"Terror", "26.54", "19.67"}, {"Crisis", "24.25", "20.11"}}},
      {"VGG13", "vgg13", 2022, kProject,
       {{"All", "41.02", "31.19"}, {"DL11k", "40.40", "31.59"}, {"WIS9k", "43.04", "30.23"}, {"SIA10k", "43.44", "29.99"}, {"AI9k", "38.86", "29.94"}, {"Social", "48.03", "35.50"}, {"DailyLife", "39.07", "28.63"}, {"Liveshow", "44.74", "30.40"}, {"Talkshow", "40.57", "26.25"}, {"Interview", "44.34", "28.83"}, {"Contest", "47.62", "32.39"}, {"Experiment", "49.56", "26.52"}, {"Terror", "36.73", "31.48"}, {"Crisis", "42.52", "31.65"}}},
      {"VGG16", "vgg16", 2022, kProject,
       {{"All", "41.66", "32.01"}, {"DL11k", "41.81", "32.59"}, {"WIS9k", "42.93", "30.77"}, {"SIA10k", "42.31", "29.58"}, {"AI9k", "39.60", "31.46"}, {"Social", "43.23", "34.77"}, {"DailyLife", "41.19", "28.73"}, {"Liveshow", "46.05", "33.65"}, {"Talkshow", "39.43", "24.96"}, {"Interview", "47.17", "30.77"}, {"Contest", "48.03", "32.92"}, {"Experiment", "52.21", "33.12"}, {"Terror", "39.57", "34.21"}, {"Crisis", "40.86", "32.95"}}},
      {"R18-LSTM", "r18_lstm", 2022, kProject,
       {{"All", "42.59", "30.92"}, {"DL11k", "43.34", "32.24"}, {"WIS9k", "44.12", "29.59"}, {"SIA10k", "42.85", "28.78"}, {"AI9k", "39.66", "30.40"}, {"Social", "42.36", "31.47"}, {"DailyLife", "41.61", "29.11"}, {"Liveshow", "46.93", "31.59"}, {"Talkshow", "44.57", "27.23"}, {"Interview", "45.52", "28.01"}, {"Contest", "50.10", "33.79"}, {"Experiment", "48.67", "25.42"}, {"Terror", "35.55", "29.96"}, {"Crisis", "44.85", "33.46"}}},
      {"R50-LSTM", "r50_lstm", 2022, kProject,
       {{"All", "40.75", "32.12"}, {"DL11k", "40.93", "32.91"}, {"WIS9k", "41.74", "30.70"}, {"SIA10k", "42.16", "30.39"}, {"AI9k", "38.01", "31.16"}, {"Social", "42.79", "35.70"}, {"DailyLife", "41.61", "28.00"}, {"Liveshow", "40.35", "30.40"}, {"Talkshow", "40.00", "27.42"}, {"Interview", "43.87", "30.02"}, {"Contest", "48.24", "34.32"}, {"Experiment", "47.79", "33.17"}, {"Terror", "36.26", "32.46"}, {"Crisis", "39.87", "31.87"}}},
      {"VGG13-LSTM", "vgg13_lstm", 2022, kProject,
       {{"All", "43.37", "32.41"}, {"DL11k", "42.29", "32.46"}, {"WIS9k", "44.23", "30.81"}, {"SIA10k", "45.00", "31.45"}, {"AI9k", "41.20", "31.49"}, {"Social", "43.67", "34.64"}, {"DailyLife", "46.07", "31.50"}, {"Liveshow", "45.61", "31.28"}, {"Talkshow", "44.29", "29.17"}, {"Interview", "47.17", "30.07"}, {"Contest", "49.90", "33.66"}, {"Experiment", "57.52", "36.17"}, {"Terror", "40.28", "33.61"}, {"Crisis", "42.86", "31.11"}}},
      {"VGG16-LSTM", "vgg16_lstm", 2022, kProject,
       {{"All", "41.70", "30.93"}, {"DL11k", "42.99", "32.32"}, {"WIS9k", "41.63", "28.42"}, {"SIA10k", "43.83", "29.83"}, {"AI9k", "37.04", "29.39"}, {"Social", "49.34", "36.83"}, {"DailyLife", "44.37", "30.58"}, {"Liveshow", "36.84", "25.76"}, {"Talkshow", "41.14", "26.39"}, {"Interview", "46.23", "27.39"}, {"Contest", "48.65", "34.15"}, {"Experiment", "53.10", "30.03"}, {"Terror", "36.26", "32.83"}, {"Crisis", "41.53", "33.59"}}},
      {"C3D", "c3d", 2022, kProject,
       {{"All", "31.69", "22.68"}, {"DL11k", "26.95", "21.02"}, {"WIS9k", "30.15", "19.94"}, {"SIA10k", "42.70", "29.22"}, {"AI9k", "27.29", "19.80"}, {"Social", "34.50", "24.34"}, {"DailyLife", "26.96", "18.35"}, {"Liveshow", "28.51", "22.55"}, {"Talkshow", "36.57", "23.25"}, {"Interview", "43.16", "26.35"}, {"Contest", "46.58", "32.44"}, {"Experiment", "54.87", "22.87"}, {"Terror", "22.99", "20.31"}, {"Crisis", "32.56", "20.93"}}},
      {"I3D", "i3d", 2022, kProject,
       {{"All", "38.78", "30.17"}, {"DL11k", "38.56", "29.25"}, {"WIS9k", "38.52", "29.11"}, {"SIA10k", "40.55", "31.07"}, {"AI9k", "37.44", "28.15"}, {"Social", "37.55", "32.05"}, {"DailyLife", "39.70", "26.09"}, {"Liveshow", "37.72", "30.57"}, {"Talkshow", "26.29", "18.27"}, {"Interview", "41.51", "27.87"}, {"Contest", "45.55", "35.43"}, {"Experiment", "53.10", "31.56"}, {"Terror", "33.89", "29.10"}, {"Crisis", "36.54", "28.81"}}},
      {"3D-R18", "r3d18", 2022, kProject,
       {{"All", "37.57", "26.67"}, {"DL11k", "37.69", "27.47"}, {"WIS9k", "38.40", "24.85"}, {"SIA10k", "40.40", "26.08"}, {"AI9k", "33.45", "25.40"}, {"Social", "41.48", "29.83"}, {"DailyLife", "35.67", "24.95"}, {"Liveshow", "39.04", "25.12"}, {"Talkshow", "36.29", "21.86"}, {"Interview", "42.69", "22.70"}, {"Contest", "44.10", "28.32"}, {"Experiment", "54.87", "32.50"}, {"Terror", "31.28", "27.83"}, {"Crisis", "37.21", "27.25"}}},
      {"Two C3D", "two_c3d", 2022, kProject,
       {{"All", "41.77", "30.72"}, {"DL11k", "41.45", "31.37"}, {"WIS9k", "43.44", "29.77"}, {"SIA10k", "44.71", "30.15"}, {"AI9k", "37.89", "28.09"}, {"Social", "47.16", "32.22"}, {"DailyLife", "35.46", "23.26"}, {"Liveshow", "41.23", "25.74"}, {"Talkshow", "42.00", "27.89"}, {"Interview", "46.23", "28.45"}, {"Contest", "48.03", "32.31"}, {"Experiment", "63.72", "37.55"}, {"Terror", "35.78", "30.47"}, {"Crisis", "40.86", "29.60"}}},
      {"Two I3D", "two_i3d", 2022, kProject,
       {{"All", "41.30", "31.01"}, {"DL11k", "41.02", "31.55"}, {"WIS9k", "42.31", "30.14"}, {"SIA10k", "43.63", "31.20"}, {"AI9k", "38.75", "28.53"}, {"Social", "44.98", "30.94"}, {"DailyLife", "40.76", "28.93"}, {"Liveshow", "38.16", "25.91"}, {"Talkshow", "39.43", "28.37"}, {"Interview", "44.81", "29.96"}, {"Contest", "48.03", "33.28"}, {"Experiment", "54.87", "26.96"}, {"Terror", "36.02", "29.19"}, {"Crisis", "38.87", "28.01"}}},
      {"Two 3D-R18", "two_r3d18", 2022, kProject,
       {{"All", "42.28", "30.55"}, {"DL11k", "42.77", "32.72"}, {"WIS9k", "44.12", "29.63"}, {"SIA10k", "42.95", "27.83"}, {"AI9k", "38.46", "28.54"}, {"Social", "49.34", "31.62"}, {"DailyLife", "39.28", "28.41"}, {"Liveshow", "41.67", "28.50"}, {"Talkshow", "38.57", "24.66"}, {"Interview", "45.52", "24.71"}, {"Contest", "48.45", "33.16"}, {"Experiment", "62.83", "33.41"}, {"Terror", "35.07", "28.73"}, {"Crisis", "42.19", "29.58"}}},
      {"Two R18-LSTM", "two_r18_lstm", 2022, kProject,
       {{"All", "43.20", "31.28"}, {"DL11k", "42.20", "31.66"}, {"WIS9k", "44.91", "30.37"}, {"SIA10k", "46.33", "31.09"}, {"AI9k", "40.40", "30.04"}, {"Social", "47.60", "35.60"}, {"DailyLife", "40.55", "27.09"}, {"Liveshow", "44.74", "26.55"}, {"Talkshow", "43.43", "27.52"}, {"Interview", "47.41", "28.50"}, {"Contest", "53.00", "33.93"}, {"Experiment", "57.52", "24.56"}, {"Terror", "36.49", "29.94"}, {"Crisis", "43.85", "31.45"}}},
      {"Two VGG13-LSTM", "two_vgg13_lstm", 2022, kProject,
       {{"All", "44.54", "32.79"}, {"DL11k", "44.65", "32.96"}, {"WIS9k", "45.25", "31.45"}, {"SIA10k", "46.57", "31.88"}, {"AI9k", "40.63", "30.96"}, {"Social", "48.03", "36.43"}, {"DailyLife", "46.92", "31.55"}, {"Liveshow", "48.25", "33.02"}, {"Talkshow", "45.14", "28.30"}, {"Interview", "46.70", "28.35"}, {"Contest", "52.80", "35.32"}, {"Experiment", "53.98", "31.66"}, {"Terror", "37.44", "32.49"}, {"Crisis", "46.84", "35.11"}}},
      {"RS18-LSTM, MS-Celeb-1M", "r18_lstm.msceleb", 2022, "FERV39k README (digits masked by its authors)", {{"All", "41.XX", "31.XX"}}},
      {"RS18-LSTM, DFEW", "r18_lstm.dfew", 2022, "FERV39k README (digits masked by its authors)", {{"All", "41.XX", "29.XX"}}},
      {"RS50-LSTM, MS-Celeb-1M", "r50_lstm.msceleb", 2022, "FERV39k README (digits masked by its authors)", {{"All", "46.XX", "34.XX"}}},
      {"RS50-LSTM, DFEW", "r50_lstm.dfew", 2022, "FERV39k README (digits masked by its authors)", {{"All", "41.XX", "29.XX"}}},
      {"Former-DFER", "", 2021, "SVFAP, Table 9; its own README prints 45.72/36.88", {{"All", "46.85", "37.20"}}},
      {"STT", "", 2022, "SVFAP, Table 9", {{"All", "48.11", "37.76"}}},
      {"NR-DFERNet", "", 2022, "SVFAP, Table 9", {{"All", "45.97", "33.99"}}},
      {"LOGO-Former", "", 2023, "SurveyFER README", {{"All", "48.13", "38.22"}}},
      {"GCA+IAL", "", 2023, "SurveyFER README", {{"All", "48.54", "35.82"}}},
      {"FreqHD (R18)", "", 2023, "SurveyFER README", {{"All", "43.93", "32.24"}}},
      {"M3DFEL", "", 2023, "SurveyFER README", {{"All", "47.67", "35.94"}}},
      {"AEN", "", 2023, "SurveyFER README", {{"All", "47.88", "38.18"}}},
      {"CLIPER", "", 2023, "SurveyFER README", {{"All", "51.34", "41.23"}}},
      {"DFER-CLIP", "", 2023, "SurveyFER README", {{"All", "51.65", "41.27"}}},
      {"EmoCLIP", "", 2024, "SurveyFER README", {{"All", "36.18", "31.41"}}},
      {"SVFAP-S", "", 2023, "SVFAP, Table 9", {{"All", "51.34", "41.19"}}},
      {"SVFAP-B", "", 2023, "SVFAP, Table 9", {{"All", "52.29", "42.14"}}},
      {"MAE-DFER", "", 2023, "its own README", {{"All", "52.07", "43.12"}}},
      {"S2D", "", 2023, "its own README", {{"All", "52.56", "41.28"}}},
      {"CDGT", "", 2024, "SurveyFER README", {{"All", "50.80", "41.34"}}},
      {"LSGTNet", "", 2024, "SurveyFER README", {{"All", "51.31", "41.30"}}},
      {"SFT", "", 2024, "SurveyFER README", {{"All", "47.80", "35.16"}}},
      {"OUS", "", 2024, "SignificantOther README", {{"All", "53.30", "42.43"}}},
      {"A3lign-DFER", "", 2024, "SurveyFER README", {{"All", "51.77", "41.87"}}},
      {"UMBEnet", "", 2024, "SurveyFER README", {{"All", "52.10", "44.01"}}},
      {"FineCLIPER", "", 2024, "SurveyFER README", {{"All", "53.98", "45.22"}}},
      {"PTH-Net", "", 2024, "PTH-Net, Table V", {{"All", "50.47", "40.29"}}},
      {"UniLearn / S4D", "", 2025, "SignificantOther README", {{"All", "53.65", "43.41"}}},
      {"PE-CLIP", "", 2026, "its own README", {{"All", "51.26", "41.57"}}},
      {"SignificantOther-7B", "", 2024, "its own README", {{"All", "58.84", "53.69"}}},
  };
  return kRows;
}

}  // namespace

std::span<const PublishedRow> published_results() { return rows(); }

const PublishedRow* published_row(std::string_view model_id) {
  for (const PublishedRow& row : rows()) {
    if (!model_id.empty() && row.model_id == model_id) return &row;
  }
  return nullptr;
}

const PublishedFigure* figure_of(const PublishedRow& row, std::string_view subset) {
  for (const PublishedFigure& figure : row.figures) {
    if (figure.subset == subset) return &figure;
  }
  return nullptr;
}

}  // namespace ferv::evaluation

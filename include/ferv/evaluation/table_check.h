// SPDX-License-Identifier: Apache-2.0
// Can the figures of a published table come from N test clips? A share of N clips is k / N for a whole k, and
// few of those round to a given figure.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace ferv::evaluation {

enum class Verdict {
  kPossible,    ///< some k / N rounds to the figure
  kOnlyIfCut,   ///< some k / N has its digits when the rest is cut off, none when rounded
  kImpossible,  ///< no k / N
};

/// `figure` in percent with as many decimals as it is printed with, e.g. "39.33". Throws kInvalidArgument for
/// text that is no such number or fewer than one clip.
[[nodiscard]] Verdict check_share(std::string_view figure, std::int64_t clip_count);

/// How many of all figures with `decimals` decimals (0 to 4) are possible, in (0, 1]: what a wrong figure
/// passes with.
[[nodiscard]] double share_of_possible_figures(std::int64_t clip_count, int decimals);

struct FigureCheck {
  std::string method;
  std::string column;
  std::string figure;
  std::int64_t clip_count = 0;
  Verdict verdict = Verdict::kPossible;
  double nearest = 0;  ///< the k / N next to it, in percent
};

struct TableCheck {
  std::vector<FigureCheck> figures;  ///< each share of clips, in the order of the file
  std::vector<std::string>
      contradictions;  ///< rows whose class recalls give another WAR or UAR than they print
  std::vector<std::string> columns_not_read;
  std::int64_t uar_count = 0;     ///< UARs: means of seven shares, which nearly any figure can be
  std::int64_t masked_count = 0;  ///< cells whose digits are hidden ("41.XX")
  std::int64_t empty_count = 0;   ///< cells of read columns without a figure
  [[nodiscard]] bool all_can_be() const;
};

/// Reads a CSV whose first column names methods. Columns that are read: `WAR`, `UAR`, `WAR/UAR`, `UAR/WAR`,
/// each alone (all test clips) or after a scenario or scene and a blank, `_` or nothing ("DL11k_WAR",
/// "Social"); a name of a subset alone holds "WAR/UAR" pairs; a class, or a class and `recall`. `clip_count`
/// replaces FERV39k's count for all clips where it is over 0; classes are then not checked. Throws kNotFound,
/// kCorruptData for a file without a column that can be read, a row of another length, or a figure that is no
/// percentage.
[[nodiscard]] TableCheck check_table(const std::filesystem::path& path, std::int64_t clip_count = 0);

}  // namespace ferv::evaluation

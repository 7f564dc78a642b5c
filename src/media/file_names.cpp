// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/file_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "ferv/base/lower_case.h"

namespace ferv::media {
namespace {

constexpr std::array<std::string_view, 11> kFilmEndings = {".mp4", ".m4v", ".avi",  ".mkv", ".mov", ".webm",
                                                           ".flv", ".mpg", ".mpeg", ".ts",  ".wmv"};
constexpr std::array<std::string_view, 3> kPictureEndings = {".jpg", ".jpeg", ".png"};

bool ends_in_one_of(std::string_view name, std::span<const std::string_view> endings) {
  const std::string lower = lower_case(name);
  return std::any_of(endings.begin(), endings.end(), [&](std::string_view ending) {
    return lower.size() > ending.size() && lower.ends_with(ending);
  });
}

}  // namespace

bool is_film_name(std::string_view name) {
  return ends_in_one_of(name, kFilmEndings);
}

bool is_picture_name(std::string_view name) {
  return ends_in_one_of(name, kPictureEndings);
}

}  // namespace ferv::media

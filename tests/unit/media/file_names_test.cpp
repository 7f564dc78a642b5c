// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/file_names.h"

#include <gtest/gtest.h>

namespace ferv::media {
namespace {

TEST(IsFilmName, KnowsTheUsualEndings) {
  for (const char* name : {"a.mp4", "a.AVI", "b.c.webm"}) EXPECT_TRUE(is_film_name(name)) << name;
  for (const char* name : {".mp4", "mp4", "a.jpg", ""}) EXPECT_FALSE(is_film_name(name)) << name;
}

TEST(IsPictureName, KnowsJpegAndPng) {
  for (const char* name : {"0.jpg", "a.JPEG", "b.png"}) EXPECT_TRUE(is_picture_name(name)) << name;
  for (const char* name : {".png", "jpg", "a.mp4", ""}) EXPECT_FALSE(is_picture_name(name)) << name;
}

}  // namespace
}  // namespace ferv::media

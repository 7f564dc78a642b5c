// SPDX-License-Identifier: Apache-2.0
#include "ferv/base/free_memory.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

namespace ferv {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kHasOwnMalloc = false;
#else
constexpr bool kHasOwnMalloc = true;
#endif

std::int64_t resident_bytes() {
  std::int64_t all_pages = 0, resident_pages = 0;
  std::ifstream("/proc/self/statm") >> all_pages >> resident_pages;
  return resident_pages * ::sysconf(_SC_PAGESIZE);
}

TEST(ReturnFreeMemory, GivesBackWhatLiesBetweenBlocksInUse) {
  if (!kHasOwnMalloc) GTEST_SKIP() << "a sanitizer's malloc keeps what is freed";
  constexpr std::size_t kBlockBytes = 64 << 10;
  std::vector<std::unique_ptr<char[]>> blocks;
  for (int i = 0; i < 2000; ++i) {
    blocks.push_back(std::make_unique<char[]>(kBlockBytes));
    std::memset(blocks.back().get(), 1, kBlockBytes);
  }
  // The heap's end stays in use, so that free() itself cannot give anything back.
  for (std::size_t i = 0; i + 1 < blocks.size(); ++i) {
    if (i % 10 != 0) blocks[i].reset();
  }
  const std::int64_t before = resident_bytes();
  return_free_memory();
  EXPECT_LT(resident_bytes(), before - std::int64_t{64} * 1024 * 1024) << "of 112 MB that are free";
}

}  // namespace
}  // namespace ferv

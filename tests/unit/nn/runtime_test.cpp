// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/runtime.h"

#include <sys/resource.h>
#include <torch/torch.h>
#include <unistd.h>

#include <filesystem>

#include "ferv/base/parallel.h"
#include "matchers.h"

namespace ferv::nn {
namespace {

TEST(ConfigureRuntime, SetsTheThreadsOfLibTorch) {
  configure_runtime({.threads = 1});
  EXPECT_EQ(runtime_facts().threads, 1);
  configure_runtime({});
  EXPECT_EQ(runtime_facts().threads, available_cores());
}

TEST(ConfigureRuntime, KeepsTheMemoryOfFreedTensors) {
  configure_runtime({});
  constexpr std::int64_t kBytes = std::int64_t{256} << 20;
  const auto faults = [] {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_minflt;
  };
  constexpr int kTensors = 8;
  const auto make_tensors = [] {
    for (int i = 0; i < kTensors; ++i) (void)torch::ones({kBytes}, torch::kUInt8);
  };
  // The heap may grow for several of the first: a freed block is a few bytes too small for the next one to be
  // aligned in it, until blocks beside each other have become one.
  make_tensors();
  const auto before = faults();
  make_tensors();
  const std::int64_t pages_of_all = kTensors * (kBytes / ::sysconf(_SC_PAGESIZE));
  EXPECT_LT(faults() - before, pages_of_all / 2);
}

TEST(RuntimeFacts, NameTheLibrariesThatServe) {
  const RuntimeFacts facts = runtime_facts();
  EXPECT_FALSE(facts.torch_version.empty());
  EXPECT_THAT(facts.blas, testing::HasSubstr("blas"));
  EXPECT_FALSE(std::filesystem::is_symlink(facts.blas)) << "a link's name does not say which library it is";
  EXPECT_THAT(facts.aten_capability, testing::AnyOf("DEFAULT", "AVX2", "AVX512", "NO"));
}

}  // namespace
}  // namespace ferv::nn

// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/runtime.h"

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

TEST(RuntimeFacts, NameTheLibrariesThatServe) {
  const RuntimeFacts facts = runtime_facts();
  EXPECT_FALSE(facts.torch_version.empty());
  EXPECT_THAT(facts.blas, testing::HasSubstr("blas"));
  EXPECT_THAT(facts.aten_capability, testing::AnyOf("DEFAULT", "AVX2", "AVX512", "NO"));
}

}  // namespace
}  // namespace ferv::nn

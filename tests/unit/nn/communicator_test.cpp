// SPDX-License-Identifier: Apache-2.0
#include "ferv/nn/communicator.h"

#include <torch/torch.h>

#include <chrono>
#include <thread>

#include "matchers.h"
#include "rank_threads.h"

namespace ferv::nn {
namespace {

using test::run_ranks;
using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

TEST(Communicator, AloneChangesNothing) {
  Communicator alone;
  EXPECT_TRUE(alone.is_alone());
  EXPECT_TRUE(alone.is_first());
  const torch::Tensor tensor = torch::rand({5});
  const torch::Tensor before = tensor.clone();
  alone.sum({tensor});
  alone.broadcast({tensor});
  EXPECT_TRUE(tensor.equal(before));
  EXPECT_TRUE(alone.any(true));
  EXPECT_FALSE(alone.any(false));
  EXPECT_EQ(alone.gather("text"), std::vector<std::string>{"text"});
  alone.leave();
}

TEST(Communicator, RefusesRanksInABuildWithoutGloo) {
  if (has_process_groups()) GTEST_SKIP() << "this build has Gloo";
  test::expect_error(ErrorKind::kUnsupported, HasSubstr("libgloo-dev"),
                     [] { Communicator communicator(test::rank_of_test(0, 2, 1), 1); });
}

TEST(Communicator, SumsTheSameBitsOnAllRanks) {
  FERV_REQUIRE_GLOO();
  std::vector<torch::Tensor> sums(3);
  const auto errors = run_ranks(3, 60, [&](Communicator& communicator) {
    const auto rank = static_cast<std::size_t>(communicator.rank());
    const torch::Tensor large = torch::linspace(0.1, 1.0, 100003) * (communicator.rank() + 0.3);
    const torch::Tensor small = torch::full({2, 2}, communicator.rank() + 1.0, torch::kFloat64);
    communicator.sum({large, torch::empty({0}), small});
    EXPECT_TRUE(small.equal(torch::full({2, 2}, 6.0, torch::kFloat64)));
    sums[rank] = large;
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
  EXPECT_TRUE(sums[0].equal(sums[1]) && sums[0].equal(sums[2]));
  EXPECT_TRUE(sums[0].allclose(torch::linspace(0.1, 1.0, 100003) * 3.9, 1e-5));
}

TEST(Communicator, BroadcastsGathersAndVotes) {
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(3, 60, [&](Communicator& communicator) {
    const int rank = communicator.rank();
    const torch::Tensor tensor = torch::full({4}, rank + 7, torch::kInt64);
    communicator.broadcast({tensor});
    EXPECT_TRUE(tensor.equal(torch::full({4}, 7, torch::kInt64)));
    std::vector<double> values{rank + 0.5};
    communicator.broadcast(values);
    EXPECT_EQ(values[0], 0.5);
    const std::vector<std::string> texts =
        communicator.gather(std::string(static_cast<std::size_t>(rank), 'x'));
    EXPECT_EQ(texts, (std::vector<std::string>{"", "x", "xx"}));
    EXPECT_EQ(communicator.gather(""), std::vector<std::string>(3));
    EXPECT_TRUE(communicator.any(rank == 2));
    EXPECT_FALSE(communicator.any(false));
    EXPECT_GE(threads_for_rank(communicator), 1);
  });
  EXPECT_THAT(errors, Each(IsEmpty()));
}

TEST(Communicator, ARankThatFailsEndsTheOthersWithItsReason) {
  FERV_REQUIRE_GLOO();
  for (const int failing : {0, 1}) {
    const auto errors = run_ranks(3, 60, [&](Communicator& communicator) {
      announcing_failure(communicator, [&] {
        if (communicator.rank() == failing) throw failed("the disk is full");
        (void)communicator.any(false);
      });
    });
    for (int rank = 0; rank < 3; ++rank) {
      const std::string& error = errors[static_cast<std::size_t>(rank)];
      EXPECT_THAT(error, HasSubstr("the disk is full"));
      if (rank != failing) {
        EXPECT_THAT(error,
                    AllOf(HasSubstr("rank " + std::to_string(failing) + " ("), HasSubstr("has failed")));
      }
    }
  }
}

TEST(Communicator, NamesTheRankThatDoesNotComeInTime) {
  FERV_REQUIRE_GLOO();
  const auto errors = run_ranks(3, 1.5, [&](Communicator& communicator) {
    (void)communicator.any(false);
    if (communicator.rank() == 2) std::this_thread::sleep_for(std::chrono::seconds(6));
    (void)communicator.any(false);
  });
  for (const std::string& error : errors) {
    EXPECT_THAT(error, AllOf(HasSubstr("rank 2 ("), HasSubstr("did not come within 1.5 s")));
    EXPECT_THAT(error, AllOf(Not(HasSubstr("rank 0 (")), Not(HasSubstr("rank 1 ("))));
  }
}

TEST(Communicator, NamesTheRanksThatAreMissingAtTheStart) {
  FERV_REQUIRE_GLOO();
  const int port = test::free_port();
  test::expect_error(ErrorKind::kFailed,
                     AllOf(HasSubstr("rank 1, rank 2 of 3 did not come"), HasSubstr("within 1 s")),
                     [&] { Communicator communicator(test::rank_of_test(0, 3, port), 1); });
  test::expect_error(ErrorKind::kFailed, HasSubstr("rank 1 found no rank 0 at 127.0.0.1:"),
                     [&] { Communicator communicator(test::rank_of_test(1, 3, port), 1); });
}

}  // namespace
}  // namespace ferv::nn

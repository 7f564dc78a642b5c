// SPDX-License-Identifier: Apache-2.0
// The ranks of a job as threads of one test.
#pragma once

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "ferv/base/error.h"
#include "ferv/nn/communicator.h"

namespace ferv::test {

/// A port of 127.0.0.1 that nobody listens on.
inline int free_port() {
  const int descriptor = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  socklen_t length = sizeof address;
  (void)::bind(descriptor, reinterpret_cast<sockaddr*>(&address), length);
  (void)::getsockname(descriptor, reinterpret_cast<sockaddr*>(&address), &length);
  ::close(descriptor);
  return ::ntohs(address.sin_port);
}

inline nn::RankEnvironment rank_of_test(int rank, int size, int port) {
  return {.launcher = "test",
          .rank = rank,
          .size = size,
          .local_rank = rank,
          .local_size = size,
          .master_host = "127.0.0.1",
          .master_port = port};
}

/// Calls `work(communicator)` on `size` threads, one a rank, and leaves together. What a rank throws comes
/// back as its text; "" for ranks that end well.
template <typename Work>
std::vector<std::string> run_ranks(int size, double timeout_s, Work&& work) {
  const int port = free_port();
  std::vector<std::string> errors(static_cast<std::size_t>(size));
  {
    std::vector<std::jthread> threads;
    for (int rank = 0; rank < size; ++rank) {
      threads.emplace_back([&, rank] {
        try {
          nn::Communicator communicator(rank_of_test(rank, size, port), timeout_s);
          work(communicator);
          communicator.leave();
        } catch (const Error& error) {
          errors[static_cast<std::size_t>(rank)] = error.what();
        }
      });
    }
  }
  return errors;
}

}  // namespace ferv::test

/// Skips a test, in sight, in a build that runs one process only.
#define FERV_REQUIRE_GLOO() \
  if (!ferv::nn::has_process_groups()) GTEST_SKIP() << "built without Gloo (libgloo-dev)"

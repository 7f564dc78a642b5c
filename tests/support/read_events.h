// SPDX-License-Identifier: Apache-2.0
// The curves of a run as others' code reads them, for tests.
#pragma once

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace ferv::test {

/// What tests/parity/read_events.py prints of a folder: {tag: [[step, value], ...]}. nullopt where the
/// packages that it needs are missing.
inline std::optional<nlohmann::json> read_events(const std::filesystem::path& folder) {
  const std::string command = std::string(FERV_REFERENCE_PYTHON) +
                              " -B '" FERV_SOURCE_DIR "/tests/parity/read_events.py' '" + folder.string() +
                              "'";
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return std::nullopt;
  std::string output;
  char buffer[4096];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, count);
  const int status = ::pclose(pipe);
  if (WIFEXITED(status) && (WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127)) return std::nullopt;
  EXPECT_EQ(status, 0);
  return nlohmann::json::parse(output, nullptr, /*allow_exceptions=*/false);
}

}  // namespace ferv::test

/// Skips a test, in sight, where nobody else can read events.
#define FERV_REQUIRE_EVENTS(events) \
  if (!(events).has_value()) GTEST_SKIP() << "python3-protobuf or python3-crc32c is missing"

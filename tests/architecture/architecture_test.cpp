// SPDX-License-Identifier: Apache-2.0
// The rules of ARCHITECTURE.md, held against the source tree.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

const fs::path kRoot = FERV_SOURCE_DIR;

/// Which rooms a room may include, itself aside: the arrows of ARCHITECTURE.md.
const std::map<std::string, std::set<std::string>> kArrows = {
    {"base", {}},
    {"media", {"base"}},
    {"synth", {"base", "media"}},
    {"data", {"base", "media"}},
    {"evaluation", {"base", "media", "data"}},
    {"nn", {"base"}},
    {"models", {"base", "nn"}},
    {"weights", {"base"}},
    {"training", {"base", "data", "nn", "models", "weights", "evaluation"}},
    {"face", {"base", "media"}},
    {"inference", {"base", "media", "data", "face", "nn", "models", "weights"}},
};

const std::set<std::string> kRoomsWithoutTorch = {"base", "media", "synth", "data", "evaluation", "face"};

struct SourceFile {
  fs::path path;
  std::string room;  ///< "" outside include/ferv and src
  std::vector<std::string> lines;
};

std::vector<SourceFile> read_tree() {
  std::vector<SourceFile> files;
  for (const char* top : {"include/ferv", "src", "apps", "tests"}) {
    for (const auto& entry : fs::recursive_directory_iterator(kRoot / top)) {
      const std::string extension = entry.path().extension().string();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
      SourceFile file{fs::relative(entry.path(), kRoot), "", {}};
      auto part = file.path.begin();
      if (*part == "include")
        std::advance(part, 2);
      else if (*part == "src")
        std::advance(part, 1);
      else
        part = file.path.end();
      if (part != file.path.end()) file.room = part->string();
      std::ifstream stream(entry.path());
      for (std::string line; std::getline(stream, line);) file.lines.push_back(line);
      files.push_back(std::move(file));
    }
  }
  return files;
}

const std::vector<SourceFile>& tree() {
  static const std::vector<SourceFile> files = read_tree();
  return files;
}

/// Reports each line of the library (not programs or tests) that matches.
void expect_no_library_line(const std::regex& pattern, const std::string& why) {
  for (const SourceFile& file : tree()) {
    if (file.room.empty()) continue;
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      const std::string code = file.lines[i].substr(0, file.lines[i].find("//"));
      EXPECT_FALSE(std::regex_search(code, pattern))
          << file.path.string() << ":" << i + 1 << ": " << why << ": " << file.lines[i];
    }
  }
}

TEST(Architecture, FindsTheWholeTree) {
  EXPECT_GT(tree().size(), 100U);
}

TEST(Architecture, RoomsIncludeOnlyAlongTheArrows) {
  const std::regex include(R"re(#include\s+"ferv/(\w+)/)re");
  for (const SourceFile& file : tree()) {
    if (file.room.empty()) continue;
    ASSERT_TRUE(kArrows.contains(file.room)) << "unknown room " << file.room << " of " << file.path;
    for (const std::string& line : file.lines) {
      std::smatch match;
      if (!std::regex_search(line, match, include)) continue;
      const std::string used = match[1];
      EXPECT_TRUE(used == file.room || kArrows.at(file.room).contains(used))
          << file.path.string() << " includes room " << used;
    }
  }
}

TEST(Architecture, LightRoomsNeverIncludeLibTorch) {
  const std::regex include(R"re(#include\s+[<"](torch|ATen|c10)/)re");
  for (const SourceFile& file : tree()) {
    if (!kRoomsWithoutTorch.contains(file.room)) continue;
    for (const std::string& line : file.lines)
      EXPECT_FALSE(std::regex_search(line, include)) << file.path.string() << ": " << line;
  }
}

TEST(Architecture, TheLibraryNeverPrintsExitsOrAborts) {
  expect_no_library_line(
      std::regex(
          R"re(\b(std::(cout|cerr|clog|exit|abort|terminate)\b|printf\s*\(|puts\s*\(|exit\s*\(|abort\s*\())re"),
      "the library neither prints nor ends the process");
}

TEST(Architecture, NoHeavyTorchHeaderInAPublicHeader) {
  for (const SourceFile& file : tree()) {
    if (!file.path.string().starts_with("include/")) continue;
    for (const std::string& line : file.lines) {
      EXPECT_EQ(line.find("#include <torch/torch.h>"), std::string::npos) << file.path.string();
    }
  }
}

TEST(Architecture, FilesHoldOneThingAndHaveABanner) {
  for (const SourceFile& file : tree()) {
    EXPECT_LE(file.lines.size(), 600U) << file.path.string();
    ASSERT_FALSE(file.lines.empty()) << file.path.string();
    EXPECT_EQ(file.lines.front(), "// SPDX-License-Identifier: Apache-2.0") << file.path.string();
    if (file.path.extension() == ".h") {
      EXPECT_TRUE(std::any_of(file.lines.begin(), file.lines.end(), [](const auto& line) {
        return line == "#pragma once";
      })) << file.path.string();
    }
  }
}

TEST(Architecture, NoFileIsNamedAfterNothing) {
  const std::regex name("(^|_)(utils?|common|helpers?|misc|manager)(_|$)");
  for (const SourceFile& file : tree())
    EXPECT_FALSE(std::regex_search(file.path.stem().string(), name)) << file.path.string();
}

TEST(Architecture, EverySourceFileOfARoomHasItsOwnTestOrIsPartOfOne) {
  // Reported as a share rather than demanded file by file: tables and thin adapters are tested through what
  // uses them.
  std::set<std::string> tests;
  for (const SourceFile& file : tree()) {
    if (file.path.string().starts_with("tests/")) tests.insert(file.path.stem().string());
  }
  std::size_t sources = 0;
  std::vector<std::string> untested;
  for (const SourceFile& file : tree()) {
    if (file.path.extension() != ".cpp" || file.room.empty()) continue;
    ++sources;
    if (!tests.contains(file.path.stem().string() + "_test")) untested.push_back(file.path.string());
  }
  std::ostringstream list;
  for (const std::string& path : untested) list << "\n  " << path;
  EXPECT_LE(untested.size() * 2, sources)
      << "more than half of the sources have no test file of their own:" << list.str();
}

TEST(Architecture, NoOpenEndsWithoutAnIssue) {
  const std::regex open_end(R"re(\b(TODO|FIXME|XXX)\b(?!\(#\d+\)))re");
  for (const SourceFile& file : tree()) {
    if (file.path.filename() == "architecture_test.cpp") continue;
    for (const std::string& line : file.lines) {
      // "41.XX" style masked digits are no open end; the pattern wants the word alone.
      EXPECT_FALSE(std::regex_search(line, open_end)) << file.path.string() << ": " << line;
    }
  }
}

TEST(Architecture, TheRoomsAreThoseOfTheDocument) {
  std::ifstream stream(kRoot / "ARCHITECTURE.md");
  std::stringstream text;
  text << stream.rdbuf();
  for (const auto& [room, uses] : kArrows) {
    EXPECT_NE(text.str().find("| `" + room + "` |"), std::string::npos)
        << "ARCHITECTURE.md does not list room " << room;
  }
}

}  // namespace

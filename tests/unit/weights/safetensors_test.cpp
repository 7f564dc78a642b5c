// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include <cstring>

#include "ferv/base/files.h"
#include "ferv/base/random.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"
#include "weights_files.h"

namespace ferv::weights {
namespace {

using testing::HasSubstr;

NamedTensors example() {
  NamedTensors tensors;
  tensors.tensors = {{"b", torch::arange(6.0).reshape({2, 3})},
                     {"a", torch::tensor(41)},
                     {"half", torch::ones({3}).to(torch::kFloat16)},
                     {"brain", torch::ones({2}).to(torch::kBFloat16)},
                     {"empty", torch::zeros({0, 4})}};
  tensors.metadata = {{"model", "r18_lstm"}, {"note", "quotes \" and\nlines"}};
  return tensors;
}

/// A file with this header and data.
void write_raw(const std::filesystem::path& path, const std::string& header, const std::string& data) {
  std::string bytes(8, '\0');
  const std::uint64_t size = header.size();
  std::memcpy(bytes.data(), &size, 8);
  write_file_atomically(path, bytes + header + data);
}

TEST(Safetensors, SurviveARoundTripInOrder) {
  const test::TemporaryFolder folder;
  write_safetensors(folder / "x.safetensors", example());
  const NamedTensors read = read_safetensors(folder / "x.safetensors");
  EXPECT_EQ(read.metadata, example().metadata);
  ASSERT_EQ(read.tensors.size(), 5U);
  for (const auto& [name, tensor] : example().tensors) {
    const auto found = std::find_if(read.tensors.begin(), read.tensors.end(),
                                    [&](const auto& entry) { return entry.first == name; });
    ASSERT_NE(found, read.tensors.end()) << name;
    EXPECT_TRUE(torch::equal(found->second, tensor)) << name;
    EXPECT_EQ(found->second.scalar_type(), tensor.scalar_type());
  }
}

TEST(Safetensors, WritesTensorsOfAnyMemoryOrderInRowOrder) {
  const test::TemporaryFolder folder;
  const torch::Tensor tensor = torch::rand({2, 3, 4, 5}).contiguous(torch::MemoryFormat::ChannelsLast);
  write_safetensors(folder / "x.safetensors", {.tensors = {{"t", tensor}}, .metadata = {}});
  EXPECT_TRUE(torch::equal(read_safetensors(folder / "x.safetensors").tensors[0].second, tensor));
}

TEST(Safetensors, RefuseWhatTheFormatForbids) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& header, const std::string& data, const char* why) {
    write_raw(folder / "x.safetensors", header, data);
    test::expect_error(ErrorKind::kCorruptData, testing::AllOf(HasSubstr("x.safetensors"), HasSubstr(why)),
                       [&] { (void)read_safetensors(folder / "x.safetensors"); });
  };
  const std::string f4 = R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
  refused(f4, "12345", "data part has 5 bytes");
  refused(f4, "123", "outside the file");
  refused(R"({"t":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}})", "1234", "can");
  refused(R"({"t":{"dtype":"F99","shape":[1],"data_offsets":[0,4]}})", "1234", "unknown dtype");
  refused(R"({"t":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "1234", "shape");
  refused(R"({"t":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", "", "cannot hold");
  refused(
      R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"u":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      "1234", "overlap");
  refused(R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})", "12345678", "hole");
  refused(
      R"({"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
      "1234", "twice");
  refused("[]", "", "does not start with '{'");
  refused("{", "", "parse error");
  refused(R"({"__metadata__":{"a":1}})", "", "");
  write_file_atomically(folder / "x.safetensors", std::string_view("1234"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("at least 8"),
                     [&] { (void)read_safetensors(folder / "x.safetensors"); });
  std::string huge(8, '\xff');
  write_file_atomically(folder / "x.safetensors", huge);
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("header of"),
                     [&] { (void)read_safetensors(folder / "x.safetensors"); });
  write_file_atomically(folder / "x.safetensors", std::string_view("PK\x03\x04 and a zip archive's rest"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("a .pth of PyTorch"),
                     [&] { (void)read_safetensors(folder / "x.safetensors"); });
}

TEST(Safetensors, NeverCrashOnMutatedBytes) {
  const test::TemporaryFolder folder;
  write_safetensors(folder / "x.safetensors", example());
  const std::vector<std::uint8_t> good = read_file(folder / "x.safetensors");
  Random random(3);
  for (int round = 0; round < 1500; ++round) {
    std::vector<std::uint8_t> bytes = good;
    for (int k = 0; k < 3; ++k) bytes[random.below(bytes.size())] = static_cast<std::uint8_t>(random.next());
    if (random.chance(0.3)) bytes.resize(random.below(bytes.size() + 1));
    try {
      (void)parse_file("y.safetensors", bytes, "safetensors", parse_safetensors);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::kCorruptData);
    }
  }
}

}  // namespace
}  // namespace ferv::weights

// SPDX-License-Identifier: Apache-2.0
#include <torch/torch.h>

#include "ferv/base/files.h"
#include "ferv/weights/named_tensors.h"
#include "matchers.h"

namespace ferv::weights {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;

TEST(ReadWeights, GoesByContentAndNotByName) {
  const test::TemporaryFolder folder;
  const NamedTensors state{.tensors = {{"a", torch::rand({2, 3})}}, .metadata = {{"model", "x"}}};
  write_pth(folder / "x.safetensors", state);
  write_safetensors(folder / "x.pth", state);
  for (const char* name : {"x.safetensors", "x.pth"}) {
    const NamedTensors read = read_weights(folder / name);
    ASSERT_EQ(read.tensors.size(), 1U) << name;
    EXPECT_TRUE(torch::equal(read.tensors[0].second, state.tensors[0].second)) << name;
    EXPECT_EQ(read.metadata, state.metadata) << name;
  }
}

TEST(ReadWeights, SaysWhatItFoundInstead) {
  const test::TemporaryFolder folder;
  const auto refused = [&](const std::string& content, const char* what) {
    write_file_atomically(folder / "x.pth", content);
    test::expect_error(
        ErrorKind::kCorruptData,
        AllOf(HasSubstr("x.pth: found "), HasSubstr(what), HasSubstr("wanted a safetensors or .pth file")),
        [&] { (void)read_weights(folder / "x.pth"); });
  };
  refused("", "an empty file");
  refused("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n", "a Git LFS pointer");
  refused("\n<!DOCTYPE HTML><html><body>Quota exceeded</body></html>", "a web page");
  refused("<html>", "a web page");
  refused("\x08\x07\x12\x07pytorch\x1a\x04\x31.13"s, "looks like an ONNX model");
  refused("\x89HDF\r\n\x1a\n"s, "HDF5");
  refused("\x1f\x8b\x08\0"s, "gzip");
  std::string tar(512, 'a');
  tar.replace(257, 6, "ustar\0"s);
  refused(tar, "tar archive");
  refused("clip,label\n0001,Happy\n", "text beginning with 'clip,label?0001,Happy?'");
  refused("\x01\x02\x03"s, "unknown data beginning with '\?\?\?'");
  refused("{\"weights\": 1}", "text beginning with '{");
}

TEST(ReadWeights, NamesTheFormatThatIsDamaged) {
  const test::TemporaryFolder folder;
  write_file_atomically(folder / "x", std::string_view("\x02\0\0\0\0\0\0\0{]", 10));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("not a valid safetensors file"),
                     [&] { (void)read_weights(folder / "x"); });
  write_file_atomically(folder / "x", std::string_view("PK\x03\x04"));
  test::expect_error(ErrorKind::kCorruptData, HasSubstr("not a valid .pth file: damaged ZIP archive"),
                     [&] { (void)read_weights(folder / "x"); });
  test::expect_error(ErrorKind::kNotFound, HasSubstr("nowhere"),
                     [&] { (void)read_weights(folder / "nowhere"); });
}

}  // namespace
}  // namespace ferv::weights

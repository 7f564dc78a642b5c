// SPDX-License-Identifier: Apache-2.0
// Tells weights formats apart by what a file holds, and says what it is where it is none of them.
#include <torch/torch.h>

#include <algorithm>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/base/lower_case.h"
#include "printable.h"
#include "weights_files.h"

namespace ferv::weights {
namespace {

constexpr std::size_t kHeadSize = 512;

struct Signature {
  std::string_view start;
  const char* meaning;
};
constexpr Signature kSignatures[] = {
    {"version https://git-lfs", "a Git LFS pointer, not the file itself (`git lfs pull` fetches it)"},
    {"\x89HDF", "an HDF5 file (Keras), which ferv does not read"},
    {"GGUF", "a GGUF file, which ferv does not read"},
    {"\x93NUMPY", "a NumPy array"},
    {"\x1f\x8b", "gzip-compressed data (unpack it first)"},
    {"BZh", "bzip2-compressed data (unpack it first)"},
    {"\xfd"
     "7zXZ",
     "xz-compressed data (unpack it first)"},
    {"7z\xbc\xaf", "a 7-Zip archive (unpack it first)"},
    {"Rar!", "a RAR archive (unpack it first)"},
    {"\x7f"
     "ELF",
     "a program"},
    {"\xff\xd8\xff", "a JPEG picture"},
    {"\x89PNG", "a PNG picture"},
    {"%PDF", "a PDF document"},
};

/// Each ASCII letter in lower case, without the white space in front.
std::string lower_text(std::string_view head) {
  head.remove_prefix(std::min(head.find_first_not_of(" \t\r\n"), head.size()));
  return lower_case(head);
}

/// A protobuf ModelProto starts with field 1, the IR version, as a small number, and then has a text field
/// (its producer) or an opset.
bool looks_like_onnx(std::string_view head) {
  return head.size() > 4 && head[0] == '\x08' && head[1] > 0 && head[1] < 0x20 &&
         (head[2] == '\x12' || head[2] == '\x3a' || head[2] == '\x42');
}

/// Tar archives were PyTorch's own format before 0.1.10; they have their mark at byte 257.
bool looks_like_tar(std::string_view head) {
  return head.size() > 262 && head.substr(257, 5) == "ustar";
}

/// What a file that begins so is, for "X: found ..., wanted ...".
std::string describe_content(std::string_view head) {
  if (head.empty()) return "an empty file";
  for (const Signature& signature : kSignatures) {
    if (head.starts_with(signature.start)) return signature.meaning;
  }
  const std::string text = lower_text(head);
  for (const char* start : {"<!doctype html", "<html", "<head", "<?xml", "<!--"}) {
    if (text.starts_with(start)) return "a web page (HTML), as a failed download leaves it";
  }
  if (looks_like_tar(head)) return "a tar archive (also the format of PyTorch before 0.1.10)";
  if (looks_like_onnx(head)) return "what looks like an ONNX model, which ferv does not read";
  const bool is_text = std::all_of(head.begin(), head.end(), [](unsigned char c) {
    return c >= 0x80 || std::isprint(c) != 0 || std::isspace(c) != 0;
  });
  const std::string start = "beginning with '" + printable(head.substr(0, 32)) + "'";
  return (is_text ? "text " : "unknown data ") + start;
}

}  // namespace

NamedTensors parse_file(const std::filesystem::path& path, std::span<const std::uint8_t> bytes,
                        const std::string& format, NamedTensors (*parse)(std::span<const std::uint8_t>)) {
  std::string problem;
  try {
    return parse(bytes);
  } catch (const c10::Error& error) {
    problem = error.what_without_backtrace();
  } catch (const std::exception& error) {
    problem = error.what();
  }
  std::replace(problem.begin(), problem.end(), '\n', ' ');
  throw corrupt_data(path, "not a valid " + format + " file: " + problem);
}

NamedTensors read_pth(const std::filesystem::path& path) {
  return parse_file(path, read_file(path, kWeightsFileLimit), ".pth", parse_pth);
}

NamedTensors read_weights(const std::filesystem::path& path) {
  const std::vector<std::uint8_t> bytes = read_file(path, kWeightsFileLimit);
  if (begins_like_pth(bytes)) return parse_file(path, bytes, ".pth", parse_pth);
  if (begins_like_safetensors(bytes)) return parse_file(path, bytes, "safetensors", parse_safetensors);
  const std::string_view head(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kHeadSize));
  throw corrupt_data(path, "found " + describe_content(head) + ", wanted a safetensors or .pth file");
}

}  // namespace ferv::weights

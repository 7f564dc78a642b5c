// SPDX-License-Identifier: Apache-2.0
// safetensors: 8 bytes little-endian header size, a JSON header, then the tensors without holes or overlaps.
#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/weights/named_tensors.h"
#include "weights_files.h"

namespace ferv::weights {
namespace {

constexpr std::size_t kHeaderLimit = 100'000'000;
constexpr std::size_t kDimensionLimit = 16;

struct DtypeName {
  const char* name;
  torch::Dtype dtype;
};
constexpr DtypeName kDtypes[] = {
    {"F64", torch::kFloat64}, {"F32", torch::kFloat32}, {"F16", torch::kFloat16}, {"BF16", torch::kBFloat16},
    {"I64", torch::kInt64},   {"I32", torch::kInt32},   {"I16", torch::kInt16},   {"I8", torch::kInt8},
    {"U8", torch::kUInt8},    {"BOOL", torch::kBool}};

const char* name_of(torch::Dtype dtype) {
  for (const DtypeName& entry : kDtypes) {
    if (entry.dtype == dtype) return entry.name;
  }
  throw unsupported(std::string("safetensors has no name for dtype ") + c10::toString(dtype));
}

/// Where one tensor lies in the data part.
struct Entry {
  std::string name;
  torch::Dtype dtype = torch::kFloat32;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

/// A parser callback that refuses a key that stands twice in one object: readers would disagree on which
/// counts.
class DuplicateGuard {
 public:
  bool operator()(int, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) keys_.emplace_back();
    if (event == Event::object_end && !keys_.empty()) keys_.pop_back();
    if (event == Event::key && !keys_.empty() && !keys_.back().insert(value.get<std::string>()).second) {
      throw std::runtime_error("key '" + value.get<std::string>().substr(0, 80) + "' stands twice");
    }
    return true;
  }

 private:
  std::vector<std::set<std::string>> keys_;
};

Entry parse_entry(const std::string& name, const nlohmann::json& json, std::uint64_t data_size) {
  Entry entry;
  entry.name = name;
  const std::string dtype = json.at("dtype").get<std::string>();
  const auto found = std::find_if(std::begin(kDtypes), std::end(kDtypes),
                                  [&](const DtypeName& d) { return dtype == d.name; });
  if (found == std::end(kDtypes))
    throw std::runtime_error("tensor '" + name + "' has the unknown dtype " + dtype);
  entry.dtype = found->dtype;
  entry.shape = json.at("shape").get<std::vector<std::int64_t>>();
  const auto offsets = json.at("data_offsets").get<std::vector<std::uint64_t>>();
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_size) {
    throw std::runtime_error("tensor '" + name + "' lies outside the file");
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (entry.shape.size() > kDimensionLimit)
    throw std::runtime_error("tensor '" + name + "' has over 16 dimensions");
  std::uint64_t bytes = c10::elementSize(entry.dtype);
  for (const std::int64_t dimension : entry.shape) {
    if (dimension < 0 || (dimension > 0 && bytes > data_size / static_cast<std::uint64_t>(dimension))) {
      throw std::runtime_error("tensor '" + name + "' has a shape that the file cannot hold");
    }
    bytes *= static_cast<std::uint64_t>(dimension);
  }
  if (bytes != entry.end - entry.begin) {
    throw std::runtime_error("tensor '" + name + "' has " + std::to_string(entry.end - entry.begin) +
                             " bytes, its shape wants " + std::to_string(bytes));
  }
  return entry;
}

/// Sorted by place; throws where two overlap or bytes belong to none.
void check_places(std::vector<Entry>& entries, std::uint64_t data_size) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t at = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != at)
      throw std::runtime_error("tensors overlap or leave a hole before '" + entry.name + "'");
    at = entry.end;
  }
  if (at != data_size) {
    throw std::runtime_error("data part has " + std::to_string(data_size) + " bytes, the tensors fill " +
                             std::to_string(at));
  }
}

}  // namespace

bool begins_like_safetensors(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 8 && bytes[8] == '{';
}

NamedTensors parse_safetensors(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8) throw std::runtime_error(std::to_string(bytes.size()) + " bytes, wanted at least 8");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), 8);
  if (header_size > kHeaderLimit || header_size > bytes.size() - 8) {
    throw std::runtime_error("header of " + std::to_string(header_size) + " bytes in a file of " +
                             std::to_string(bytes.size()));
  }
  if (header_size == 0 || bytes[8] != '{') throw std::runtime_error("header does not start with '{'");
  const std::uint8_t* header = bytes.data() + 8;
  const auto json = nlohmann::json::parse(header, header + header_size, DuplicateGuard());
  const std::span<const std::uint8_t> data = bytes.subspan(8 + header_size);

  NamedTensors result;
  std::vector<Entry> entries;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__") {
      result.metadata = value.get<std::map<std::string, std::string>>();
    } else {
      entries.push_back(parse_entry(name, value, data.size()));
    }
  }
  check_places(entries, data.size());
  for (const Entry& entry : entries) {
    torch::Tensor tensor = torch::empty(entry.shape, torch::TensorOptions().dtype(entry.dtype));
    if (entry.end > entry.begin)
      std::memcpy(tensor.data_ptr(), data.data() + entry.begin, entry.end - entry.begin);
    result.tensors.emplace_back(entry.name, std::move(tensor));
  }
  return result;
}

NamedTensors read_safetensors(const std::filesystem::path& path) {
  return parse_file(path, read_file(path, kWeightsFileLimit), "safetensors", parse_safetensors);
}

void write_safetensors(const std::filesystem::path& path, const NamedTensors& tensors) {
  nlohmann::ordered_json header;
  if (!tensors.metadata.empty()) header["__metadata__"] = tensors.metadata;
  std::vector<torch::Tensor> contiguous;
  std::uint64_t at = 0;
  for (const auto& [name, tensor] : tensors.tensors) {
    contiguous.push_back(tensor.detach().to(torch::kCPU).contiguous());
    const std::uint64_t size = contiguous.back().nbytes();
    header[name] = {{"dtype", name_of(tensor.scalar_type())},
                    {"shape", tensor.sizes().vec()},
                    {"data_offsets", {at, at + size}}};
    at += size;
  }
  std::string text = header.is_null() ? "{}" : header.dump();
  text.append((8 - text.size() % 8) % 8, ' ');  // the data part starts on an 8-byte boundary
  const std::uint64_t header_size = text.size();
  AtomicFile file(path);
  file.write(std::span(reinterpret_cast<const std::uint8_t*>(&header_size), 8));
  file.write(text);
  for (const torch::Tensor& tensor : contiguous) {
    file.write(std::span(static_cast<const std::uint8_t*>(tensor.data_ptr()), tensor.nbytes()));
  }
  file.commit();
}

}  // namespace ferv::weights

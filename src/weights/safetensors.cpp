// SPDX-License-Identifier: Apache-2.0
// safetensors: 8 bytes little-endian header size, a JSON header, then the tensors without holes or overlaps.
#include <torch/torch.h>

#include <cstring>
#include <nlohmann/json.hpp>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/weights/named_tensors.h"
#include "safetensors_header.h"
#include "weights_files.h"

namespace ferv::weights {
namespace {

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

torch::Dtype dtype_of(const std::string& name) {
  for (const DtypeName& entry : kDtypes) {
    if (name == entry.name) return entry.dtype;
  }
  throw std::runtime_error("dtype " + name + " has no counterpart here");
}

}  // namespace

bool begins_like_safetensors(std::span<const std::uint8_t> bytes) {
  return bytes.size() > 8 && bytes[8] == '{';
}

NamedTensors parse_safetensors(std::span<const std::uint8_t> bytes) {
  SafetensorsHeader header = parse_safetensors_header(bytes);
  const std::uint8_t* data = bytes.data() + header.data_begin;
  NamedTensors result;
  result.metadata = std::move(header.metadata);
  for (const SafetensorsEntry& entry : header.entries) {
    torch::Tensor tensor = torch::empty(entry.shape, torch::TensorOptions().dtype(dtype_of(entry.dtype)));
    if (entry.end > entry.begin) std::memcpy(tensor.data_ptr(), data + entry.begin, entry.end - entry.begin);
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

// SPDX-License-Identifier: Apache-2.0
#include "safetensors_header.h"

#include <algorithm>
#include <cstring>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <string_view>

#include "ferv/base/json_integer.h"

namespace ferv::weights {
namespace {

using Entry = SafetensorsEntry;

constexpr std::size_t kHeaderLimit = 100'000'000;
constexpr std::size_t kDimensionLimit = 16;

struct ElementSize {
  std::string_view dtype;
  std::size_t bytes;
};
constexpr ElementSize kElementSizes[] = {{"F64", 8}, {"F32", 4}, {"F16", 2}, {"BF16", 2}, {"I64", 8},
                                         {"I32", 4}, {"I16", 2}, {"I8", 1},  {"U8", 1},   {"BOOL", 1}};

/// 0 for a dtype that is not known.
std::size_t element_size(std::string_view dtype) {
  const auto* const found = std::find_if(std::begin(kElementSizes), std::end(kElementSizes),
                                         [&](const ElementSize& entry) { return entry.dtype == dtype; });
  return found == std::end(kElementSizes) ? 0 : found->bytes;
}

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
  entry.dtype = json.at("dtype").get<std::string>();
  std::uint64_t bytes = element_size(entry.dtype);
  if (bytes == 0) throw std::runtime_error("tensor '" + name + "' has the unknown dtype " + entry.dtype);
  entry.shape = json_integers<std::int64_t>(json.at("shape"));
  const auto offsets = json_integers<std::uint64_t>(json.at("data_offsets"));
  if (offsets.size() != 2 || offsets[0] > offsets[1] || offsets[1] > data_size) {
    throw std::runtime_error("tensor '" + name + "' lies outside the file");
  }
  entry.begin = offsets[0];
  entry.end = offsets[1];
  if (entry.shape.size() > kDimensionLimit)
    throw std::runtime_error("tensor '" + name + "' has over 16 dimensions");
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

/// A zip archive, or a pickle of protocol 2 on.
bool looks_like_pth(std::span<const std::uint8_t> bytes) {
  return (bytes[0] == 'P' && bytes[1] == 'K' && bytes[2] == 3 && bytes[3] == 4) ||
         (bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5);
}

}  // namespace

SafetensorsHeader parse_safetensors_header(std::span<const std::uint8_t> bytes) {
  if (bytes.size() < 8) throw std::runtime_error(std::to_string(bytes.size()) + " bytes, wanted at least 8");
  std::uint64_t header_size = 0;
  std::memcpy(&header_size, bytes.data(), 8);
  if (header_size > kHeaderLimit || header_size > bytes.size() - 8) {
    if (looks_like_pth(bytes))
      throw std::runtime_error("a .pth of PyTorch, wanted safetensors; ferv export writes one from it");
    throw std::runtime_error("header of " + std::to_string(header_size) + " bytes in a file of " +
                             std::to_string(bytes.size()));
  }
  if (header_size == 0 || bytes[8] != '{') throw std::runtime_error("header does not start with '{'");
  const std::uint8_t* header = bytes.data() + 8;
  const auto json = nlohmann::json::parse(header, header + header_size, DuplicateGuard());

  SafetensorsHeader result;
  result.data_begin = 8 + header_size;
  const std::uint64_t data_size = bytes.size() - result.data_begin;
  for (const auto& [name, value] : json.items()) {
    if (name == "__metadata__") {
      result.metadata = value.get<std::map<std::string, std::string>>();
    } else {
      result.entries.push_back(parse_entry(name, value, data_size));
    }
  }
  check_places(result.entries, data_size);
  return result;
}

}  // namespace ferv::weights

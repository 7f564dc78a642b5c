// SPDX-License-Identifier: Apache-2.0
// What the values in a pickle of torch.save mean: storages, and tensors as views of them.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "pickle_reader.h"

namespace ferv::weights {

/// The names that checkpoints of tensors and plain data mention; nothing else may be named.
[[nodiscard]] std::span<const AllowedName> checkpoint_names();

/// "FloatStorage" for kFloat32, and so on. Throws kUnsupported for a dtype that has none here.
[[nodiscard]] std::string_view storage_class_of(torch::Dtype dtype);

/// What a persistent id says: ('storage', torch.FloatStorage, key, location, count).
struct StorageId {
  torch::Dtype dtype = torch::kFloat32;
  std::string key;
  std::int64_t count = 0;  ///< of elements
  [[nodiscard]] std::uint64_t size() const {
    return static_cast<std::uint64_t>(count) * c10::elementSize(dtype);
  }
};
/// Throws std::runtime_error, also for a size that `limit` bytes cannot hold.
[[nodiscard]] StorageId parse_storage_id(const PickleValue& persistent, std::uint64_t limit);

/// A storage and its bytes, which lie in the file: little-endian, at any alignment.
struct Storage {
  StorageId id;
  std::span<const std::uint8_t> bytes;
};
using Storages = std::map<std::string, Storage, std::less<>>;

/// Whether the value is a tensor or parameter.
[[nodiscard]] bool is_tensor(const PickleValue& value);

/// Makes tensors of their own memory, in row order, and keeps count: several names may refer to one storage
/// and a stride of 0 repeats an element, so a small file can ask for more than it holds.
class TensorBuilder {
 public:
  /// `budget` is the most bytes that all tensors together may take.
  TensorBuilder(const Storages& storages, std::uint64_t budget) : storages_(storages), budget_(budget) {}

  /// `value` is one of which is_tensor() is true. Throws std::runtime_error with what is wrong with it.
  [[nodiscard]] torch::Tensor build(const PickleValue& value);

 private:
  const Storages& storages_;
  std::uint64_t budget_;
};

}  // namespace ferv::weights

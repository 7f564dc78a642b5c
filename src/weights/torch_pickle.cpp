// SPDX-License-Identifier: Apache-2.0
#include "torch_pickle.h"

#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <iterator>
#include <stdexcept>

#include "ferv/base/error.h"
#include "printable.h"

namespace ferv::weights {
namespace {

using Kind = PickleValue::Kind;

constexpr std::string_view kRebuildTensor = "torch._utils._rebuild_tensor";
constexpr std::string_view kRebuildTensor2 = "torch._utils._rebuild_tensor_v2";
constexpr std::string_view kRebuildParameter = "torch._utils._rebuild_parameter";
constexpr std::string_view kSize = "torch.Size";
constexpr std::size_t kDimensionLimit = 16;
/// Keys are numbers; a long one, mentioned often, would be copied as often.
constexpr std::size_t kKeyLimit = 256;

constexpr AllowedName kNames[] = {
    {kRebuildTensor, NameUse::kCall},           {kRebuildTensor2, NameUse::kCall},
    {kRebuildParameter, NameUse::kCall},        {kSize, NameUse::kCall},
    {"torch.device", NameUse::kCall},           {"collections.OrderedDict", NameUse::kMapping},
    {"collections.Counter", NameUse::kMapping},  // a MultiStepLR's milestones
    {"_codecs.encode", NameUse::kCall},          // bytes, as protocol 2 writes them
    {"torch.FloatStorage", NameUse::kMention},  {"torch.DoubleStorage", NameUse::kMention},
    {"torch.HalfStorage", NameUse::kMention},   {"torch.BFloat16Storage", NameUse::kMention},
    {"torch.LongStorage", NameUse::kMention},   {"torch.IntStorage", NameUse::kMention},
    {"torch.ShortStorage", NameUse::kMention},  {"torch.CharStorage", NameUse::kMention},
    {"torch.ByteStorage", NameUse::kMention},   {"torch.BoolStorage", NameUse::kMention},
    {"torch.float16", NameUse::kMention},       {"torch.bfloat16", NameUse::kMention},
    {"torch.float32", NameUse::kMention},       {"torch.float64", NameUse::kMention},
};

struct StorageClass {
  std::string_view name;
  torch::Dtype dtype;
};
constexpr StorageClass kStorageClasses[] = {
    {"FloatStorage", torch::kFloat32}, {"DoubleStorage", torch::kFloat64},
    {"HalfStorage", torch::kFloat16},  {"BFloat16Storage", torch::kBFloat16},
    {"LongStorage", torch::kInt64},    {"IntStorage", torch::kInt32},
    {"ShortStorage", torch::kInt16},   {"CharStorage", torch::kInt8},
    {"ByteStorage", torch::kUInt8},    {"BoolStorage", torch::kBool},
};

torch::Dtype dtype_of(std::string_view storage_class) {
  constexpr std::string_view kModule = "torch.";
  if (storage_class.starts_with(kModule)) storage_class.remove_prefix(kModule.size());
  for (const StorageClass& entry : kStorageClasses) {
    if (entry.name == storage_class) return entry.dtype;
  }
  throw std::runtime_error("'" + printable(storage_class) + "' is no storage class");
}

/// How a tensor looks at its storage.
struct View {
  std::int64_t offset = 0;
  std::vector<std::int64_t> sizes;
  std::vector<std::int64_t> strides;
  std::int64_t count = 1;  ///< of elements
};

std::int64_t integer_of(const PickleValue& value, const char* what) {
  if (!value.is(Kind::kInteger) || value.integer < 0) {
    throw std::runtime_error(
        std::string("its ") + what + " is " +
        (value.is(Kind::kInteger) ? std::to_string(value.integer) : std::string(describe(value.kind))) +
        ", wanted an integer of at least 0");
  }
  return value.integer;
}

/// A tuple of integers, bare or in a torch.Size.
std::vector<std::int64_t> integers_of(const PickleValue& value, const char* what) {
  const bool is_size = value.is(Kind::kCall) && value.text == kSize && value.items.size() == 1;
  const PickleValue& tuple = is_size ? *value.items[0] : value;
  if (!(tuple.is(Kind::kTuple) || tuple.is(Kind::kList)) || tuple.items.size() > kDimensionLimit) {
    throw std::runtime_error(std::string("its ") + what + " is " + std::string(describe(tuple.kind)) +
                             " of " + std::to_string(tuple.items.size()) + ", wanted a tuple of at most " +
                             std::to_string(kDimensionLimit));
  }
  std::vector<std::int64_t> integers;
  for (const PickleValue* item : tuple.items) integers.push_back(integer_of(*item, what));
  return integers;
}

View parse_view(const PickleValue& call) {
  View view;
  view.offset = integer_of(*call.items[1], "offset");
  view.sizes = integers_of(*call.items[2], "size");
  view.strides = integers_of(*call.items[3], "stride");
  if (view.sizes.size() != view.strides.size()) {
    throw std::runtime_error("it has " + std::to_string(view.sizes.size()) + " sizes and " +
                             std::to_string(view.strides.size()) + " strides");
  }
  return view;
}

/// Sets the element count. Throws unless each element lies in a storage of `storage_count` elements.
void check_view(View& view, std::int64_t storage_count) {
  std::int64_t last = view.offset;
  // Sizes of 0 are left out, so that what stands beside them is held to the range of an integer as well.
  std::int64_t product = 8;
  bool is_empty = false;
  bool overflows = false;
  for (std::size_t i = 0; i < view.sizes.size(); ++i) {
    is_empty = is_empty || view.sizes[i] == 0;
    const std::int64_t size = std::max<std::int64_t>(view.sizes[i], 1);
    if (size == 1) view.strides[i] = 0;  // never stepped along, so any value may stand there
    std::int64_t reach = 0;
    overflows = overflows || __builtin_mul_overflow(product, size, &product) ||
                __builtin_mul_overflow(size - 1, view.strides[i], &reach) ||
                __builtin_add_overflow(last, reach, &last);
  }
  if (overflows) throw std::runtime_error("its size is beyond the range of 64 bits");
  view.count = is_empty ? 0 : product / 8;
  if (is_empty ? view.offset > storage_count : last >= storage_count) {
    throw std::runtime_error("it reaches element " + std::to_string(is_empty ? view.offset : last) +
                             " of a storage of " + std::to_string(storage_count));
  }
}

bool is_in_row_order(const View& view) {
  std::int64_t stride = 1;
  for (std::size_t i = view.sizes.size(); i-- > 0;) {
    if (view.sizes[i] != 1 && view.strides[i] != stride) return false;
    stride *= view.sizes[i];
  }
  return true;
}

/// Copies element by element in row order; sources may lie at any alignment.
void gather(const View& view, std::span<const std::uint8_t> source, std::size_t element_size,
            std::uint8_t* target) {
  std::vector<std::int64_t> index(view.sizes.size(), 0);
  std::int64_t at = view.offset;
  for (std::int64_t i = 0; i < view.count; ++i) {
    std::memcpy(target, source.data() + static_cast<std::size_t>(at) * element_size, element_size);
    target += element_size;
    for (std::size_t d = index.size(); d-- > 0;) {
      at += view.strides[d];
      if (++index[d] < view.sizes[d]) break;
      at -= view.strides[d] * view.sizes[d];
      index[d] = 0;
    }
  }
}

/// The tensor itself or within a parameter; null where there is none.
const PickleValue* tensor_call(const PickleValue* value) {
  if (value->is(Kind::kCall) && value->text == kRebuildParameter && !value->items.empty()) {
    value = value->items[0];
  }
  const bool is_call =
      value->is(Kind::kCall) && (value->text == kRebuildTensor || value->text == kRebuildTensor2);
  return is_call ? value : nullptr;
}

}  // namespace

std::span<const AllowedName> checkpoint_names() {
  return kNames;
}

std::string_view storage_class_of(torch::Dtype dtype) {
  for (const StorageClass& entry : kStorageClasses) {
    if (entry.dtype == dtype) return entry.name;
  }
  throw unsupported(std::string(".pth files of ferv hold no tensors of dtype ") + c10::toString(dtype));
}

StorageId parse_storage_id(const PickleValue& persistent, std::uint64_t limit) {
  const PickleValue& id = *persistent.items.at(0);
  if (!id.is(Kind::kTuple) || id.items.size() < 5 || !id.items[0]->is(Kind::kText) ||
      id.items[0]->text != "storage" || !id.items[1]->is(Kind::kName) || !id.items[2]->is(Kind::kText)) {
    throw std::runtime_error("a persistent id is not ('storage', class, key, location, count)");
  }
  // Before PyTorch 0.4 a storage could be a part of another: (key, offset, size).
  if (id.items.size() > 5 && !id.items[5]->is(Kind::kNone)) {
    throw std::runtime_error(
        "storage '" + printable(id.items[2]->text) +
        "' is a view of another storage, which PyTorch below 0.4 wrote; save the file anew "
        "with a newer one");
  }
  if (id.items[2]->text.size() > kKeyLimit) {
    throw std::runtime_error("a storage's key has " + std::to_string(id.items[2]->text.size()) +
                             " bytes, wanted at most " + std::to_string(kKeyLimit));
  }
  StorageId result;
  result.dtype = dtype_of(id.items[1]->text);
  result.key = id.items[2]->text;
  const std::string subject = "storage '" + printable(result.key) + "': ";
  try {
    result.count = integer_of(*id.items[4], "count");
  } catch (const std::runtime_error& error) {
    throw std::runtime_error(subject + error.what());
  }
  if (static_cast<std::uint64_t>(result.count) > limit / c10::elementSize(result.dtype)) {
    throw std::runtime_error(subject + std::to_string(result.count) + " elements of " +
                             c10::toString(result.dtype) + " in a file of " + std::to_string(limit) +
                             " bytes");
  }
  return result;
}

bool is_tensor(const PickleValue& value) {
  return tensor_call(&value) != nullptr;
}

torch::Tensor TensorBuilder::build(const PickleValue& value) {
  const PickleValue* call = tensor_call(&value);
  if (call == nullptr) throw std::runtime_error("it is no tensor");
  const std::size_t wanted = call->text == kRebuildTensor ? 4 : 6;
  if (call->items.size() < wanted || !call->items[0]->is(Kind::kPersistent)) {
    throw std::runtime_error("it is made of " + std::to_string(call->items.size()) + " values, wanted " +
                             std::to_string(wanted) + " with a storage first");
  }
  const std::string& key = parse_storage_id(*call->items[0], ~std::uint64_t{0}).key;
  const auto found = storages_.find(key);
  if (found == storages_.end())
    throw std::runtime_error("storage '" + printable(key) + "' is not in the file");
  const Storage& storage = found->second;

  View view = parse_view(*call);
  check_view(view, storage.id.count);
  const std::size_t element_size = c10::elementSize(storage.id.dtype);
  const std::uint64_t size = static_cast<std::uint64_t>(view.count) * element_size;
  if (size > budget_) {
    throw std::runtime_error("it would take " + std::to_string(size) + " bytes, only " +
                             std::to_string(budget_) + " are left for tensors of a file of this size");
  }
  budget_ -= size;

  torch::Tensor tensor = torch::empty(view.sizes, torch::TensorOptions().dtype(storage.id.dtype));
  if (size == 0) return tensor;
  auto* target = static_cast<std::uint8_t*>(tensor.data_ptr());
  if (is_in_row_order(view)) {
    std::memcpy(target, storage.bytes.data() + static_cast<std::size_t>(view.offset) * element_size, size);
  } else {
    gather(view, storage.bytes, element_size, target);
  }
  // Any byte but 0 and 1 in a bool is undefined behaviour.
  if (storage.id.dtype == torch::kBool) {
    std::transform(target, target + size, target, [](std::uint8_t b) { return b != 0 ? 1 : 0; });
  }
  return tensor;
}

}  // namespace ferv::weights

// SPDX-License-Identifier: Apache-2.0
// Reads .pth and .pt files: finds the pickle and the storages in either format, then the state dict in the
// pickle.
#include <torch/torch.h>

#include <algorithm>
#include <cstring>
#include <nlohmann/json.hpp>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "pickle_reader.h"
#include "printable.h"
#include "torch_pickle.h"
#include "weights_files.h"
#include "zip_archive.h"

namespace ferv::weights {
namespace {

using Kind = PickleValue::Kind;

/// torch.serialization.MAGIC_NUMBER, little-endian.
constexpr std::string_view kLegacyMagic("\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19", 10);
constexpr std::int64_t kLegacyProtocol = 1001;
/// Under which keys training scripts put the state dict, in the order in which we look.
constexpr std::string_view kWrappers[] = {"state_dict", "model_state_dict", "model", "net"};
constexpr int kWrapperLimit = 8;
/// Prefixes that PyTorch's own wrappers (DataParallel, compile) put before every name.
constexpr std::string_view kPrefixes[] = {"module.", "_orig_mod."};

/// A small file may repeat a storage under several names or by strides, but not without bound.
std::uint64_t tensor_budget(std::uint64_t file_size) {
  constexpr std::uint64_t kAlways = 64U << 20U;
  constexpr std::uint64_t kTimes = 8;
  return kAlways + kTimes * file_size;
}

bool begins_with(std::span<const std::uint8_t> bytes, std::string_view start) {
  return bytes.size() >= start.size() && std::memcmp(bytes.data(), start.data(), start.size()) == 0;
}

/// Adds a storage unless it is known; the first mention fixes its dtype and size. True when it is new.
bool add_storage(Storages& storages, const StorageId& id) {
  const auto [entry, is_new] = storages.try_emplace(id.key, Storage{id, {}});
  const StorageId& known = entry->second.id;
  if (known.dtype != id.dtype || known.count != id.count) {
    throw std::runtime_error("storage '" + printable(id.key) + "' is " + std::to_string(id.count) + " of " +
                             c10::toString(id.dtype) + " and " + std::to_string(known.count) + " of " +
                             c10::toString(known.dtype));
  }
  return is_new;
}

/// Up to three keys of a dict, for a message.
std::string keys_of(const PickleValue& dict) {
  constexpr std::size_t kShown = 3;
  std::string keys;
  for (std::size_t i = 0; i + 1 < dict.items.size() && i < 2 * kShown; i += 2) {
    const PickleValue& key = *dict.items[i];
    keys += (i > 0 ? ", " : "") +
            (key.is(Kind::kText) ? "'" + printable(key.text) + "'" : std::string(describe(key.kind)));
  }
  if (dict.items.size() > 2 * kShown) keys += ", ...";
  return keys.empty() ? "no keys" : "keys " + keys;
}

/// The dict that holds the tensors: the root, or what stands under a wrapper's key in it.
const PickleValue& find_state_dict(const PickleValue& root) {
  const PickleValue* dict = &root;
  for (int depth = 0; depth < kWrapperLimit; ++depth) {
    if (!dict->is(Kind::kDict)) {
      throw std::runtime_error("holds " + std::string(describe(dict->kind)) + ", wanted a dict of tensors");
    }
    const PickleValue* inner = nullptr;
    for (const std::string_view key : kWrappers) {
      const PickleValue* value = dict->find(key);
      if (inner == nullptr && value != nullptr && value->is(Kind::kDict)) inner = value;
    }
    if (inner == nullptr) return *dict;
    dict = inner;
  }
  throw std::runtime_error("the state dict lies more than " + std::to_string(kWrapperLimit) + " dicts deep");
}

/// Drops wrappers' prefixes where every tensor has them.
void strip_prefixes(NamedTensors& state) {
  for (bool is_changed = true; is_changed;) {
    is_changed = false;
    for (const std::string_view prefix : kPrefixes) {
      const bool all = std::all_of(state.tensors.begin(), state.tensors.end(), [&](const auto& entry) {
        return entry.first.size() > prefix.size() && entry.first.starts_with(prefix);
      });
      if (!all) continue;
      for (auto& [name, tensor] : state.tensors) name.erase(0, prefix.size());
      is_changed = true;
    }
  }
}

NamedTensors build_state(const PickleValue& root, const Storages& storages, std::uint64_t file_size) {
  const PickleValue& dict = find_state_dict(root);
  NamedTensors state;
  std::set<std::string_view> seen;
  TensorBuilder builder(storages, tensor_budget(file_size));
  for (std::size_t i = 0; i + 1 < dict.items.size(); i += 2) {
    const PickleValue& key = *dict.items[i];
    const PickleValue& value = *dict.items[i + 1];
    if (!is_tensor(value)) continue;  // an epoch, a learning rate, an optimiser's state
    if (!key.is(Kind::kText)) {
      throw std::runtime_error("a tensor's name is " + std::string(describe(key.kind)) + ", wanted text");
    }
    const std::string subject = "tensor '" + printable(key.text) + "': ";
    if (!seen.insert(key.text).second) throw std::runtime_error(subject + "it stands twice");
    try {
      (void)nlohmann::json(key.text).dump();  // throws for a name that is not UTF-8
      state.tensors.emplace_back(key.text, builder.build(value));
    } catch (const std::exception& error) {
      throw std::runtime_error(subject + error.what());
    }
  }
  if (state.tensors.empty()) {
    throw std::runtime_error("holds no tensors by name: a dict with " + keys_of(dict));
  }
  strip_prefixes(state);
  return state;
}

/// The folder in the archive in which everything lies: that of data.pkl.
std::string find_folder(const ZipArchive& archive) {
  constexpr std::string_view kPickle = "/data.pkl";
  std::string folder;
  for (const ZipArchive::Entry& entry : archive.entries()) {
    const std::string& name = entry.name;
    if (!name.ends_with(kPickle) || name.find('/') != name.size() - kPickle.size()) continue;
    if (!folder.empty()) throw std::runtime_error("has data.pkl in more than one folder");
    folder = name.substr(0, name.size() - kPickle.size());
  }
  if (folder.empty()) {
    const std::string first =
        archive.entries().empty() ? "no entries" : "'" + printable(archive.entries()[0].name) + "'";
    throw std::runtime_error("a ZIP archive without data.pkl (" + first +
                             "), wanted one that torch.save wrote");
  }
  if (archive.has(folder + "/constants.pkl")) {
    throw std::runtime_error(
        "a TorchScript program, wanted a checkpoint as in torch.save(model.state_dict(), ...)");
  }
  return folder;
}

NamedTensors parse_zip_format(std::span<const std::uint8_t> bytes) {
  const ZipArchive archive(bytes);
  const std::string folder = find_folder(archive);
  if (archive.has(folder + "/byteorder")) {
    const auto order = archive.content_of(folder + "/byteorder");
    if (!begins_with(order, "little")) {
      throw std::runtime_error("byte order '" + printable(std::string(order.begin(), order.end())) +
                               "', wanted 'little'");
    }
  }
  const Pickle pickle = read_pickle(archive.content_of(folder + "/data.pkl"), checkpoint_names());
  Storages storages;
  for (const PickleValue* persistent : pickle.persistent) {
    const StorageId id = parse_storage_id(*persistent, bytes.size());
    if (!add_storage(storages, id)) continue;
    const auto content = archive.content_of(folder + "/data/" + id.key);
    if (content.size() != id.size()) {
      throw std::runtime_error("storage '" + printable(id.key) + "' has " + std::to_string(content.size()) +
                               " bytes, wanted " + std::to_string(id.size()));
    }
    storages.find(id.key)->second.bytes = content;
  }
  NamedTensors state = build_state(*pickle.root, storages, bytes.size());
  if (archive.has(folder + "/" + kPthMetadataEntry)) {
    const auto text = archive.content_of(folder + "/" + kPthMetadataEntry);
    state.metadata =
        nlohmann::json::parse(text.begin(), text.end()).get<std::map<std::string, std::string>>();
  }
  return state;
}

/// Reads one value after the other from a file of the older format.
class LegacyStream {
 public:
  explicit LegacyStream(std::span<const std::uint8_t> bytes) : rest_(bytes) {}

  Pickle pickle() {
    Pickle result = read_pickle(rest_, checkpoint_names());
    rest_ = rest_.subspan(result.size);
    return result;
  }
  std::span<const std::uint8_t> take(std::uint64_t size, const std::string& what) {
    if (size > rest_.size()) {
      throw std::runtime_error(what + " wants " + std::to_string(size) + " bytes, " +
                               std::to_string(rest_.size()) + " are left in the file");
    }
    const auto taken = rest_.first(size);
    rest_ = rest_.subspan(size);
    return taken;
  }
  [[nodiscard]] std::size_t left() const { return rest_.size(); }

 private:
  std::span<const std::uint8_t> rest_;
};

void check_legacy_start(LegacyStream& stream) {
  const Pickle magic = stream.pickle();
  if (!magic.root->is(Kind::kLongInteger) || magic.root->text != kLegacyMagic) {
    throw std::runtime_error("a pickle that torch.save did not write (no magic number)");
  }
  const Pickle protocol = stream.pickle();
  if (!protocol.root->is(Kind::kInteger) || protocol.root->integer != kLegacyProtocol) {
    throw std::runtime_error("format version " + std::to_string(protocol.root->integer) + ", wanted " +
                             std::to_string(kLegacyProtocol));
  }
  const Pickle system = stream.pickle();
  const PickleValue* is_little = system.root->find("little_endian");
  if (is_little == nullptr || !is_little->is(Kind::kBool) || is_little->integer == 0) {
    throw std::runtime_error("was not written by a little-endian machine, wanted little_endian=True");
  }
}

NamedTensors parse_legacy_format(std::span<const std::uint8_t> bytes) {
  LegacyStream stream(bytes);
  check_legacy_start(stream);
  const Pickle pickle = stream.pickle();
  Storages storages;
  for (const PickleValue* persistent : pickle.persistent) {
    add_storage(storages, parse_storage_id(*persistent, bytes.size()));
  }
  const Pickle keys = stream.pickle();
  if (!keys.root->is(Kind::kList) || keys.root->items.size() != storages.size()) {
    throw std::runtime_error("lists " + std::to_string(keys.root->items.size()) + " storages, wanted " +
                             std::to_string(storages.size()));
  }
  std::set<std::string_view> read;
  for (const PickleValue* key : keys.root->items) {
    const std::string subject = "storage '" + printable(key->text) + "'";
    const auto found = storages.find(key->text);
    if (!key->is(Kind::kText) || found == storages.end() || !read.insert(key->text).second) {
      throw std::runtime_error(subject + " is listed, but no tensor or another one has it");
    }
    std::int64_t count = 0;
    std::memcpy(&count, stream.take(sizeof(count), subject).data(), sizeof(count));
    Storage& storage = found->second;
    if (count != storage.id.count) {
      throw std::runtime_error(subject + " has " + std::to_string(count) + " elements, wanted " +
                               std::to_string(storage.id.count));
    }
    storage.bytes = stream.take(storage.id.size(), subject);
  }
  if (stream.left() > 0) {
    throw std::runtime_error(std::to_string(stream.left()) + " bytes are left after the last storage");
  }
  return build_state(*pickle.root, storages, bytes.size());
}

}  // namespace

bool begins_like_pth(std::span<const std::uint8_t> bytes) {
  return begins_with(bytes, "PK\x03\x04") || begins_with(bytes, "PK\x05\x06") ||
         (bytes.size() >= 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5);
}

NamedTensors parse_pth(std::span<const std::uint8_t> bytes) {
  if (!begins_like_pth(bytes)) {
    throw std::runtime_error("begins neither like a ZIP archive nor like a pickle of protocol 2 to 5");
  }
  return bytes[0] == 'P' ? parse_zip_format(bytes) : parse_legacy_format(bytes);
}

}  // namespace ferv::weights

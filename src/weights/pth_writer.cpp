// SPDX-License-Identifier: Apache-2.0
// Writes .pth files that torch.load opens, with and without weights_only.
#include <caffe2/serialize/inline_container.h>
#include <torch/torch.h>

#include <exception>
#include <nlohmann/json.hpp>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "pickle_writer.h"
#include "torch_pickle.h"
#include "weights_files.h"

namespace ferv::weights {
namespace {

/// LibTorch's archive writer into an AtomicFile. The archive writer is written in C and ends itself in its
/// destructor, so no exception may pass through it: the first one is kept, and from then on all is taken and
/// dropped.
class ArchiveFile {
 public:
  explicit ArchiveFile(const std::filesystem::path& path)
      : file_(path), writer_([this](const void* bytes, std::size_t size) {
          append(std::span(static_cast<const std::uint8_t*>(bytes), size));
          return size;
        }) {}

  void add(const std::string& name, const void* bytes, std::size_t size) {
    writer_.writeRecord(name, bytes, size);
    if (error_) std::rethrow_exception(error_);
  }
  void commit() {
    writer_.writeEndOfFile();
    if (error_) std::rethrow_exception(error_);
    file_.commit();
  }

 private:
  void append(std::span<const std::uint8_t> bytes) {
    if (error_) return;
    try {
      file_.write(bytes);
    } catch (...) {
      error_ = std::current_exception();
    }
  }

  AtomicFile file_;
  std::exception_ptr error_;
  caffe2::serialize::PyTorchStreamWriter writer_;
};

/// torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks).
void write_tensor(PickleWriter& pickle, const torch::Tensor& tensor, const std::string& key) {
  pickle.name("torch._utils", "_rebuild_tensor_v2");
  pickle.mark();
  pickle.mark();
  pickle.text("storage");
  pickle.name("torch", storage_class_of(tensor.scalar_type()));
  pickle.text(key);
  pickle.text("cpu");
  pickle.integer(tensor.numel());
  pickle.tuple_since_mark();
  pickle.persistent_id();
  pickle.integer(0);
  pickle.integers(tensor.sizes().vec());
  pickle.integers(tensor.strides().vec());
  pickle.boolean(false);
  pickle.name("collections", "OrderedDict");
  pickle.call_without_arguments();
  pickle.tuple_since_mark();
  pickle.call();
}

std::string pickle_of(const std::vector<std::pair<std::string, torch::Tensor>>& tensors) {
  PickleWriter pickle;
  pickle.name("collections", "OrderedDict");
  pickle.call_without_arguments();
  pickle.mark();
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    pickle.text(tensors[i].first);
    write_tensor(pickle, tensors[i].second, std::to_string(i));
  }
  pickle.set_items_since_mark();
  return std::move(pickle).finish();
}

void write_archive(const std::filesystem::path& path, const NamedTensors& state) {
  const std::string pickle = pickle_of(state.tensors);
  ArchiveFile file(path);
  file.add("data.pkl", pickle.data(), pickle.size());
  if (!state.metadata.empty()) {
    const std::string metadata = nlohmann::json(state.metadata).dump();
    file.add(kPthMetadataEntry, metadata.data(), metadata.size());
  }
  for (std::size_t i = 0; i < state.tensors.size(); ++i) {
    const torch::Tensor& tensor = state.tensors[i].second;
    file.add("data/" + std::to_string(i), tensor.data_ptr(), tensor.nbytes());
  }
  file.commit();
}

}  // namespace

void write_pth(const std::filesystem::path& path, const NamedTensors& tensors) {
  NamedTensors state{.tensors = {}, .metadata = tensors.metadata};
  std::set<std::string_view> seen;
  for (const auto& [name, tensor] : tensors.tensors) {
    if (!seen.insert(name).second) throw invalid_argument("tensor '" + name + "' stands twice");
    (void)storage_class_of(tensor.scalar_type());  // refuses a dtype before anything is copied
    state.tensors.emplace_back(name, tensor.detach().to(torch::kCPU).contiguous());
  }
  try {
    write_archive(path, state);
  } catch (const c10::Error& error) {
    throw failed(path.string() + ": LibTorch could not write the archive: " + error.what_without_backtrace());
  } catch (const nlohmann::json::exception& error) {
    throw invalid_argument(std::string("metadata cannot be written: ") + error.what());
  }
}

}  // namespace ferv::weights

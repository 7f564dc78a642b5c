// SPDX-License-Identifier: Apache-2.0
// Curves for TensorBoard: scalars over steps in an event file (TFRecord framing, Event messages of
// tensorflow/core/util/event.proto in protobuf's wire format).
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace ferv::training {

struct Scalar {
  std::string_view tag;  ///< "loss/train": TensorBoard groups by what stands before the slash
  double value = 0;      ///< stored as a 32-bit float, which is all the format has
};

/// One file of one process. Records are appended whole and never changed; a reader stops at one that a kill
/// has cut off.
class EventFile {
 public:
  /// Begins a new file in `folder` that says: what older files there hold of `first_step` and later is void.
  /// So a resumed run has every step once, whatever the process before had written past its last checkpoint.
  /// Throws kIo.
  EventFile(const std::filesystem::path& folder, std::int64_t first_step);
  ~EventFile();
  EventFile(const EventFile&) = delete;
  EventFile& operator=(const EventFile&) = delete;

  /// Throws kIo.
  void add(std::int64_t step, std::span<const Scalar> scalars);
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  void write_record(const std::string& event);
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The framing of one record: length, checksum of the length, `data`, checksum of `data`.
[[nodiscard]] std::string to_tf_record(std::string_view data);

}  // namespace ferv::training

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/streams.h"

#include <string>

#include "ferv/base/error.h"

namespace ferv::data {

std::string_view to_string(Stream stream) noexcept {
  switch (stream) {
    case Stream::kFace:
      return "face";
    case Stream::kScene:
      return "scene";
    case Stream::kDiff:
      return "diff";
    case Stream::kFlow:
      return "flow";
  }
  return "face";
}

Stream stream_from_name(std::string_view name) {
  for (const Stream stream : {Stream::kFace, Stream::kScene, Stream::kDiff, Stream::kFlow}) {
    if (name == to_string(stream)) return stream;
  }
  throw invalid_argument("stream is '" + std::string(name) + "', wanted face, scene, diff or flow");
}

}  // namespace ferv::data

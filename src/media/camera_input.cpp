// SPDX-License-Identifier: Apache-2.0
#include "camera_input.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <string>

#include "ferv/base/error.h"

#ifdef FERV_HAS_CAMERA
extern "C" {
#include <libavdevice/avdevice.h>
}
#endif

namespace ferv::media {
namespace {

constexpr std::string_view kPrefix = "camera:";

}  // namespace

std::optional<std::filesystem::path> camera_device(const std::filesystem::path& name) {
  std::error_code status;
  const std::string text = name.string();
  if (text.starts_with(kPrefix) && !std::filesystem::exists(name, status)) {
    const std::string number = text.substr(kPrefix.size());
    const bool is_number =
        !number.empty() && number.size() <= 3 &&
        std::all_of(number.begin(), number.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    if (!is_number)
      throw invalid_argument("camera is '" + text + "', wanted camera:0, camera:1 ... or a device in /dev");
    return "/dev/video" + number;
  }
  if (text.starts_with("/dev/video") || std::filesystem::is_character_file(name, status)) return name;
  return std::nullopt;
}

#ifdef FERV_HAS_CAMERA
FormatInputHandle open_camera_input(const std::filesystem::path& device) {
  std::error_code status;
  if (!std::filesystem::exists(device, status)) throw not_found(device, "a camera");
  avdevice_register_all();
  const AVInputFormat* format = av_find_input_format("v4l2");
  if (format == nullptr) throw unsupported("this build of libavdevice reads no cameras");
  AVFormatContext* raw = nullptr;
  const int code = avformat_open_input(&raw, device.c_str(), format, nullptr);
  if (code == AVERROR(EACCES) || code == AVERROR(EBUSY) || code == AVERROR(EPERM))
    throw io_error(device, "cannot open the camera", AVUNERROR(code));
  if (code < 0) throw corrupt_data(device, "not a camera that gives pictures (" + libav_message(code) + ")");
  FormatInputHandle input(raw);
  const int found = avformat_find_stream_info(input.get(), nullptr);
  if (found < 0) throw corrupt_data(device, "the camera gives no pictures (" + libav_message(found) + ")");
  return input;
}
#else
FormatInputHandle open_camera_input(const std::filesystem::path& device) {
  throw unsupported(device.string() +
                    ": this build of ferv reads no cameras; install libavdevice-dev and build it again");
}
#endif

}  // namespace ferv::media

// SPDX-License-Identifier: Apache-2.0
// Cameras (Video4Linux, by libavdevice), where this build has them.
#pragma once

#include <filesystem>
#include <optional>

#include "video_handles.h"

namespace ferv::media {

/// The device that a name stands for: "camera:0" is /dev/video0, a device is itself; nullopt for everything
/// else, files of such names among it.
[[nodiscard]] std::optional<std::filesystem::path> camera_device(const std::filesystem::path& name);

/// Starts the camera. Throws kUnsupported in builds without libavdevice, kNotFound where there is no such
/// device, kIo where it may not be read or is in use.
[[nodiscard]] FormatInputHandle open_camera_input(const std::filesystem::path& device);

}  // namespace ferv::media

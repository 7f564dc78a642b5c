// SPDX-License-Identifier: Apache-2.0
// libav's objects with owners, and its error codes as text.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace ferv::media {

struct FormatInputCloser {
  void operator()(AVFormatContext* context) const { avformat_close_input(&context); }
};
struct CodecContextFreer {
  void operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
};
struct FrameFreer {
  void operator()(AVFrame* frame) const { av_frame_free(&frame); }
};
struct PacketFreer {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};
struct ScalerFreer {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

using FormatInputHandle = std::unique_ptr<AVFormatContext, FormatInputCloser>;
using CodecHandle = std::unique_ptr<AVCodecContext, CodecContextFreer>;
using FrameHandle = std::unique_ptr<AVFrame, FrameFreer>;
using PacketHandle = std::unique_ptr<AVPacket, PacketFreer>;
using ScalerHandle = std::unique_ptr<SwsContext, ScalerFreer>;

/// Throws std::bad_alloc instead of returning nullptr.
[[nodiscard]] FrameHandle make_frame();
[[nodiscard]] PacketHandle make_packet();

// What libav names one way in FFmpeg 5 (Debian 12) and another way since FFmpeg 6.

/// In the time base of the frame's stream; 0 or less when it is not known.
[[nodiscard]] std::int64_t duration_of(const AVFrame& frame);
/// nullptr where the stream has none.
[[nodiscard]] const std::uint8_t* side_data_of(const AVStream& stream, AVPacketSideDataType type,
                                               std::size_t& size);
/// Memory for `size` bytes, owned by the stream. Throws std::bad_alloc instead of returning nullptr.
[[nodiscard]] std::uint8_t* add_side_data(AVStream& stream, AVPacketSideDataType type, std::size_t size);

/// The text of a libav error code.
[[nodiscard]] std::string libav_message(int code);

/// libav writes to stderr unless told otherwise; a library must not. Safe to call often.
void silence_libav();

}  // namespace ferv::media

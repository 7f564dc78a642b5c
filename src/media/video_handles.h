// SPDX-License-Identifier: Apache-2.0
// libav's objects with owners, and its error codes as text.
#pragma once

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libswscale/swscale.h>
}

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

/// The text of a libav error code.
[[nodiscard]] std::string libav_message(int code);

/// libav writes to stderr unless told otherwise; a library must not. Safe to call often.
void silence_libav();

}  // namespace ferv::media

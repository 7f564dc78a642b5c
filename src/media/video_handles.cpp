// SPDX-License-Identifier: Apache-2.0
#include "video_handles.h"

#include <mutex>
#include <new>

extern "C" {
#include <libavutil/error.h>
#include <libavutil/log.h>
}

namespace ferv::media {

FrameHandle make_frame() {
  FrameHandle frame(av_frame_alloc());
  if (!frame) throw std::bad_alloc();
  return frame;
}

PacketHandle make_packet() {
  PacketHandle packet(av_packet_alloc());
  if (!packet) throw std::bad_alloc();
  return packet;
}

#if LIBAVUTIL_VERSION_INT >= AV_VERSION_INT(57, 30, 100)
std::int64_t duration_of(const AVFrame& frame) {
  return frame.duration;
}
#else
std::int64_t duration_of(const AVFrame& frame) {
  return frame.pkt_duration;
}
#endif

#if LIBAVCODEC_VERSION_INT >= AV_VERSION_INT(60, 31, 102)
const std::uint8_t* side_data_of(const AVStream& stream, AVPacketSideDataType type, std::size_t& size) {
  const AVPacketSideData* found =
      av_packet_side_data_get(stream.codecpar->coded_side_data, stream.codecpar->nb_coded_side_data, type);
  size = found == nullptr ? 0 : found->size;
  return found == nullptr ? nullptr : found->data;
}

std::uint8_t* add_side_data(AVStream& stream, AVPacketSideDataType type, std::size_t size) {
  const AVPacketSideData* added = av_packet_side_data_new(
      &stream.codecpar->coded_side_data, &stream.codecpar->nb_coded_side_data, type, size, 0);
  if (added == nullptr) throw std::bad_alloc();
  return added->data;
}
#else
const std::uint8_t* side_data_of(const AVStream& stream, AVPacketSideDataType type, std::size_t& size) {
  return av_stream_get_side_data(&stream, type, &size);
}

std::uint8_t* add_side_data(AVStream& stream, AVPacketSideDataType type, std::size_t size) {
  std::uint8_t* data = av_stream_new_side_data(&stream, type, size);
  if (data == nullptr) throw std::bad_alloc();
  return data;
}
#endif

std::string libav_message(int code) {
  char text[AV_ERROR_MAX_STRING_SIZE] = {};
  av_strerror(code, text, sizeof(text));
  return text;
}

void silence_libav() {
  static std::once_flag once;
  std::call_once(once, [] { av_log_set_level(AV_LOG_QUIET); });
}

}  // namespace ferv::media

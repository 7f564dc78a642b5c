// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/video_writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <string>

extern "C" {
#include <libavutil/opt.h>
}

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "video_handles.h"

namespace ferv::media {
namespace {

constexpr int kSizeLimitPx = 8192;
constexpr int kVariableTicksPerSecond = 90000;

struct FormatOutputCloser {
  void operator()(AVFormatContext* context) const {
    if (context->pb != nullptr) avio_closep(&context->pb);
    avformat_free_context(context);
  }
};
using FormatOutputHandle = std::unique_ptr<AVFormatContext, FormatOutputCloser>;

void validate(const VideoWriterOptions& options) {
  const auto check = [](double value, double low, double high, const char* name) {
    if (!(value >= low && value <= high)) {
      throw invalid_argument(std::string(name) + " of a film is " + std::to_string(value) + ", wanted " +
                             std::to_string(low) + " to " + std::to_string(high));
    }
  };
  check(options.width_px, 2, kSizeLimitPx, "width");
  check(options.height_px, 2, kSizeLimitPx, "height");
  check(options.frame_rate_hz, 0.01, 1000, "frame rate");
  check(options.quality, 0, 51, "quality");
  check(options.keyframe_interval, 1, 10000, "keyframe interval");
  if (options.rotation_degrees < 0 || options.rotation_degrees > 270 || options.rotation_degrees % 90 != 0) {
    throw invalid_argument("rotation of a film is " + std::to_string(options.rotation_degrees) +
                           ", wanted 0, 90, 180 or 270");
  }
}

/// libav's code as kIo when it stems from the system, else as kInternal: our own arguments are checked
/// before.
void check(int code, const std::filesystem::path& path, const char* what) {
  if (code >= 0) return;
  const int system_error = AVUNERROR(code);
  if (system_error > 0 && system_error < 200) throw io_error(path, what, system_error);
  throw internal_error(path.string() + ": " + what + " (" + libav_message(code) + ")");
}

void set_rotation(AVStream& stream, int degrees, const VideoWriterOptions& options) {
  std::uint8_t* data = add_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(std::int32_t));
  constexpr std::int32_t kOne = 1 << 16;
  const std::int32_t w = options.width_px * kOne, h = options.height_px * kOne;
  constexpr std::int32_t kDepth = 1 << 30;
  const std::int32_t quarter[9] = {0, kOne, 0, -kOne, 0, 0, h, 0, kDepth};
  const std::int32_t half[9] = {-kOne, 0, 0, 0, -kOne, 0, w, h, kDepth};
  const std::int32_t three_quarters[9] = {0, -kOne, 0, kOne, 0, 0, 0, w, kDepth};
  std::memcpy(data, degrees == 90 ? quarter : degrees == 180 ? half : three_quarters, sizeof(quarter));
}

}  // namespace

struct VideoWriter::State {
  std::filesystem::path path;
  std::filesystem::path temporary;
  VideoWriterOptions options;
  FormatOutputHandle output;
  AVStream* stream = nullptr;
  CodecHandle codec;
  FrameHandle picture = make_frame();
  PacketHandle packet = make_packet();
  ScalerHandle scaler;
  std::int64_t frame_count = 0;
  std::int64_t last_tick = -1;
  bool finished = false;

  State(const std::filesystem::path& file, const VideoWriterOptions& given) : path(file), options(given) {
    validate(options);
    if (path.has_parent_path()) make_folder(path.parent_path());
    temporary = path;
    std::string name = path.stem().string();
    name.insert(name.begin(), '.');
    temporary.replace_filename(name + "." + std::to_string(::getpid()) + ".part" + path.extension().string());
    const AVOutputFormat* format = av_guess_format(nullptr, path.filename().c_str(), nullptr);
    if (format == nullptr || format->video_codec == AV_CODEC_ID_NONE || (format->flags & AVFMT_NOFILE) != 0) {
      throw invalid_argument(path.string() +
                             ": not the name of a film, wanted an extension such as .mp4 or .mkv");
    }
    AVFormatContext* raw = nullptr;
    check(avformat_alloc_output_context2(&raw, format, nullptr, temporary.c_str()), path, "cannot write");
    output.reset(raw);
    output->flags |= AVFMT_FLAG_BITEXACT;
    open_encoder();
    try {
      check(avio_open(&output->pb, ("file:" + temporary.string()).c_str(), AVIO_FLAG_WRITE), path,
            "cannot write");
      check(avformat_write_header(output.get(), nullptr), path, "cannot write");
    } catch (...) {
      remove_temporary();
      throw;
    }
  }

  ~State() {
    output.reset();
    if (!finished) remove_temporary();
  }

  void remove_temporary() const {
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
  }

  void open_encoder() {
    const AVCodec* encoder = avcodec_find_encoder_by_name("libx264");
    const bool is_x264 = encoder != nullptr;
    if (!is_x264) encoder = avcodec_find_encoder(AV_CODEC_ID_MPEG4);
    if (encoder == nullptr)
      throw unsupported("this build of libav has neither libx264 nor MPEG-4 to write films with");
    codec.reset(avcodec_alloc_context3(encoder));
    if (!codec) throw std::bad_alloc();
    const bool is_odd = options.width_px % 2 != 0 || options.height_px % 2 != 0;
    codec->width = options.width_px;
    codec->height = options.height_px;
    codec->pix_fmt = is_odd && is_x264 ? AV_PIX_FMT_YUV444P : AV_PIX_FMT_YUV420P;
    codec->time_base = options.variable_frame_rate ? AVRational{1, kVariableTicksPerSecond}
                                                   : av_inv_q(av_d2q(options.frame_rate_hz, 1001000));
    if (!options.variable_frame_rate) codec->framerate = av_inv_q(codec->time_base);
    codec->gop_size = options.keyframe_interval;
    codec->color_range = AVCOL_RANGE_MPEG;
    codec->colorspace = AVCOL_SPC_SMPTE170M;
    // One thread and no encoder's signature: the same frames give the same bytes on every machine.
    codec->thread_count = 1;
    codec->flags |= AV_CODEC_FLAG_BITEXACT;
    if ((output->oformat->flags & AVFMT_GLOBALHEADER) != 0) codec->flags |= AV_CODEC_FLAG_GLOBAL_HEADER;
    if (is_x264) {
      av_opt_set(codec->priv_data, "preset", "veryfast", 0);
      av_opt_set_int(codec->priv_data, "crf", options.quality, 0);
    } else {
      codec->flags |= AV_CODEC_FLAG_QSCALE;
      codec->global_quality = FF_QP2LAMBDA * (1 + options.quality * 30 / 51);
    }
    check(avcodec_open2(codec.get(), encoder, nullptr), path, "cannot start the encoder");

    stream = avformat_new_stream(output.get(), nullptr);
    if (stream == nullptr) throw std::bad_alloc();
    check(avcodec_parameters_from_context(stream->codecpar, codec.get()), path, "cannot write");
    stream->time_base = codec->time_base;
    stream->avg_frame_rate = codec->framerate;
    if (options.rotation_degrees != 0) set_rotation(*stream, options.rotation_degrees, options);

    picture->format = codec->pix_fmt;
    picture->width = codec->width;
    picture->height = codec->height;
    if (av_frame_get_buffer(picture.get(), 0) < 0) throw std::bad_alloc();
    scaler.reset(sws_getContext(codec->width, codec->height, AV_PIX_FMT_RGB24, codec->width, codec->height,
                                codec->pix_fmt, SWS_BILINEAR | SWS_ACCURATE_RND, nullptr, nullptr, nullptr));
    if (!scaler) throw internal_error("no conversion from RGB to the encoder's pixel format");
  }

  void encode(const Image& image, std::int64_t tick) {
    if (finished) throw invalid_argument(path.string() + ": a frame was written to a finished film");
    if (image.width_px != options.width_px || image.height_px != options.height_px) {
      throw invalid_argument(path.string() + ": frame of " + std::to_string(image.width_px) + "x" +
                             std::to_string(image.height_px) + ", wanted " +
                             std::to_string(options.width_px) + "x" + std::to_string(options.height_px));
    }
    if (av_frame_make_writable(picture.get()) < 0) throw std::bad_alloc();
    const std::uint8_t* const rows[1] = {image.pixels.data()};
    const int strides[1] = {static_cast<int>(image.row_bytes())};
    sws_scale(scaler.get(), rows, strides, 0, options.height_px, picture->data, picture->linesize);
    picture->pts = tick;
    last_tick = tick;
    ++frame_count;
    check(avcodec_send_frame(codec.get(), picture.get()), path, "cannot encode a frame");
    write_packets();
  }

  void write_packets() {
    for (;;) {
      const int code = avcodec_receive_packet(codec.get(), packet.get());
      if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return;
      check(code, path, "cannot encode a frame");
      av_packet_rescale_ts(packet.get(), codec->time_base, stream->time_base);
      packet->stream_index = stream->index;
      // Only the last frame's length is taken from here; a length of nothing would cut that frame off.
      packet->duration =
          std::max<std::int64_t>(1, std::llround(1 / (options.frame_rate_hz * av_q2d(stream->time_base))));
      check(av_interleaved_write_frame(output.get(), packet.get()), path, "cannot write");
    }
  }

  void finish() {
    if (finished || frame_count == 0) {
      throw invalid_argument(path.string() + (finished ? ": the film is finished already"
                                                       : ": a film needs at least one frame"));
    }
    check(avcodec_send_frame(codec.get(), nullptr), path, "cannot encode a frame");
    write_packets();
    check(av_write_trailer(output.get()), path, "cannot write");
    avio_flush(output->pb);
    check(output->pb->error, path, "cannot write");
    check(avio_closep(&output->pb), path, "cannot write");
    sync_to_disk();
    std::error_code status;
    std::filesystem::rename(temporary, path, status);
    if (status) throw io_error(path, "cannot write", status.value());
    finished = true;
  }

  void sync_to_disk() const {
    const int descriptor = ::open(temporary.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) throw io_error(path, "cannot write", errno);
    const int result = ::fsync(descriptor);
    const int error = errno;
    ::close(descriptor);
    if (result != 0) throw io_error(path, "cannot write", error);
  }
};

VideoWriter::VideoWriter(const std::filesystem::path& path, const VideoWriterOptions& options) {
  silence_libav();
  state_ = std::make_unique<State>(path, options);
}

VideoWriter::~VideoWriter() = default;

void VideoWriter::write(const Image& image) {
  if (state_->options.variable_frame_rate)
    throw invalid_argument("a film of variable frame rate wants a time with each frame");
  state_->encode(image, state_->frame_count);
}

void VideoWriter::write_at(const Image& image, double timestamp_s) {
  if (!state_->options.variable_frame_rate)
    throw invalid_argument("this film has a constant frame rate: use write()");
  if (!(timestamp_s >= 0 && timestamp_s < 1e7))
    throw invalid_argument("time stamp of a frame is " + std::to_string(timestamp_s));
  const auto tick = static_cast<std::int64_t>(std::llround(timestamp_s * kVariableTicksPerSecond));
  if (tick <= state_->last_tick) {
    throw invalid_argument("time stamp of a frame is " + std::to_string(timestamp_s) +
                           " s, not after the one before");
  }
  state_->encode(image, tick);
}

void VideoWriter::finish() {
  state_->finish();
}

}  // namespace ferv::media

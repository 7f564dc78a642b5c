// SPDX-License-Identifier: Apache-2.0
#include "ferv/media/video_reader.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

extern "C" {
#include <libavutil/dict.h>
#include <libavutil/pixdesc.h>
}

#include "camera_input.h"
#include "ferv/base/error.h"
#include "ferv/base/parallel.h"
#include "pixel_limit.h"
#include "video_handles.h"
#include "video_orientation.h"

namespace ferv::media {
namespace {

constexpr int kDecoderThreadLimit = 4;
constexpr double kFallbackRateHz = 25;
constexpr int kDecoderErrorLimit = 64;
/// A film that ends this much before the length in its header has lost its tail.
constexpr double kMissingTailS = 0.5;

/// Containers that hold a film (or only sound, to be able to say so). Playlists, which name other files or
/// addresses, and pictures, text and subtitles are left out on purpose.
constexpr const char* kFormats =
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,ogg,gif,h264,hevc,m4v,ivf,nut,"
    "mxf,"
    "yuv4mpegpipe,dv,rm,wav,mp3,flac,aac";

FormatInputHandle open_input(const std::filesystem::path& path) {
  if (const auto camera = camera_device(path)) return open_camera_input(*camera);
  std::error_code status;
  if (!std::filesystem::exists(path, status)) throw not_found(path, "a film");
  if (!std::filesystem::is_regular_file(path, status)) throw corrupt_data(path, "not a plain file");

  AVDictionary* settings = nullptr;
  av_dict_set(&settings, "protocol_whitelist", "file", 0);
  av_dict_set(&settings, "format_whitelist", kFormats, 0);
  AVFormatContext* raw = nullptr;
  // The prefix keeps a name such as "http://x" or "-" a file name.
  const int code = avformat_open_input(&raw, ("file:" + path.string()).c_str(), nullptr, &settings);
  av_dict_free(&settings);
  if (code == AVERROR(EACCES)) throw io_error(path, "cannot read", EACCES);
  if (code < 0) throw corrupt_data(path, "not a readable film or picture (" + libav_message(code) + ")");
  FormatInputHandle input(raw);
  input->flags |= AVFMT_FLAG_DISCARD_CORRUPT;
  const int found = avformat_find_stream_info(input.get(), nullptr);
  if (found < 0) throw corrupt_data(path, "not a readable film or picture (" + libav_message(found) + ")");
  return input;
}

AVStream* choose_stream(AVFormatContext& input, const AVCodec*& decoder, const std::filesystem::path& path) {
  const int index = av_find_best_stream(&input, AVMEDIA_TYPE_VIDEO, -1, -1, &decoder, 0);
  if (index == AVERROR_DECODER_NOT_FOUND)
    throw unsupported(path.string() + ": no decoder for the video stream");
  if (index < 0 || (input.streams[index]->disposition & AV_DISPOSITION_ATTACHED_PIC) != 0) {
    throw corrupt_data(path, "has no video stream (" + std::to_string(input.nb_streams) + " other streams)");
  }
  // The demuxer can pass over what nobody reads.
  for (unsigned i = 0; i < input.nb_streams; ++i) {
    if (static_cast<int>(i) != index) input.streams[i]->discard = AVDISCARD_ALL;
  }
  return input.streams[index];
}

CodecHandle open_decoder(const AVCodec* decoder, const AVStream& stream, int threads) {
  CodecHandle codec(avcodec_alloc_context3(decoder));
  if (!codec) throw std::bad_alloc();
  int code = avcodec_parameters_to_context(codec.get(), stream.codecpar);
  codec->pkt_timebase = stream.time_base;
  codec->max_pixels = static_cast<std::int64_t>(kPixelLimit);
  codec->thread_count = threads > 0 ? threads : std::min(available_cores(), kDecoderThreadLimit);
  if (code >= 0) code = avcodec_open2(codec.get(), decoder, nullptr);
  if (code < 0)
    throw Error(ErrorKind::kCorruptData, "cannot start the video decoder (" + libav_message(code) + ")");
  return codec;
}

std::optional<double> positive(double value) {
  return std::isfinite(value) && value > 0 ? std::optional<double>(value) : std::nullopt;
}

/// Width to height of one pixel, 1 for what is missing or absurd.
double pixel_aspect(AVRational aspect) {
  const double value = aspect.den != 0 ? av_q2d(aspect) : 0;
  return value > 0.1 && value < 10 ? value : 1;
}

}  // namespace

struct VideoReader::State {
  std::filesystem::path path;
  FormatInputHandle input;
  AVStream* stream = nullptr;
  CodecHandle codec;
  FrameHandle decoded = make_frame();
  FrameHandle rgb = make_frame();
  PacketHandle packet = make_packet();
  ScalerHandle scaler;
  Orientation orientation;
  VideoMetadata metadata;
  double start_s = 0;

  std::int64_t frame_count = 0;
  std::int64_t packet_count = 0;
  std::int64_t damaged_count = 0;
  double last_timestamp_s = 0;
  double end_s = 0;  ///< where the last frame seen ends, by its own duration
  bool tail_is_missing = false;
  bool ended = false;

  State(const std::filesystem::path& file, const VideoReaderOptions& options)
      : path(file), input(open_input(file)) {
    const AVCodec* decoder = nullptr;
    stream = choose_stream(*input, decoder, path);
    try {
      codec = open_decoder(decoder, *stream, options.decoder_threads);
    } catch (const Error& error) {
      throw corrupt_data(path, error.what());
    }
    if (input->start_time != AV_NOPTS_VALUE) start_s = static_cast<double>(input->start_time) / AV_TIME_BASE;
    orientation = orientation_of(*stream);
    fill_metadata();
  }

  void fill_metadata() {
    const AVCodecParameters& parameters = *stream->codecpar;
    metadata.format = input->iformat->name;
    metadata.codec = avcodec_get_name(parameters.codec_id);
    int width =
        static_cast<int>(std::lround(parameters.width * pixel_aspect(parameters.sample_aspect_ratio)));
    int height = parameters.height;
    if (orientation.swaps_axes()) std::swap(width, height);
    metadata.width_px = width;
    metadata.height_px = height;
    metadata.rotation_degrees = orientation.rotation_degrees();
    if (stream->nb_frames > 0) metadata.frame_count_from_header = stream->nb_frames;
    if (stream->duration != AV_NOPTS_VALUE) {
      metadata.duration_s_from_header =
          positive(static_cast<double>(stream->duration) * av_q2d(stream->time_base));
    } else if (input->duration != AV_NOPTS_VALUE) {
      metadata.duration_s_from_header = positive(static_cast<double>(input->duration) / AV_TIME_BASE);
    }
    if (stream->avg_frame_rate.den != 0)
      metadata.frame_rate_hz_from_header = positive(av_q2d(stream->avg_frame_rate));
  }

  /// Hands the decoder the next packet of the stream, or the end of the stream.
  void send_packet() {
    for (;;) {
      const int code = av_read_frame(input.get(), packet.get());
      if (code == AVERROR(EAGAIN)) continue;
      if (code < 0) {
        // An index that promises more than came says that the file was cut; so does a demuxer that gives up.
        tail_is_missing = code != AVERROR_EOF || packet_count < avformat_index_get_entries_count(stream);
        avcodec_send_packet(codec.get(), nullptr);
        return;
      }
      const bool wanted = packet->stream_index == stream->index;
      if (wanted) {
        ++packet_count;
        const int sent = avcodec_send_packet(codec.get(), packet.get());
        if (sent < 0 && sent != AVERROR(EAGAIN)) ++damaged_count;
      }
      av_packet_unref(packet.get());
      if (wanted) return;
    }
  }

  /// The next good frame in `decoded`, or false at the end.
  bool decode() {
    int errors_in_a_row = 0;
    for (;;) {
      const int code = avcodec_receive_frame(codec.get(), decoded.get());
      if (code == AVERROR_EOF) return false;
      if (code == AVERROR(EAGAIN)) {
        errors_in_a_row = 0;
        send_packet();
        continue;
      }
      const bool good =
          code == 0 && (decoded->flags & AV_FRAME_FLAG_CORRUPT) == 0 && decoded->decode_error_flags == 0;
      if (good) return true;
      ++damaged_count;
      // A decoder that fails without ever asking for more would be asked forever.
      if (code < 0 && ++errors_in_a_row > kDecoderErrorLimit) return false;
    }
  }

  double timestamp_s() {
    double time;
    if (decoded->best_effort_timestamp != AV_NOPTS_VALUE) {
      time = static_cast<double>(decoded->best_effort_timestamp) * av_q2d(stream->time_base) - start_s;
    } else {
      time = frame_count == 0
                 ? 0
                 : last_timestamp_s + 1 / metadata.frame_rate_hz_from_header.value_or(kFallbackRateHz);
    }
    // A film whose stamps jump back repeats the one before rather than turning time round.
    last_timestamp_s = frame_count == 0 ? time : std::max(time, last_timestamp_s);
    end_s = last_timestamp_s +
            static_cast<double>(std::max<std::int64_t>(duration_of(*decoded), 0)) * av_q2d(stream->time_base);
    return last_timestamp_s;
  }

  /// The length that the header gives this stream; the container's only counts when nothing else is in it.
  [[nodiscard]] double promised_end_s() const {
    if (stream->duration != AV_NOPTS_VALUE) {
      const double begin = stream->start_time != AV_NOPTS_VALUE
                               ? static_cast<double>(stream->start_time) * av_q2d(stream->time_base)
                               : start_s;
      return begin - start_s + static_cast<double>(stream->duration) * av_q2d(stream->time_base);
    }
    const bool is_alone = input->nb_streams == 1 && input->duration != AV_NOPTS_VALUE;
    return is_alone ? static_cast<double>(input->duration) / AV_TIME_BASE : 0;
  }

  /// Converts `decoded` to packed RGB with square pixels in `rgb`.
  void convert() {
    const double stretch = pixel_aspect(decoded->sample_aspect_ratio);
    const auto width = static_cast<int>(std::lround(decoded->width * stretch));
    if (width < 1 ||
        static_cast<std::uint64_t>(width) * static_cast<std::uint64_t>(decoded->height) > kPixelLimit) {
      throw corrupt_data(path, "frame of " + std::to_string(width) + "x" + std::to_string(decoded->height) +
                                   " pixels, the limit is 64 Mpixel");
    }
    if (rgb->width != width || rgb->height != decoded->height) {
      av_frame_unref(rgb.get());
      rgb->format = AV_PIX_FMT_RGB24;
      rgb->width = width;
      rgb->height = decoded->height;
      // libswscale writes past the end of a row, so rows need libav's own padding.
      if (av_frame_get_buffer(rgb.get(), 0) < 0) throw std::bad_alloc();
    }
    scaler.reset(sws_getCachedContext(scaler.release(), decoded->width, decoded->height,
                                      static_cast<AVPixelFormat>(decoded->format), rgb->width, rgb->height,
                                      AV_PIX_FMT_RGB24, SWS_BILINEAR | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT,
                                      nullptr, nullptr, nullptr));
    if (!scaler) throw unsupported(path.string() + ": cannot convert the film's pixel format to RGB");
    set_colours();
    const int rows = sws_scale(scaler.get(), decoded->data, decoded->linesize, 0, decoded->height, rgb->data,
                               rgb->linesize);
    if (rows != rgb->height) throw corrupt_data(path, "a frame cannot be converted to RGB");
  }

  void set_colours() const {
    // Where the file is silent, players take high-definition film as BT.709 and the rest as BT.601.
    int space = decoded->colorspace;
    if (space == AVCOL_SPC_UNSPECIFIED)
      space = decoded->height >= 720 ? AVCOL_SPC_BT709 : AVCOL_SPC_SMPTE170M;
    const int* coefficients = sws_getCoefficients(space);
    const AVPixFmtDescriptor* format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(decoded->format));
    const bool named_full = format != nullptr && std::strncmp(format->name, "yuvj", 4) == 0;
    const int source_is_full = named_full || decoded->color_range == AVCOL_RANGE_JPEG ? 1 : 0;
    constexpr int kNeutral = 1 << 16;
    sws_setColorspaceDetails(scaler.get(), coefficients, source_is_full, coefficients, 1, 0, kNeutral,
                             kNeutral);
  }
};

VideoReader::VideoReader(const std::filesystem::path& path, const VideoReaderOptions& options) {
  silence_libav();
  state_ = std::make_unique<State>(path, options);
}

VideoReader::~VideoReader() = default;

bool VideoReader::read(VideoFrame& frame) {
  State& state = *state_;
  if (!state.decode()) {
    state.ended = true;
    if (state.frame_count == 0) throw corrupt_data(state.path, "the video stream has no readable frame");
    return false;
  }
  frame.timestamp_s = state.timestamp_s();
  frame.index = state.frame_count++;
  state.convert();
  copy_oriented(*state.rgb, state.orientation, frame.image);
  av_frame_unref(state.decoded.get());
  return true;
}

const VideoMetadata& VideoReader::metadata() const {
  return state_->metadata;
}

std::string VideoReader::warning() const {
  const State& state = *state_;
  std::vector<std::string> parts;
  if (state.damaged_count > 0)
    parts.push_back(std::to_string(state.damaged_count) + " damaged frames or packets were left out");
  const int promised_count = avformat_index_get_entries_count(state.stream);
  if (state.tail_is_missing) {
    std::string text =
        "truncated: the file ends after " + std::to_string(state.packet_count) + " coded frames";
    if (promised_count > state.packet_count) text += " of " + std::to_string(promised_count);
    parts.push_back(text);
  } else if (state.ended && state.end_s + kMissingTailS < state.promised_end_s()) {
    parts.push_back("truncated: the film ends at " + std::to_string(state.end_s) +
                    " s, its header promises " + std::to_string(state.promised_end_s()) + " s");
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

}  // namespace ferv::media

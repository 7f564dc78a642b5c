// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/tar_archive.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "ferv/base/error.h"
#include "ferv/base/files.h"
#include "ferv/data/labels.h"
#include "ferv/media/jpeg.h"
#include "mapped_file.h"
#include "tar_members.h"

namespace ferv::data {
namespace {

constexpr std::size_t kStreamCount = 3;
constexpr int kRawQuality = 95;
constexpr std::size_t kTarFactsLimit = std::size_t{1} << 20;

std::size_t place_of(Stream stream) {
  return stream == Stream::kScene ? 1 : stream == Stream::kFlow ? 2 : 0;
}

/// What the members of one key say.
struct Sample {
  std::array<std::map<std::int64_t, std::span<const std::uint8_t>>, kStreamCount> frames;  ///< by number
  std::span<const std::uint8_t> json;
  std::span<const std::uint8_t> label_index;
};

/// "face.07.jpg" -> stream and number; false for what is no frame.
bool is_frame(std::string_view ending, Stream& stream, std::int64_t& number) {
  stream = Stream::kFace;
  for (const Stream named : {Stream::kFace, Stream::kScene, Stream::kFlow}) {
    const std::string word = std::string(to_string(named)) + ".";
    if (!ending.starts_with(word)) continue;
    stream = named;
    ending.remove_prefix(word.size());
    break;
  }
  const std::size_t dot = ending.rfind('.');
  const std::string_view kind = dot == std::string_view::npos ? ending : ending.substr(dot + 1);
  if (kind != "jpg" && kind != "jpeg") return false;
  number = 0;
  if (dot == std::string_view::npos) return true;
  const std::string_view digits = ending.substr(0, dot);
  if (digits.empty() || digits.size() > 9) return false;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return false;
    number = number * 10 + (digit - '0');
  }
  return true;
}

bool is_clip_id(std::string_view key) {
  return !key.empty() && key.front() != '/' && key.find("..") == std::string_view::npos &&
         std::none_of(key.begin(), key.end(), [](unsigned char c) { return c < 0x20 || c == ','; });
}

class TarStore : public FrameStore {
 public:
  explicit TarStore(const std::filesystem::path& path) : path_(path), file_(path) {}
  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return file_.bytes(); }
  void add(const std::string& id, const Sample& sample) {
    auto& frames = by_id_[id];
    for (std::size_t s = 0; s < kStreamCount; ++s) {
      for (const auto& [number, bytes] : sample.frames[s]) frames[s].push_back(bytes);
    }
  }

  [[nodiscard]] StoredFrame frame(const FrameAddress& address) const override {
    const std::string name = (path_ / address.clip.id).string() + " " +
                             std::string(to_string(address.stream)) + " frame " +
                             std::to_string(address.frame);
    const auto found = by_id_.find(address.clip.id);
    if (found == by_id_.end()) throw not_found(name, "a sample of the tar");
    const auto& frames = found->second[place_of(address.stream)];
    if (address.frame < 0 || static_cast<std::size_t>(address.frame) >= frames.size())
      throw not_found(name, "one of the " + std::to_string(frames.size()) + " frames of the tar");
    return {frames[static_cast<std::size_t>(address.frame)], 0, name};
  }

 private:
  std::filesystem::path path_;
  MappedFile file_;
  std::unordered_map<std::string, std::array<std::vector<std::span<const std::uint8_t>>, kStreamCount>>
      by_id_;
};

/// Takes label, split and classes of a sample into the index.
class SampleReader {
 public:
  SampleReader(ClipIndex& index, const std::filesystem::path& path) : index_(index), path_(path) {}

  void add(const std::string& key, const Sample& sample) {
    Clip clip;
    clip.id = key;
    clip.frame_count = static_cast<std::int32_t>(sample.frames[0].size());
    if (!sample.json.empty()) {
      read_facts(sample.json, clip);
    } else {
      read_label_index(sample.label_index, clip);
    }
    index_.clips.push_back(std::move(clip));
  }

 private:
  void read_facts(std::span<const std::uint8_t> text, Clip& clip) {
    try {
      if (text.size() > kTarFactsLimit) throw corrupt_data(path_, clip.id + ".json is larger than 1 MiB");
      const nlohmann::json json = nlohmann::json::parse(text.begin(), text.end());
      use_classes(json.contains("classes") ? json["classes"].get<std::vector<std::string>>() : seven(), clip);
      const auto label = json.at("label").get<std::string>();
      const auto found = class_index(index_.classes, label);
      if (!found)
        throw corrupt_data(path_, clip.id + ".json: label is '" + label + "', which is none of the classes");
      clip.label = *found;
      clip.split = split_from_name(json.value("split", "train"));
    } catch (const nlohmann::json::exception& error) {
      throw corrupt_data(path_, clip.id + ".json: " + error.what());
    } catch (const Error& error) {
      throw error.kind() == ErrorKind::kCorruptData ? error
                                                    : corrupt_data(path_, clip.id + ".json: " + error.what());
    }
  }

  void read_label_index(std::span<const std::uint8_t> text, Clip& clip) {
    use_classes(seven(), clip);
    const std::string word(text.begin(), std::find_if(text.begin(), text.end(),
                                                      [](std::uint8_t c) { return c < '0' || c > '9'; }));
    if (word.empty() || word.size() > 3 || std::stoul(word) >= index_.classes.size())
      throw corrupt_data(path_, clip.id + ": has neither a .json with a label nor a .cls of 0 to 6");
    clip.label = static_cast<std::int32_t>(std::stoul(word));
  }

  void use_classes(std::vector<std::string> classes, const Clip& clip) {
    if (index_.classes.empty())
      index_.classes = std::move(classes);
    else if (index_.classes != classes)
      throw corrupt_data(path_, clip.id + ": has other classes than the clips before it");
  }
  static std::vector<std::string> seven() { return {expression_names().begin(), expression_names().end()}; }

  ClipIndex& index_;
  const std::filesystem::path& path_;
};

}  // namespace

void write_tar(const ClipIndex& index, const std::filesystem::path& path, const std::vector<Stream>& streams,
               const Observer& observer) {
  AtomicFile file(path);
  const auto append = [&](const std::string& name, std::span<const std::uint8_t> bytes) {
    file.write(tar_header(name, bytes.size()));
    file.write(bytes);
    file.write(tar_padding(bytes.size()));
  };
  std::vector<std::uint8_t> buffer;
  for (std::size_t i = 0; i < index.clips.size(); ++i) {
    if (observer.should_stop())
      throw failed("stopped while writing " + path.string() + "; nothing was written");
    const Clip& clip = index.clips[i];
    const nlohmann::json facts = {{"label", index.classes[static_cast<std::size_t>(clip.label)]},
                                  {"split", std::string(to_string(clip.split))},
                                  {"classes", index.classes}};
    const std::string text = facts.dump();
    append(clip.id + ".json", {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    for (const Stream stream : streams) {
      for (int frame = 0; frame < clip.frame_count; ++frame) {
        const StoredFrame stored = stored_frame(index, {clip, stream, frame}, buffer);
        char number[16];
        std::snprintf(number, sizeof number, "%02d", frame);
        const std::string name = clip.id + "." + std::string(to_string(stream)) + "." + number + ".jpg";
        if (stored.raw_size_px == 0) {
          append(name, stored.bytes);
          continue;
        }
        media::Image image(stored.raw_size_px, stored.raw_size_px);
        image.pixels.assign(stored.bytes.begin(), stored.bytes.end());
        append(name, media::encode_jpeg(image, kRawQuality));
      }
    }
    observer.progress({"tar", i + 1, index.clips.size(), "clips", ""});
  }
  file.write(std::vector<std::uint8_t>(1024, 0));
  file.commit();
}

ClipIndex open_tar(const std::filesystem::path& path) {
  auto store = std::make_shared<TarStore>(path);
  std::vector<std::string> keys;
  std::unordered_map<std::string, Sample> samples;
  for (const TarMember& member : parse_tar(store->bytes(), path)) {
    const std::size_t name_at = member.name.rfind('/') + 1;  // npos + 1 is 0
    const std::size_t dot = member.name.find('.', name_at);
    if (dot == std::string::npos) continue;
    const std::string key = member.name.substr(0, dot);
    const std::string_view ending = std::string_view(member.name).substr(dot + 1);
    Stream stream = Stream::kFace;
    std::int64_t number = 0;
    const bool frame = is_frame(ending, stream, number);
    if (!frame && ending != "json" && ending != "cls") continue;
    if (!is_clip_id(key))
      throw corrupt_data(path, "member '" + member.name.substr(0, 100) + "' is no name of a clip");
    const auto [at, is_new] = samples.try_emplace(key);
    if (is_new) keys.push_back(key);
    if (frame) at->second.frames[place_of(stream)][number] = member.bytes;
    if (ending == "json") at->second.json = member.bytes;
    if (ending == "cls") at->second.label_index = member.bytes;
  }
  ClipIndex index;
  index.root = path;
  index.face_folder = path;
  SampleReader reader(index, path);
  for (const std::string& key : keys) {
    const Sample& sample = samples.at(key);
    reader.add(key, sample);
    store->add(key, sample);
    if (!sample.frames[place_of(Stream::kScene)].empty()) index.scene_folder = path;
    if (!sample.frames[place_of(Stream::kFlow)].empty()) index.flow_folder = path;
  }
  if (index.clips.empty()) throw corrupt_data(path, "the tar holds no clip");
  index.store = std::move(store);
  return index;
}

}  // namespace ferv::data

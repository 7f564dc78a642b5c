// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/face_set.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <map>

#include "face_tsv.h"
#include "ferv/base/error.h"
#include "ferv/base/hash.h"
#include "ferv/data/labels.h"
#include "ferv/media/file_names.h"
#include "ferv/media/jpeg.h"
#include "list_lines.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kListLineLimit = 8192;

/// Names below a folder that `wanted` takes, sorted; hidden ones are passed over.
template <typename Wanted>
std::vector<std::string> names_in(const fs::path& folder, Wanted&& wanted) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
    std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && wanted(*entry)) names.push_back(std::move(name));
  }
  if (error) throw io_error(folder, "cannot list", error.value());
  std::sort(names.begin(), names.end());
  return names;
}

void read_folders(const fs::path& root, FaceSet& set) {
  set.folder = root;
  for (const std::string& name : names_in(root, [](const auto& entry) { return entry.is_directory(); })) {
    const auto pictures = names_in(root / name, [](const auto& entry) {
      return media::is_picture_name(entry.path().filename().string());
    });
    if (pictures.empty()) continue;
    for (const std::string& picture : pictures) {
      Face face;
      face.path = name + "/" + picture;
      face.label = static_cast<std::int32_t>(set.classes.size());
      set.faces.push_back(std::move(face));
    }
    set.classes.push_back(name);
  }
}

void read_list(const fs::path& path, FaceSet& set) {
  set.folder = path.parent_path();
  std::ifstream file(path);
  if (!file) throw io_error(path, "cannot open", errno);
  std::map<std::string, std::int32_t, std::less<>> labels;
  std::string whole(kListLineLimit, '\0');
  for (std::uint64_t number = 1; file.getline(whole.data(), kListLineLimit) || file.gcount() > 0; ++number) {
    if (file.fail() && !file.eof())
      throw corrupt_data(path, "line " + std::to_string(number) + " is over 8191 bytes");
    const std::string_view line = trimmed(whole.c_str());
    if (line.empty() || line.front() == '#') continue;
    const std::size_t parting = line.find_last_of(" ,\t");
    const std::string_view picture =
        trimmed(line.substr(0, parting == std::string_view::npos ? line.size() : parting));
    if (parting == std::string_view::npos || parting + 1 == line.size() || picture.empty()) {
      note_damaged_line(set, number, "wanted a path, a space or comma, and a class");
      continue;
    }
    const auto [found, is_new] =
        labels.try_emplace(std::string(line.substr(parting + 1)), static_cast<std::int32_t>(labels.size()));
    if (is_new) set.classes.push_back(found->first);
    Face face;
    face.path = picture;
    face.label = found->second;
    set.faces.push_back(std::move(face));
  }
}

}  // namespace

FaceSet read_face_set(const fs::path& path) {
  if (!fs::exists(path)) throw not_found(path, "a folder, TSV or list of faces");
  FaceSet set;
  if (fs::is_directory(path)) {
    read_folders(path, set);
  } else if (looks_like_face_tsv(path)) {
    index_face_tsv(path, set);
  } else {
    read_list(path, set);
  }
  if (set.faces.empty()) {
    throw corrupt_data(path, "no picture, wanted <class>/<picture>.jpg|png, MS-Celeb-1M's TSV or a list" +
                                 (set.damaged.empty() ? "" : "; " + set.damaged.front()));
  }
  return set;
}

bool has_expression_classes(const FaceSet& set) {
  return std::all_of(set.classes.begin(), set.classes.end(), [](const std::string& name) {
    return class_index(expression_names(), name).has_value();
  });
}

void use_expression_classes(FaceSet& set) {
  std::vector<int> moved;
  for (const std::string& name : set.classes) {
    const auto index = class_index(expression_names(), name);
    if (!index) {
      const std::string near = nearest_word(name, expression_names());
      throw corrupt_data(set.folder, "class '" + name + "' is none of the seven expressions" +
                                         (near.empty() ? "" : ", did you mean '" + near + "'?"));
    }
    moved.push_back(*index);
  }
  for (Face& face : set.faces) face.label = moved[static_cast<std::size_t>(face.label)];
  set.classes.assign(expression_names().begin(), expression_names().end());
}

std::string face_id(const FaceSet& set, std::size_t position) {
  const Face& face = set.faces[position];
  if (!face.path.empty()) return face.path;
  return set.classes[static_cast<std::size_t>(face.label)] + "/" + std::to_string(face.offset);
}

std::string person_of(std::string_view path) {
  const std::string_view name = path.substr(path.find_last_of('/') + 1);
  const std::string_view stem = name.substr(0, name.find_last_of('.'));
  const std::size_t bar = stem.find_last_of('_');
  const bool has_number = bar != std::string_view::npos && bar > 0 && bar + 1 < stem.size() &&
                          std::all_of(stem.begin() + static_cast<std::ptrdiff_t>(bar) + 1, stem.end(),
                                      [](unsigned char c) { return std::isdigit(c) != 0; });
  return std::string(has_number ? stem.substr(0, bar) : path);
}

std::string fingerprint(const FaceSet& set) {
  std::uint64_t hash = 0;
  for (const std::string& name : set.classes) hash = hash64(name, hash);
  for (std::size_t i = 0; i < set.faces.size(); ++i) {
    const Face& face = set.faces[i];
    hash = hash64(face_id(set, i), hash ^ static_cast<std::uint64_t>(face.label));
    hash = hash64(std::to_string(face.length), hash);
  }
  const std::string text = std::to_string(hash) + " " + std::to_string(set.faces.size());
  return hash_bytes({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

FaceReader::FaceReader(const FaceSet& set) : set_(set) {
  if (set.tsv.empty()) return;
  file_ = ::open(set.tsv.c_str(), O_RDONLY | O_CLOEXEC);
  if (file_ < 0) throw io_error(set.tsv, "cannot open", errno);
}

FaceReader::~FaceReader() {
  if (file_ >= 0) ::close(file_);
}

media::Image FaceReader::read(std::size_t position) const {
  const Face& face = set_.faces[position];
  if (file_ < 0) return media::read_picture(set_.folder / face.path);
  const std::string name = set_.tsv.string() + " (byte " + std::to_string(face.offset) + ")";
  std::string text(face.length, '\0');
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t got =
        ::pread(file_, text.data() + done, text.size() - done, static_cast<off_t>(face.offset + done));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw io_error(set_.tsv, "cannot read", errno);
    if (got == 0)
      throw corrupt_data(name, "ends within a picture; the file has changed since it was indexed");
    done += static_cast<std::size_t>(got);
  }
  media::Image image;
  media::JpegDecoder().decode(decode_base64(text, name), name, image);
  return image;
}

}  // namespace ferv::data

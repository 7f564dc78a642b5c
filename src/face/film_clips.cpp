// SPDX-License-Identifier: Apache-2.0
#include "film_clips.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <set>

#include "ferv/base/error.h"
#include "ferv/base/lower_case.h"
#include "ferv/media/file_names.h"
#include "ferv/media/video_source.h"

namespace ferv::face {
namespace {

namespace fs = std::filesystem;

constexpr int kClipLimit = 10000;  ///< of one scene and label: numbers have four digits
constexpr std::size_t kSourceLimit = 10'000'000;

bool natural_path_less(const fs::path& a, const fs::path& b) {
  return media::natural_less(a.string(), b.string());
}

fs::path without_trailing_slash(const fs::path& path) {
  const fs::path absolute = fs::absolute(path).lexically_normal();
  return absolute.has_filename() ? absolute : absolute.parent_path();
}

/// Films below `folder`, and folders that hold pictures and no other folder.
/// `out` is passed over: it may lie among the inputs.
void collect(const fs::path& folder, const fs::path& out, std::vector<fs::path>& sources) {
  std::vector<fs::path> folders;
  bool has_pictures = false;
  std::error_code status;
  for (fs::directory_iterator entry(folder, status), end; !status && entry != end; entry.increment(status)) {
    const std::string name = entry->path().filename().string();
    std::error_code ignored;
    if (name.starts_with(".")) continue;
    if (entry->is_directory(ignored)) {
      if (!entry->is_symlink(ignored) && entry->path() != out) folders.push_back(entry->path());
    } else if (media::is_film_name(name)) {
      sources.push_back(entry->path());
    } else {
      has_pictures |= media::is_picture_name(name);
    }
  }
  if (status) throw io_error(folder, "cannot list", status.value());
  if (has_pictures && folders.empty()) sources.push_back(folder);
  if (sources.size() > kSourceLimit)
    throw invalid_argument(folder.string() + ": holds over 10 million films");
  std::sort(folders.begin(), folders.end(), natural_path_less);
  for (const fs::path& child : folders) collect(child, out, sources);
}

/// A folder's name as part of a clip's id: ids stand in lists whose fields are parted by blanks.
std::string as_id_part(const std::string& name) {
  std::string part = name;
  for (char& c : part) {
    const bool is_plain =
        std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_' || c == '.';
    if (!is_plain && static_cast<unsigned char>(c) < 0x80) c = '_';
  }
  return part.empty() || part == "." || part == ".." ? "Own" : part;
}

std::optional<std::string> class_named(const CropFilmsOptions& options, const std::string& name) {
  for (const std::string& one : options.classes) {
    if (lower_case(one) == lower_case(name)) return one;
  }
  return std::nullopt;
}

/// Fills scene and label: the innermost folder that bears a class's name, and the one above it.
void place(FilmClip& clip, const CropFilmsOptions& options) {
  clip.label = options.label;
  clip.scene = options.scene;
  const bool is_labelled = !clip.label.empty();
  for (fs::path folder = clip.source.parent_path(); folder.has_filename(); folder = folder.parent_path()) {
    const auto label = class_named(options, folder.filename().string());
    if (!label) continue;
    if (!is_labelled) clip.label = *label;
    if (clip.scene.empty()) clip.scene = folder.parent_path().filename().string();
    break;
  }
  if (clip.scene.empty()) clip.scene = clip.source.parent_path().filename().string();
  clip.scene = as_id_part(clip.scene);
}

/// The number that a film's name is; -1 when it is none of four digits.
int number_of(const fs::path& source) {
  const std::string stem = source.stem().string();
  const bool is_number = stem.size() == 4 && std::all_of(stem.begin(), stem.end(), [](unsigned char c) {
                           return std::isdigit(c) != 0;
                         });
  return is_number ? std::stoi(stem) : -1;
}

std::string id_of(const std::string& cell, int number) {
  std::string digits = std::to_string(number);
  return cell + "/" + std::string(4 - digits.size(), '0') + digits;
}

/// Gives every clip of one (scene, label) an id that no other has.
class CellNumbers {
 public:
  explicit CellNumbers(std::string cell) : cell_(std::move(cell)) {}

  void reserve(const std::string& id) { taken_.insert(id); }

  bool take(FilmClip& clip, const std::string& id) {
    if (!taken_.insert(id).second) return false;
    clip.id = id;
    return true;
  }

  void take_next(FilmClip& clip) {
    while (next_ < kClipLimit) {
      if (take(clip, id_of(cell_, next_++))) return;
    }
    throw invalid_argument(cell_ + ": over 10,000 clips, numbers have four digits; name another scene");
  }

  [[nodiscard]] const std::string& cell() const { return cell_; }

 private:
  std::string cell_;
  std::set<std::string> taken_;
  int next_ = 0;
};

void give_ids(std::vector<FilmClip>& clips, const std::map<std::string, std::string>& known) {
  std::map<std::string, CellNumbers> cells;
  const auto cell_of = [&](const FilmClip& clip) -> CellNumbers& {
    const std::string name = clip.scene + "/" + (clip.label.empty() ? kUnlabelled : clip.label);
    return cells.try_emplace(name, name).first->second;
  };
  // First who has an id, then whose name is one, then the rest in order.
  for (FilmClip& clip : clips) {
    const auto earlier = known.find(clip.source.string());
    CellNumbers& cell = cell_of(clip);
    if (earlier != known.end() && earlier->second.starts_with(cell.cell() + "/"))
      cell.take(clip, earlier->second);
  }
  // Ids of films that are not among the inputs this time stay theirs.
  for (const auto& [source, id] : known) {
    const auto cell = cells.find(id.substr(0, id.rfind('/')));
    if (cell != cells.end()) cell->second.reserve(id);
  }
  for (FilmClip& clip : clips) {
    const int number = number_of(clip.source);
    CellNumbers& cell = cell_of(clip);
    if (clip.id.empty() && number >= 0) cell.take(clip, id_of(cell.cell(), number));
  }
  for (FilmClip& clip : clips) {
    if (clip.id.empty()) cell_of(clip).take_next(clip);
  }
}

}  // namespace

std::vector<FilmClip> find_film_clips(const CropFilmsOptions& options,
                                      const std::map<std::string, std::string>& known) {
  if (options.inputs.empty()) throw invalid_argument("no film or folder was given");
  std::vector<fs::path> sources;
  const fs::path out = without_trailing_slash(options.out);
  for (const fs::path& input : options.inputs) {
    std::error_code status;
    if (!fs::exists(input, status)) throw not_found(input, "a film or a folder of films");
    const fs::path path = without_trailing_slash(input);
    if (fs::is_directory(path, status)) {
      const std::size_t before = sources.size();
      collect(path, out, sources);
      if (sources.size() == before)
        throw not_found(input, "a film or a folder of pictures below this folder");
    } else {
      sources.push_back(path);
    }
  }
  std::sort(sources.begin(), sources.end(), natural_path_less);
  sources.erase(std::unique(sources.begin(), sources.end()), sources.end());
  std::vector<FilmClip> clips;
  for (fs::path& source : sources) {
    clips.push_back({std::move(source), {}, {}, {}});
    place(clips.back(), options);
  }
  give_ids(clips, known);
  std::sort(clips.begin(), clips.end(), [](const FilmClip& a, const FilmClip& b) { return a.id < b.id; });
  return clips;
}

}  // namespace ferv::face

// SPDX-License-Identifier: Apache-2.0
#include "ferv/data/data_set.h"

#include <algorithm>
#include <span>

#include "clip_folder.h"
#include "ferv/base/error.h"
#include "ferv/base/joined.h"
#include "ferv/base/parallel.h"
#include "layout_reader.h"
#include "release_folders.h"

namespace ferv::data {
namespace {

namespace fs = std::filesystem;

/// Unzipping often nests a release: FERV39k/FERV39k, DFEW/DFEW-part2/...
constexpr int kDeepest = 3;

struct Place {
  const LayoutReader* reader = nullptr;
  fs::path folder;
};

/// Where a layout of `readers` lies: all matches of the least depth.
std::vector<Place> find_places(const fs::path& root, std::span<const LayoutReader* const> readers) {
  std::vector<Place> places;
  std::vector<fs::path> level = {root};
  for (int depth = 0; depth <= kDeepest && places.empty(); ++depth) {
    if (depth > 0) level = folders_below(level);
    for (const fs::path& folder : level) {
      for (const LayoutReader* reader : readers) {
        if (reader->lies_in(folder)) places.push_back({reader, folder});
      }
    }
  }
  return places;
}

std::vector<const LayoutReader*> recognisable_readers() {
  std::vector<const LayoutReader*> readers;
  for (const LayoutReader& reader : layout_readers()) {
    if (!reader.is_by_name_only) readers.push_back(&reader);
  }
  return readers;
}

void require_folder(const fs::path& root) {
  if (!fs::exists(root)) throw not_found(root, "a folder with a data set");
  if (!fs::is_directory(root)) throw corrupt_data(root, "is a file, wanted a folder with a data set");
}

Place recognise(const fs::path& root) {
  require_folder(root);
  const std::vector<const LayoutReader*> readers = recognisable_readers();
  const std::vector<Place> places = find_places(root, readers);
  if (places.empty()) {
    std::vector<std::string> wanted;
    for (const LayoutReader* reader : readers)
      wanted.push_back(std::string(reader->marker) + " (" + reader->name + ")");
    throw not_found(root, "a data set, at most three folders down: " + joined(wanted, ", ") +
                              "; layouts csv, folders and lists must be named");
  }
  if (places.size() > 1) {
    std::vector<std::string> found;
    for (const Place& place : places)
      found.push_back(std::string(place.reader->name) + " in " + place.folder.string());
    throw corrupt_data(root, "holds more than one data set (" + joined(found, ", ") +
                                 "), wanted one, or its layout by name");
  }
  return places.front();
}

Place find_named(const fs::path& root, const std::string& layout) {
  const auto readers = layout_readers();
  const auto reader = std::find_if(readers.begin(), readers.end(),
                                   [&](const LayoutReader& row) { return row.name == layout; });
  if (reader == readers.end()) {
    const std::string near = nearest_word(layout, layout_names());
    throw invalid_argument("layout is '" + layout + "', wanted auto or one of " +
                           joined(layout_names(), ", ") +
                           (near.empty() ? "" : "; did you mean '" + near + "'?"));
  }
  require_folder(root);
  const LayoutReader* const only = &*reader;
  const std::vector<Place> places = find_places(root, std::span(&only, 1));
  if (places.empty()) {
    throw not_found(root / reader->marker, "a data set of layout " + layout + ", at most three folders down");
  }
  if (places.size() > 1) {
    throw corrupt_data(root, "holds layout " + layout + " more than once (" + places[0].folder.string() +
                                 ", " + places[1].folder.string() + "), wanted one of these folders");
  }
  return places.front();
}

/// An option that a layout has no use for would be ignored in silence; so it is refused.
void require_fitting(const LayoutReader& reader, const DataSetOptions& options) {
  const std::string layout = reader.name;
  if (options.setup != "all" && !reader.has_setups)
    throw invalid_argument("setup is '" + options.setup + "', but layout " + layout +
                           " has no setups, wanted all");
  if (options.clips != "full" && options.clips != "16f")
    throw invalid_argument("clips is '" + options.clips + "', wanted full or 16f");
  if (options.clips == "16f" && !reader.has_16_frames)
    throw invalid_argument("clips is '16f', but layout " + layout + " has no 16-frame copy, wanted full");
  if (!options.label_order.empty() && !reader.takes_order) {
    throw invalid_argument("label order is given, but layout " + layout +
                           " says its labels itself, wanted none");
  }
  if ((!options.train_list.empty() || !options.test_list.empty()) && !reader.takes_lists)
    throw invalid_argument("lists are given, but layout is " + layout + ", wanted lists");
  if (options.fold < 0 || options.fold > reader.fold_count) {
    throw invalid_argument(
        "fold is " + std::to_string(options.fold) + ", but layout " + layout + " has " +
        (reader.fold_count == 0 ? "no folds" : std::to_string(reader.fold_count) + " folds"));
  }
}

}  // namespace

std::vector<std::string> layout_names() {
  std::vector<std::string> names;
  for (const LayoutReader& reader : layout_readers()) names.emplace_back(reader.name);
  return names;
}

std::string recognise_layout(const fs::path& root) {
  return recognise(root).reader->name;
}

ClipIndex read_data_set(const fs::path& root, const DataSetOptions& given) {
  const Place place = given.layout == "auto" ? recognise(root) : find_named(root, given.layout);
  DataSetOptions options = given;
  require_fitting(*place.reader, options);
  if (place.reader->fold_count > 0) options.fold = std::max(1, options.fold);
  ClipIndex index = place.reader->read(place.folder, options);
  index.layout = place.reader->name;
  refuse_duplicates(index, place.folder);
  if (options.scan_frames) {
    if (index.clips_are_films) {
      throw unsupported(place.folder.string() +
                        ": the clips of this data set are films, wanted folders of frames; take their "
                        "frames first, a folder a clip");
    }
    if (index.face_folder.empty()) throw not_found(place.folder, "the folder of face crops");
    parallel_for(index.clips.size(), options.threads,
                 [&](std::size_t i) { scan_clip_folder(index.face_folder, index.clips[i]); });
  }
  return index;
}

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
// Still pictures of faces with a name or an expression each: where they lie, and which are held out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "ferv/media/image.h"

namespace ferv::data {

/// One picture: a file, or a piece of base64 text inside a TSV file.
struct Face {
  std::string path;          ///< below FaceSet::folder, with forward slashes; empty in a TSV
  std::int32_t label = 0;    ///< index into FaceSet::classes
  std::uint32_t length = 0;  ///< bytes of base64 text in the TSV
  std::uint64_t offset = 0;  ///< where that text begins
};

/// All pictures of a data set. A plain value.
struct FaceSet {
  std::filesystem::path folder;  ///< what Face::path is below
  std::filesystem::path tsv;     ///< the one file that holds all pictures, or empty
  std::vector<std::string> classes;
  std::vector<Face> faces;
  std::size_t damaged_count = 0;     ///< lines that could not be used
  std::vector<std::string> damaged;  ///< the first hundred of them: line number and reason
};

/// Reads what lies at `path`, without decoding any picture:
/// - a folder: `<class>/<picture>.jpg|jpeg|png`, classes and pictures in order of their names;
/// - MS-Celeb-1M's FaceImageCroppedWithAlignment.tsv (Guo et al. 2016): seven columns, the first the
///   identity, the last a base64 JPEG; one pass, a fixed amount of memory and 40 bytes a picture;
/// - any other text file: a list, `path class` a line, parted by the last space, comma or tab; paths below
/// the
///   list's folder; '#' begins a remark.
/// Damaged lines are counted and named in the result. Throws kNotFound, kIo; kCorruptData when no picture is
/// there, or when an identity or the number of classes is beyond all limits.
[[nodiscard]] FaceSet read_face_set(const std::filesystem::path& path);

/// Whether every class is one of the seven expressions.
[[nodiscard]] bool has_expression_classes(const FaceSet& set);

/// Gives `set` the seven expressions, in ferv's order, as its classes. Throws kCorruptData with a suggestion
/// for a class that is none of them.
void use_expression_classes(FaceSet& set);

/// What result files call a picture: its path, or "<identity>/<offset>" in a TSV.
[[nodiscard]] std::string face_id(const FaceSet& set, std::size_t position);

/// The person of a picture as names like `Al_Gore_0002.jpg` have it ("Al_Gore"); the whole path where the
/// file's name has no such number, so that this picture is a person of its own.
[[nodiscard]] std::string person_of(std::string_view path);

/// Hash over classes and all pictures' names, places and labels: two runs saw the same data set.
[[nodiscard]] std::string fingerprint(const FaceSet& set);

/// Positions in FaceSet::faces, rising; nothing stands in both.
struct FaceSplit {
  std::vector<std::size_t> training;
  std::vector<std::size_t> held_out;
};

struct IdentitySplitOptions {
  double fraction = 0.1;  ///< of the identities; at least four are held out
  int faces_min = 2;      ///< identities with fewer pictures are in neither part
  std::uint64_t seed = 0;
};
/// Holds out whole identities. Throws kCorruptData when fewer than two would be left to train on.
[[nodiscard]] FaceSplit split_identities(const FaceSet& set, const IdentitySplitOptions& options);

/// Holds out about `fraction` of each class, never more; all pictures of a person are in the same part. A
/// person with more pictures of a class than may be held out is trained on.
[[nodiscard]] FaceSplit split_expressions(const FaceSet& set, double fraction, std::uint64_t seed);

/// Decodes pictures of a set. May be used by several threads at once.
class FaceReader {
 public:
  /// `set` must outlive the reader. Throws kNotFound, kIo when its TSV cannot be opened.
  explicit FaceReader(const FaceSet& set);
  ~FaceReader();
  FaceReader(const FaceReader&) = delete;
  FaceReader& operator=(const FaceReader&) = delete;

  /// Throws kNotFound, kCorruptData, kIo with the file, and the place in a TSV.
  [[nodiscard]] media::Image read(std::size_t position) const;

 private:
  const FaceSet& set_;
  int file_ = -1;
};

}  // namespace ferv::data

// SPDX-License-Identifier: Apache-2.0
#include "zip_archive.h"

#include <zlib.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>

#include "printable.h"

namespace ferv::weights {
namespace {

constexpr std::uint32_t kLocalSignature = 0x04034b50;
constexpr std::uint32_t kCentralSignature = 0x02014b50;
constexpr std::uint32_t kEndSignature = 0x06054b50;
constexpr std::uint32_t kEnd64Signature = 0x06064b50;
constexpr std::uint32_t kLocator64Signature = 0x07064b50;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kCentralSize = 46;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kEnd64Size = 56;
constexpr std::size_t kLocator64Size = 20;
constexpr std::size_t kCommentLimit = 0xffff;
constexpr std::uint16_t kZip64Field = 0x0001;
/// Stands in a 32-bit or 16-bit field whose value is in the ZIP64 record.
constexpr std::uint32_t kSee64 = 0xffffffff;
constexpr std::uint16_t kSee64Short = 0xffff;

/// The little-endian number of type T at `at`; the caller has checked that it lies within.
template <typename T>
T number_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  T value = 0;
  for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<T>(static_cast<T>(bytes[at + i]) << 8 * i);
  return value;
}

std::string_view text_at(std::span<const std::uint8_t> bytes, std::size_t at, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes.data()) + at, size};
}

std::runtime_error damaged(const std::string& what) {
  return std::runtime_error("damaged ZIP archive: " + what);
}

std::string in_quotes(std::string_view name) {
  return "'" + printable(name) + "'";
}

/// The name of a compression method, for a message.
std::string method_name(std::uint16_t method) {
  switch (method) {
    case 8:
      return "deflate";
    case 9:
      return "deflate64";
    case 12:
      return "bzip2";
    case 14:
      return "LZMA";
    case 93:
      return "Zstandard";
    default:
      return "method " + std::to_string(method);
  }
}

/// Replaces the values that the ZIP64 extra field holds: they follow in this order, each only where its
/// 32-bit field is full.
void read_zip64_field(std::span<const std::uint8_t> extra, ZipArchive::Entry& entry) {
  std::uint64_t* const wanted[] = {&entry.size, &entry.stored_size, &entry.header_begin};
  if (std::none_of(std::begin(wanted), std::end(wanted), [](const auto* v) { return *v == kSee64; })) return;
  std::size_t at = 0;
  while (extra.size() - at >= 4) {
    const auto id = number_at<std::uint16_t>(extra, at);
    const std::size_t size = number_at<std::uint16_t>(extra, at + 2);
    at += 4;
    if (size > extra.size() - at) break;
    if (id != kZip64Field) {
      at += size;
      continue;
    }
    const std::size_t end = at + size;
    for (std::uint64_t* value : wanted) {
      if (*value != kSee64) continue;
      if (end - at < 8) throw damaged("ZIP64 sizes of entry " + in_quotes(entry.name) + " are cut short");
      *value = number_at<std::uint64_t>(extra, at);
      at += 8;
    }
    return;
  }
  throw damaged("entry " + in_quotes(entry.name) + " has no ZIP64 sizes, but refers to them");
}

}  // namespace

ZipArchive::ZipArchive(std::span<const std::uint8_t> bytes) : bytes_(bytes) {
  const Directory directory = find_directory();
  read_directory(directory);
  for (Entry& entry : entries_) place(entry, directory.begin);
  check_places();
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.name < b.name; });
  const auto twice = std::adjacent_find(entries_.begin(), entries_.end(),
                                        [](const Entry& a, const Entry& b) { return a.name == b.name; });
  if (twice != entries_.end()) throw damaged("entry " + in_quotes(twice->name) + " stands twice");
}

ZipArchive::Directory ZipArchive::find_directory() const {
  if (bytes_.size() < kEndSize) throw damaged("its end record is missing");
  const std::size_t last = bytes_.size() - kEndSize;
  const std::size_t first = last > kCommentLimit ? last - kCommentLimit : 0;
  std::size_t end = last + 1;
  for (std::size_t at = last + 1; at-- > first;) {
    if (number_at<std::uint32_t>(bytes_, at) == kEndSignature &&
        number_at<std::uint16_t>(bytes_, at + 20) == last - at) {
      end = at;
      break;
    }
  }
  if (end > last) throw damaged("its end record is missing: the file is cut short or has more behind it");
  Directory directory{.begin = number_at<std::uint32_t>(bytes_, end + 16),
                      .size = number_at<std::uint32_t>(bytes_, end + 12),
                      .count = number_at<std::uint16_t>(bytes_, end + 10)};
  std::uint64_t limit = end;
  // PyTorch writes the ZIP64 records always, other programs where a number needs them.
  const bool has_locator =
      end >= kLocator64Size && number_at<std::uint32_t>(bytes_, end - kLocator64Size) == kLocator64Signature;
  if (has_locator) {
    limit = number_at<std::uint64_t>(bytes_, end - kLocator64Size + 8);
    if (limit > end - kLocator64Size || end - kLocator64Size - limit < kEnd64Size ||
        number_at<std::uint32_t>(bytes_, limit) != kEnd64Signature) {
      throw damaged("no ZIP64 end record at byte " + std::to_string(limit));
    }
    directory = {.begin = number_at<std::uint64_t>(bytes_, limit + 48),
                 .size = number_at<std::uint64_t>(bytes_, limit + 40),
                 .count = number_at<std::uint64_t>(bytes_, limit + 32)};
  }
  if (!has_locator &&
      (directory.begin == kSee64 || directory.size == kSee64 || directory.count == kSee64Short)) {
    throw damaged("its ZIP64 end record is missing");
  }
  if (directory.begin > limit || directory.size != limit - directory.begin) {
    throw damaged("directory of " + std::to_string(directory.size) + " bytes at byte " +
                  std::to_string(directory.begin) + ", wanted one that ends at byte " +
                  std::to_string(limit));
  }
  return directory;
}

void ZipArchive::read_directory(const Directory& directory) {
  if (directory.count > directory.size / kCentralSize) {
    throw damaged(std::to_string(directory.count) + " entries in a directory of " +
                  std::to_string(directory.size) + " bytes");
  }
  const std::span<const std::uint8_t> bytes = bytes_.subspan(directory.begin, directory.size);
  std::size_t at = 0;
  for (std::uint64_t i = 0; i < directory.count; ++i) {
    if (bytes.size() - at < kCentralSize || number_at<std::uint32_t>(bytes, at) != kCentralSignature) {
      throw damaged("no directory entry at byte " + std::to_string(directory.begin + at));
    }
    const std::size_t name_size = number_at<std::uint16_t>(bytes, at + 28);
    const std::size_t extra_size = number_at<std::uint16_t>(bytes, at + 30);
    const std::size_t size = kCentralSize + name_size + extra_size + number_at<std::uint16_t>(bytes, at + 32);
    if (size > bytes.size() - at) throw damaged("a directory entry reaches beyond the directory");
    Entry entry;
    entry.name = text_at(bytes, at + kCentralSize, name_size);
    entry.is_encrypted = (number_at<std::uint16_t>(bytes, at + 8) & 1U) != 0;
    entry.method = number_at<std::uint16_t>(bytes, at + 10);
    entry.checksum = number_at<std::uint32_t>(bytes, at + 16);
    entry.stored_size = number_at<std::uint32_t>(bytes, at + 20);
    entry.size = number_at<std::uint32_t>(bytes, at + 24);
    entry.header_begin = number_at<std::uint32_t>(bytes, at + 42);
    read_zip64_field(bytes.subspan(at + kCentralSize + name_size, extra_size), entry);
    entries_.push_back(std::move(entry));
    at += size;
  }
  if (at != bytes.size())
    throw damaged(std::to_string(bytes.size() - at) + " bytes too many in the directory");
}

void ZipArchive::place(Entry& entry, std::uint64_t directory_begin) const {
  const auto wrong = [&](const std::string& what) {
    return damaged("entry " + in_quotes(entry.name) + " " + what);
  };
  if (entry.header_begin > directory_begin || directory_begin - entry.header_begin < kLocalSize) {
    throw wrong("begins at byte " + std::to_string(entry.header_begin) + " of " +
                std::to_string(directory_begin));
  }
  if (number_at<std::uint32_t>(bytes_, entry.header_begin) != kLocalSignature) {
    throw wrong("has no header at byte " + std::to_string(entry.header_begin));
  }
  const std::size_t name_size = number_at<std::uint16_t>(bytes_, entry.header_begin + 26);
  const std::size_t extra_size = number_at<std::uint16_t>(bytes_, entry.header_begin + 28);
  entry.data_begin = entry.header_begin + kLocalSize + name_size + extra_size;
  if (entry.data_begin > directory_begin || entry.stored_size > directory_begin - entry.data_begin) {
    throw wrong("claims " + std::to_string(entry.stored_size) + " bytes at byte " +
                std::to_string(entry.data_begin) + ", the directory begins at byte " +
                std::to_string(directory_begin));
  }
  const std::string_view local_name = text_at(bytes_, entry.header_begin + kLocalSize, name_size);
  if (local_name != entry.name) throw wrong("is called " + in_quotes(local_name) + " in its own header");
}

void ZipArchive::check_places() const {
  std::vector<const Entry*> in_order;
  for (const Entry& entry : entries_) in_order.push_back(&entry);
  std::sort(in_order.begin(), in_order.end(),
            [](const Entry* a, const Entry* b) { return a->header_begin < b->header_begin; });
  for (std::size_t i = 1; i < in_order.size(); ++i) {
    const Entry& before = *in_order[i - 1];
    if (before.data_begin + before.stored_size > in_order[i]->header_begin) {
      throw damaged("entries " + in_quotes(before.name) + " and " + in_quotes(in_order[i]->name) +
                    " overlap");
    }
  }
}

const ZipArchive::Entry* ZipArchive::find(std::string_view name) const {
  const auto found =
      std::lower_bound(entries_.begin(), entries_.end(), name,
                       [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != entries_.end() && found->name == name ? &*found : nullptr;
}

std::span<const std::uint8_t> ZipArchive::content_of(std::string_view name) const {
  const Entry* entry = find(name);
  if (entry == nullptr) throw std::runtime_error("the archive has no entry " + in_quotes(name));
  if (entry->is_encrypted) throw std::runtime_error("entry " + in_quotes(name) + " is encrypted");
  if (entry->method != 0) {
    throw std::runtime_error("entry " + in_quotes(name) + " is compressed (" + method_name(entry->method) +
                             "), wanted stored entries as torch.save writes them");
  }
  if (entry->size != entry->stored_size) {
    throw damaged("entry " + in_quotes(name) + " claims " + std::to_string(entry->size) + " bytes, it has " +
                  std::to_string(entry->stored_size));
  }
  const std::span<const std::uint8_t> content = bytes_.subspan(entry->data_begin, entry->size);
  const std::uint64_t checksum = crc32_z(0, content.data(), content.size());
  if (checksum != entry->checksum) {
    throw damaged("entry " + in_quotes(name) + " has checksum " + std::to_string(checksum) + ", wanted " +
                  std::to_string(entry->checksum));
  }
  return content;
}

}  // namespace ferv::weights

# The step of ferv_embed() that runs at build time: FILE as the C++ source SOURCE, byte by byte, since a literal has
# rules about its text and its length.
function(as_numbers result hex)
  string(REGEX REPLACE "(..)" "0x\\1," numbers "${hex}")
  set(${result} "${numbers}" PARENT_SCOPE)
endfunction()

file(READ "${FILE}" hex HEX)
as_numbers(bytes "${hex}")
file(SHA256 "${FILE}" hex)
as_numbers(digest "${hex}")
file(WRITE "${SOURCE}" "#include <string_view>

namespace ferv::embedded {
namespace {

constexpr unsigned char kBytes[] = {${bytes}};
constexpr unsigned char kDigest[] = {${digest}};

}  // namespace

extern const std::string_view ${NAME};
extern const std::string_view ${NAME}_sha256;
const std::string_view ${NAME}(reinterpret_cast<const char*>(kBytes), sizeof kBytes);
const std::string_view ${NAME}_sha256(reinterpret_cast<const char*>(kDigest), sizeof kDigest);

}  // namespace ferv::embedded
")

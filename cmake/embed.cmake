# ferv_embed(TARGET NAME FILE): compiles FILE, as it is, into TARGET. A source declares
#   namespace ferv::embedded { extern const std::string_view NAME; extern const std::string_view NAME_sha256; }
# where the second is the 32 bytes of the file's SHA-256, for a page's policy. Made again when the file changes.
function(ferv_embed target name file)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  set(script "${PROJECT_SOURCE_DIR}/cmake/embed_file.cmake")
  add_custom_command(OUTPUT "${source}" DEPENDS "${file}" "${script}"
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DFILE=${file} -DSOURCE=${source} -P "${script}"
    COMMENT "Embedding ${file}" VERBATIM)
  set_source_files_properties("${source}" PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  target_sources(${target} PRIVATE "${source}")
endfunction()

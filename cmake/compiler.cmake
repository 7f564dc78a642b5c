# Language level, warnings, sanitizers and ccache: everything that is about the compiler and nothing else.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

find_program(FERV_CCACHE ccache)
if(FERV_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness is what ccache asks for before it caches a compilation that uses a precompiled header. Paths below
  # the source folder count as relative ones, so that presets and other clones share what they compile alike.
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${FERV_CCACHE})
endif()

add_library(ferv_compiler INTERFACE)
target_compile_features(ferv_compiler INTERFACE cxx_std_20)
target_compile_options(ferv_compiler INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual
  $<$<BOOL:${FERV_WARNINGS_AS_ERRORS}>:-Werror>
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>
  # GCC 12 warns of overlapping copies within std::string that cannot happen (GCC bug 105651).
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<VERSION_LESS:$<CXX_COMPILER_VERSION>,13>>:-Wno-restrict>)
if(FERV_SANITIZE)
  target_compile_options(ferv_compiler INTERFACE
    -fsanitize=${FERV_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  target_link_options(ferv_compiler INTERFACE -fsanitize=${FERV_SANITIZE})
endif()

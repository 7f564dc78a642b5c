# ferv_add_room(NAME SOURCES a.cpp ... [PLAIN b.cpp ...] [USES room ...] [LINKS target ...] [PRIVATE_LINKS target ...] [TORCH])
#
# PLAIN sources of a TORCH room include no LibTorch: they are compiled without its precompiled header, which takes
# ten seconds to load.
#
# Makes the static library ferv_NAME (alias ferv::NAME). Each room sees its own public headers and those of the
# rooms it uses, and no others: every room gets an include folder of its own in the build tree that holds
# nothing but a link to include/ferv/NAME. So an include against the arrows does not compile.
function(ferv_add_room name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;PLAIN;USES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(room_include "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${room_include}/ferv")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/ferv/${name}" "${room_include}/ferv/${name}" SYMBOLIC)

  add_library(ferv_${name} STATIC ${ARG_SOURCES} ${ARG_PLAIN})
  set_source_files_properties(${ARG_PLAIN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  add_library(ferv::${name} ALIAS ferv_${name})
  target_include_directories(ferv_${name}
    PUBLIC $<BUILD_INTERFACE:${room_include}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE "${PROJECT_SOURCE_DIR}/src/${name}")
  list(TRANSFORM ARG_USES PREPEND ferv_)
  target_link_libraries(ferv_${name} PUBLIC ${ARG_USES} ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS} ferv_compiler)
  set_property(GLOBAL APPEND PROPERTY FERV_ROOMS ${name})
  if(ARG_TORCH)
    target_link_libraries(ferv_${name} PUBLIC ferv_torch)
    ferv_use_torch_header(ferv_${name})
  endif()
  ferv_compile_together(ferv_${name})
endfunction()

# Several sources a compilation: what headers cost is paid once for all of them, and half of a whole build is headers.
# So names of a room's files must differ even where a file keeps them to itself.
function(ferv_compile_together target)
  set_target_properties(${target} PROPERTIES UNITY_BUILD ${FERV_COMPILE_TOGETHER} UNITY_BUILD_BATCH_SIZE 6)
  if(FERV_COMPILE_TOGETHER AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # What a .cpp keeps to itself looks to GCC as if a header had it.
    target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
  endif()
endfunction()

# LibTorch's header precompiled. Even so it costs a compilation six seconds before it sees a line of ours, and what its
# templates make is made anew in each: seven models compiled together take 21 s, one by one 91 s.
function(ferv_use_torch_header target)
  target_precompile_headers(${target} REUSE_FROM ferv_torch_pch)
  ferv_compile_together(${target})
endfunction()

# What nn::configure_runtime() does, for processes that do not call it first: half of the time of tests with LibTorch
# would be the kernel's, zeroing pages.
set(FERV_KEEP_MEMORY "MALLOC_MMAP_MAX_=0;MALLOC_TRIM_THRESHOLD_=1000000000000;MALLOC_TOP_PAD_=67108864")

# ferv_add_tests(ROOM FILES a_test.cpp ... [PLAIN b_test.cpp ...] [USES room ...] [LABEL slow|gpu]): one test program a room, and one more for
# each label, so that the default suite can leave it out.
# Test names come from the sources; programs are asked for them when ctest runs, not when they are built. LibTorch
# takes a second to load: TORCH programs run as four shards and not as one process a test.
function(ferv_add_tests room)
  cmake_parse_arguments(ARG "TORCH" "LABEL" "FILES;PLAIN;USES;LINKS" ${ARGN})
  set(target ferv_${room}_test)
  set(label_properties TIMEOUT 900)
  if(ARG_LABEL)
    set(target ferv_${room}_${ARG_LABEL}_test)
    set(label_properties TIMEOUT 3600 LABELS ${ARG_LABEL})
  endif()
  add_executable(${target} ${ARG_FILES} ${ARG_PLAIN})
  set_source_files_properties(${ARG_PLAIN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON SKIP_UNITY_BUILD_INCLUSION ON)
  list(TRANSFORM ARG_USES PREPEND ferv_)
  target_link_libraries(${target} PRIVATE ferv_${room} ${ARG_USES} ${ARG_LINKS} ferv_test_support
                                          GTest::gmock GTest::gtest_main ferv_compiler)
  # Tests may look at a room's private headers too.
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src/${room}")
  if(ARG_TORCH)
    # A precompiled header serves only the code model it was made for: that of libraries, not of executables (-fPIE).
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
    ferv_use_torch_header(${target})
  endif()
  if(NOT ARG_TORCH)
    add_dependencies(light_tests ${target})
  endif()
  if(ARG_TORCH)
    string(REPLACE "ferv_" "" name ${target})
    foreach(shard RANGE 3)
      add_test(NAME ${name}.${shard} COMMAND ${target})
      set_tests_properties(${name}.${shard} PROPERTIES ${label_properties}
                           ENVIRONMENT "GTEST_TOTAL_SHARDS=4;GTEST_SHARD_INDEX=${shard};${FERV_KEEP_MEMORY}")
    endforeach()
    return()
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${room}." DISCOVERY_MODE PRE_TEST
                       PROPERTIES ${label_properties})
endfunction()

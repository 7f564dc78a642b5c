# ferv_add_room(NAME SOURCES a.cpp ... [USES room ...] [LINKS target ...] [PRIVATE_LINKS target ...] [TORCH])
#
# Makes the static library ferv_NAME (alias ferv::NAME). Each room sees its own public headers and those of the
# rooms it uses, and no others: every room gets an include folder of its own in the build tree that holds
# nothing but a link to include/ferv/NAME. So an include against the arrows does not compile.
function(ferv_add_room name)
  cmake_parse_arguments(ARG "TORCH" "" "SOURCES;USES;LINKS;PRIVATE_LINKS" ${ARGN})
  set(room_include "${PROJECT_BINARY_DIR}/rooms/${name}")
  file(MAKE_DIRECTORY "${room_include}/ferv")
  file(CREATE_LINK "${PROJECT_SOURCE_DIR}/include/ferv/${name}" "${room_include}/ferv/${name}" SYMBOLIC)

  add_library(ferv_${name} STATIC ${ARG_SOURCES})
  add_library(ferv::${name} ALIAS ferv_${name})
  target_include_directories(ferv_${name}
    PUBLIC $<BUILD_INTERFACE:${room_include}> $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>
    PRIVATE "${PROJECT_SOURCE_DIR}/src/${name}")
  list(TRANSFORM ARG_USES PREPEND ferv_)
  target_link_libraries(ferv_${name} PUBLIC ${ARG_USES} ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS} ferv_compiler)
  set_property(GLOBAL APPEND PROPERTY FERV_ROOMS ${name})
  if(ARG_TORCH)
    target_link_libraries(ferv_${name} PUBLIC ferv_torch)
    target_precompile_headers(ferv_${name} REUSE_FROM ferv_torch_pch)
  endif()
endfunction()

# ferv_add_tests(ROOM FILES a_test.cpp ... [USES room ...] [LABELS label ...]): one test program a room.
# Test names come from the sources; programs are asked for them when ctest runs, not when they are built.
function(ferv_add_tests room)
  cmake_parse_arguments(ARG "TORCH" "" "FILES;USES;LINKS" ${ARGN})
  set(target ferv_${room}_test)
  add_executable(${target} ${ARG_FILES})
  list(TRANSFORM ARG_USES PREPEND ferv_)
  target_link_libraries(${target} PRIVATE ferv_${room} ${ARG_USES} ${ARG_LINKS} ferv_test_support
                                          GTest::gmock GTest::gtest_main ferv_compiler)
  # Tests may look at a room's private headers too.
  target_include_directories(${target} PRIVATE "${PROJECT_SOURCE_DIR}/src/${room}")
  if(ARG_TORCH)
    # A precompiled header serves only the code model it was made for: that of libraries, not of executables (-fPIE).
    set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
    target_compile_options(${target} PRIVATE -fPIC)
    target_precompile_headers(${target} REUSE_FROM ferv_torch_pch)
  endif()
  gtest_discover_tests(${target} TEST_PREFIX "${room}." DISCOVERY_MODE PRE_TEST
                       PROPERTIES TIMEOUT 300)
endfunction()

# `cmake --install`: `ferv` for the path, and beside it in libexec the program that serves its heavy commands.
install(TARGETS ferv RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
if(TARGET ferv-full)
  install(TARGETS ferv-full RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/ferv)
  install(DIRECTORY "${PROJECT_SOURCE_DIR}/weights" DESTINATION ${CMAKE_INSTALL_DATADIR}/ferv)
endif()

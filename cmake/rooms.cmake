# SPDX-License-Identifier: EUPL-1.2
# One room = one folder below src/: its *.cc become one static library, its *_test.cc one test program,
# each of its *_fuzz.cc one fuzzer (only with VERBUND_FUZZ). Called as
#   verbund_room(NAME [USES room...] [LINKS library...] [PRIVATE_LINKS library...] [TEST_USES room...] [ALONE file...])
# ALONE names files with compile options of their own.
# The library is verbund_NAME, the test NAME_test, a fuzzer <file name without .cc>.

find_program(VERBUND_CCACHE ccache)
if(VERBUND_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${VERBUND_CCACHE})
endif()

option(VERBUND_BATCHES "Compile the source files of a room four at a time" ON)

add_library(verbund_options INTERFACE)
target_include_directories(verbund_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(verbund_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wconversion -Wno-sign-conversion
  -Werror -fno-omit-frame-pointer -fstack-protector-strong)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these in its own std::string and std::variant at -O2 (GCC bugs 105329, 105562).
  target_compile_options(verbund_options INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-array-bounds
    -Wno-stringop-overflow -Wno-stringop-overread)
endif()
target_compile_definitions(verbund_options INTERFACE $<$<CONFIG:RelWithDebInfo>:_FORTIFY_SOURCE=2>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND VERBUND_BATCHES)
  # Meant for headers; in a batch each .cc looks like one.
  target_compile_options(verbund_options INTERFACE -Wno-subobject-linkage)
endif()
if(VERBUND_FUZZ)
  target_compile_options(verbund_options INTERFACE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all)
  target_link_options(verbund_options INTERFACE -fsanitize=address,undefined)
  # std::stable_sort of libstdc++ 12 itself calls what clang 19 says is deprecated.
  target_compile_options(verbund_options INTERFACE -Wno-deprecated-declarations)
endif()
if(VERBUND_RACES)
  target_compile_options(verbund_options INTERFACE -fsanitize=thread)
  target_link_options(verbund_options INTERFACE -fsanitize=thread)
endif()
find_program(VERBUND_MOLD mold)
if(VERBUND_MOLD)
  target_link_options(verbund_options INTERFACE -fuse-ld=mold)
endif()

if(VERBUND_TESTS AND NOT VERBUND_FUZZ)
  # script/server needs no tests: without GoogleTest there are none, script/bootstrap test installs it.
  find_package(GTest QUIET)
  if(GTest_FOUND)
    enable_testing()
  else()
    message(STATUS "GoogleTest is not installed: no tests are built (script/bootstrap test)")
    set(VERBUND_TESTS OFF)
  endif()
endif()

# Files of a room are compiled four at a time: what they all include is read once and their templates are made once.
# Four files of faces/portal: 6.8 s of processor time instead of 17.7 (docs/hacking.md). Names in namespaces without a
# name must differ within a room. The preset dev compiles each but tests alone: quicker after a change, and every file must
# then include what it uses.
function(verbund_batches variable stem)
  set(batches "")
  list(SORT ARGN)
  set(index 0)
  while(ARGN)
    list(SUBLIST ARGN 0 4 files)
    list(REMOVE_ITEM ARGN ${files})
    set(code "")
    foreach(file IN LISTS files)
      cmake_path(RELATIVE_PATH file BASE_DIRECTORY ${CMAKE_SOURCE_DIR}/src)
      string(APPEND code "#include \"${file}\"\n")
    endforeach()
    set(batch ${CMAKE_CURRENT_BINARY_DIR}/${stem}_${index}.cc)
    file(CONFIGURE OUTPUT ${batch} CONTENT "${code}" @ONLY)
    list(APPEND batches ${batch})
    math(EXPR index "${index} + 1")
  endwhile()
  set(${variable} ${batches} PARENT_SCOPE)
endfunction()

function(verbund_room name)
  cmake_parse_arguments(R "" "" "USES;LINKS;PRIVATE_LINKS;TEST_USES;ALONE" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cc)
  set(tests ${sources})
  set(fuzzers ${sources})
  list(FILTER sources EXCLUDE REGEX "(_(test|fuzz|bench)|/main)\\.cc$")
  list(FILTER tests INCLUDE REGEX "_test\\.cc$")
  list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cc$")
  list(TRANSFORM R_USES PREPEND verbund_)
  list(TRANSFORM R_TEST_USES PREPEND verbund_)
  if(sources)
    list(TRANSFORM R_ALONE PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
    list(REMOVE_ITEM sources ${R_ALONE})
    set(batches ${sources})
    if(VERBUND_BATCHES)
      verbund_batches(batches ${name} ${sources})
    endif()
    add_library(verbund_${name} STATIC ${batches} ${R_ALONE})
    target_link_libraries(verbund_${name} PUBLIC verbund_options ${R_USES} ${R_LINKS} PRIVATE ${R_PRIVATE_LINKS})
  else()
    add_library(verbund_${name} INTERFACE)
    target_link_libraries(verbund_${name} INTERFACE verbund_options ${R_USES} ${R_LINKS})
  endif()
  if(tests AND VERBUND_TESTS AND NOT VERBUND_FUZZ)
    verbund_batches(batches ${name}_tests ${tests})
    add_executable(${name}_test ${batches})
    target_link_libraries(${name}_test PRIVATE verbund_${name} ${R_TEST_USES} GTest::gtest GTest::gmock GTest::gtest_main)
    # Tests are compiled with less effort than what they test: two fifths of the time, and they run as fast.
    target_compile_options(${name}_test PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1>)
    # Relative, so that a compiler cache serves every checkout: test programs run in the top folder.
    target_compile_definitions(${name}_test PRIVATE VERBUND_SOURCE_DIR=".")
    add_test(NAME ${name} COMMAND ${name}_test --gtest_brief=1 WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  endif()
  if(VERBUND_FUZZ)
    foreach(file IN LISTS fuzzers)
      get_filename_component(fuzzer ${file} NAME_WE)
      add_executable(${fuzzer} ${file})
      target_link_libraries(${fuzzer} PRIVATE verbund_${name} ${R_TEST_USES})
      target_compile_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
      set_property(GLOBAL APPEND PROPERTY VERBUND_FUZZERS ${fuzzer})
    endforeach()
  endif()
endfunction()

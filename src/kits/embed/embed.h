// SPDX-License-Identifier: EUPL-1.2
// Files inside the program (see cmake/embed.cmake): templates, styles, texts, demo data.
#pragma once

#include <span>
#include <string_view>

namespace verbund::embed {

struct File {
  std::string_view path;   // relative, with "/"
  std::string_view bytes;
};

// The bytes of `path`, or nothing (data() == nullptr).
std::string_view find(std::span<const File> files, std::string_view path);

}  // namespace verbund::embed

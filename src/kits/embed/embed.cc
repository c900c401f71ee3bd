// SPDX-License-Identifier: EUPL-1.2
#include "kits/embed/embed.h"

namespace verbund::embed {

std::string_view find(std::span<const File> files, std::string_view path) {
  for (const File& file : files) {
    if (file.path == path) return file.bytes;
  }
  return {};
}

}  // namespace verbund::embed

// SPDX-License-Identifier: EUPL-1.2
#include "app/architecture.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::app {
namespace {

struct Floor {
  std::string_view name;
  std::vector<std::string_view> may_use;  // besides itself
};

const std::vector<Floor>& floors() {
  static const std::vector<Floor> all = {
      {"base", {}},
      {"kits", {"base"}},
      {"directory", {"base", "kits"}},
      {"network", {"base", "kits"}},
      {"casework", {"base", "kits", "directory", "network"}},
      {"commons", {"base", "kits", "directory", "network", "casework"}},
      {"faces", {"base", "kits", "directory", "network", "casework", "commons"}},
      {"app", {"base", "kits", "directory", "network", "casework", "commons", "faces"}},
  };
  return all;
}

// Third-party headers and the one room whose .cc files may see them.
struct Wrapped {
  std::string_view header;  // prefix of the include
  std::vector<std::string_view> rooms;
};

const std::vector<Wrapped>& wrapped() {
  static const std::vector<Wrapped> all = {
      {"boost/json", {"kits/json/"}},  {"boost/", {"kits/http/", "kits/json/"}}, {"libxml/", {"kits/xml/", "kits/html/"}},
      {"kainjow/", {"kits/page/"}},    {"toml++/", {"kits/settings/"}},          {"sqlite3.h", {"kits/store/"}},
      {"unicode/", {"kits/text/"}},    {"libstemmer.h", {"kits/text/"}},         {"openssl/", {"kits/crypto/", "kits/tls/"}},
      {"zlib.h", {"kits/compress/"}},  {"brotli/", {"kits/compress/"}},           {"p11-kit/", {"kits/token/"}},
  };
  return all;
}

std::string_view floor_of(std::string_view path) { return path.substr(0, path.find('/')); }

}  // namespace

std::vector<std::string> include_violations(std::string_view path, std::string_view source) {
  std::vector<std::string> found;
  const auto own = std::ranges::find(floors(), floor_of(path), &Floor::name);
  if (own == floors().end()) return {std::string(path) + ": stands on no floor of the house"};
  std::size_t line_number = 0;
  for (std::string_view line : split(source, '\n')) {
    ++line_number;
    line = trim(line);
    if (!line.starts_with("#include")) continue;
    line = trim(line.substr(8));
    if (line.size() < 3) continue;
    const char close = line.front() == '<' ? '>' : '"';
    const std::string_view target = line.substr(1, line.find(close, 1) - 1);
    const std::string where = std::string(path) + ":" + std::to_string(line_number) + ": ";
    const auto floor = std::ranges::find(floors(), floor_of(target), &Floor::name);
    if (line.front() == '"' && target.find('/') == std::string_view::npos) {
      found.push_back(where + "name \"" + std::string(target) + "\" from the top of src/, with its floor");
    } else if (floor != floors().end() && floor->name != own->name && 
               std::ranges::find(own->may_use, floor->name) == own->may_use.end()) {
      found.push_back(where + std::string(own->name) + " must not use " + std::string(floor->name) + " (" + std::string(target) + ")");
    }
    for (const Wrapped& wrap : wrapped()) {
      if (!target.starts_with(wrap.header)) continue;
      const bool inside = std::ranges::any_of(wrap.rooms, [&](std::string_view room) { return path.starts_with(room); });
      if (!inside || path.ends_with(".h")) {
        found.push_back(where + std::string(target) + " belongs into a .cc file of " + std::string(wrap.rooms.front()) + " only");
      }
      break;
    }
  }
  return found;
}

}  // namespace verbund::app

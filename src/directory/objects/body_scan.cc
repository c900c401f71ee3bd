// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/body_scan.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "directory/geography/area.h"

namespace verbund::directory {
namespace {

// Walks over canonical JSON (no white space). Every step says whether it went as expected.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  bool at_end() const { return at_ == end_; }
  bool next_is(char c) const { return at_ != end_ && *at_ == c; }
  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }
  // A string without escapes.
  bool plain(std::string_view& out) {
    if (!take('"')) return false;
    const char* begin = at_;
    while (at_ != end_ && *at_ != '"' && *at_ != '\\') ++at_;
    out = {begin, static_cast<std::size_t>(at_ - begin)};
    return take('"');
  }
  // Any value; `out` is how it stands there.
  bool value(std::string_view& out) {
    const char* begin = at_;
    int depth = 0;
    do {
      if (at_ == end_) return false;
      switch (*at_++) {
        case '"':
          for (;; ++at_) {
            if (at_ == end_) return false;
            if (*at_ == '"') break;
            if (*at_ == '\\' && ++at_ == end_) return false;
          }
          ++at_;
          break;
        case '{':
        case '[': ++depth; break;
        case '}':
        case ']': --depth; break;
        default: break;
      }
      if (depth == 0 && (at_ == end_ || *at_ == ',' || *at_ == '}' || *at_ == ']')) break;
    } while (true);
    out = {begin, static_cast<std::size_t>(at_ - begin)};
    return !out.empty() && out.front() != ',' && out.front() != '}' && out.front() != ']';
  }
  // {"name":value,...} to the end of the text. `field(name)` reads the value and says whether it went well.
  template <typename Field>
  bool object(const Field& field) {
    if (!take('{')) return false;
    if (take('}')) return true;
    do {
      std::string_view name;
      if (!plain(name) || !take(':') || !field(name)) return false;
    } while (take(','));
    return take('}');
  }
  template <typename Element>
  bool array(const Element& element) {
    if (!take('[')) return false;
    if (take(']')) return true;
    do {
      if (!element()) return false;
    } while (take(','));
    return take(']');
  }

 private:
  const char* at_;
  const char* end_;
};

// "agency.LETTERS.local"
bool split_id(std::string_view text, std::string_view& agency, std::string_view& middle, std::string_view& local) {
  const auto first = text.find('.');
  if (first == text.npos || first + 4 >= text.size() || text[first + 3] != '.') return false;
  agency = text.substr(0, first);
  middle = text.substr(first + 1, 2);
  local = text.substr(first + 4);
  return !agency.empty() && agency.size() <= 64 && local.size() <= 200;
}

// Digits of a key in its shortest form.
bool is_area(std::string_view digits) {
  constexpr std::array<std::size_t, 6> ends = {0, 2, 3, 5, 9, 12};
  const auto* end = std::find(ends.begin(), ends.end(), digits.size());
  if (end == ends.end()) return false;
  if (end == ends.begin()) return true;
  bool zeros = true;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (digits[i] < '0' || digits[i] > '9') return false;
    if (i >= *(end - 1)) zeros = zeros && digits[i] == '0';
  }
  return !zeros;
}

bool known(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// pick(name, "de") of [{"language":..,"text":..},...]
bool scan_name(Scanner& in, std::string_view& out) {
  std::string_view german, first;
  const bool read = in.array([&] {
    std::string_view language, text;
    const bool element = in.object([&](std::string_view field) {
      if (field == "language") return in.plain(language);
      return field == "text" && in.plain(text);
    });
    if (language == "de" && german.empty()) german = text;
    if (first.empty()) first = text;
    return element;
  });
  out = german.empty() ? first : german;
  return read;
}

}  // namespace

bool scan_responsibility(std::string_view body, ResponsibilityScan& out) {
  out.holder_agency = out.service_agency = out.role = out.validity = {};
  out.areas.clear();
  Scanner in(body);
  const bool read = in.object([&](std::string_view name) {
    std::string_view value, letters;
    if (name == "areas") {
      return in.array([&] {
        if (!in.plain(value) || !is_area(value)) return false;
        out.areas.push_back(value);
        return true;
      });
    }
    if (name == "holder") {
      if (!in.plain(value) || !split_id(value, out.holder_agency, letters, out.holder_local)) return false;
      out.holder_kind = letters == "OE" ? ObjectKind::unit : ObjectKind::online_service;
      return letters == "OE" || letters == "OD";
    }
    if (name == "service") {
      return in.plain(value) && split_id(value, out.service_agency, letters, out.service_local) && letters == "LB";
    }
    if (name == "role") return in.plain(out.role);
    if (name == "validity") return in.value(out.validity);
    return known(name, {"id", "secondary_ids", "note"}) && in.value(value);
  });
  return read && in.at_end() && !out.holder_agency.empty() && !out.service_agency.empty();
}

bool scan_unit(std::string_view body, UnitScan& out) {
  out.name = out.validity = {};
  Scanner in(body);
  const bool read = in.object([&](std::string_view name) {
    std::string_view value;
    if (name == "name") return scan_name(in, out.name);
    if (name == "validity") return in.value(out.validity);
    return known(name, {"addresses", "categories", "contacts", "description", "hours", "hours_text", "id", "kind",
                        "languages", "links", "notes", "other_names", "parent", "payment_methods", "secondary_ids",
                        "short_name", "version"}) && in.value(value);
  });
  return read && in.at_end();
}

bool scan_periods(std::string_view validity, std::vector<Period>& out) {
  out.clear();
  if (validity.empty()) return true;
  Scanner in(validity);
  const bool read = in.array([&] {
    out.emplace_back();
    return in.object([&](std::string_view name) {
      std::string_view value;
      if (name == "note") return in.value(value);
      if (!in.plain(value)) return false;
      if (name == "begin") out.back().begin = value;
      else if (name == "end") out.back().end = value;
      else return false;
      return true;
    });
  });
  return read && in.at_end();
}

}  // namespace verbund::directory

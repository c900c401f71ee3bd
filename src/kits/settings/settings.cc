// SPDX-License-Identifier: EUPL-1.2
#include "kits/settings/settings.h"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <functional>
#include <sstream>

#include "base/check.h"
#include "base/text.h"
#include "kits/text/text.h"

namespace verbund::settings {
namespace {

constexpr std::size_t kMostFileBytes = 64 * 1024;
constexpr std::size_t kMostBytesWithSections = 1024 * 1024;
constexpr std::size_t kLongestSection = 40;
constexpr std::size_t kMostDotsInLine = 256;  // each is a table in a table, which toml++ does not limit
constexpr std::string_view kPrefix = "VERBUND_";

using Type = Definition::Type;

// "http.port" -> "VERBUND_HTTP_PORT"
std::string variable_of(std::string_view key) {
  std::string out(kPrefix);
  for (const char c : key) {
    if (c >= 'a' && c <= 'z') out += static_cast<char>(c - 'a' + 'A');
    else out += c == '.' || c == '-' ? '_' : c;
  }
  return out;
}

const Definition* find(const std::vector<Definition>& definitions, std::string_view key) {
  auto found = std::find_if(definitions.begin(), definitions.end(), [&](const Definition& d) { return d.key == key; });
  return found == definitions.end() ? nullptr : &*found;
}

// Counted in "did you mean": the nearest of `known` within a third of the word.
std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t least = std::max<std::size_t>(2, word.size() / 3) + 1;
  for (const std::string& each : known) {
    const std::size_t distance = text::edit_distance(word, each, least - 1);
    if (distance >= least) continue;
    least = distance;
    best = each;
  }
  return best;
}

std::unexpected<Error> unknown(std::string_view word, const std::vector<std::string>& known, std::string where) {
  const std::string meant = nearest(word, known);
  return fail(ErrorCode::usage, "no setting named " + std::string(cut_utf8(word, 80)), std::move(where),
              meant.empty() ? "verbund settings lists all" : "did you mean " + meant + "?");
}

std::optional<std::int64_t> parse_signed(std::string_view digits) {
  const bool negative = digits.starts_with('-');
  auto number = parse_number(digits.substr(negative ? 1 : 0));
  if (number && negative) return -*number;
  return number;
}

// The value as it is kept: "true" / "false" for a flag, decimal digits for a number.
Result<std::string> checked(const Definition& definition, std::string_view value, const std::string& where) {
  switch (definition.type) {
    case Type::text:
      if (!is_utf8(value)) return fail(ErrorCode::usage, definition.key + " is not UTF-8", where);
      return std::string(value);
    case Type::flag: {
      const std::string word = to_lower_ascii(value);
      if (word == "true" || word == "1" || word == "yes" || word == "ja") return "true";
      if (word == "false" || word == "0" || word == "no" || word == "nein") return "false";
      return fail(ErrorCode::usage, definition.key + " is neither true nor false", where);
    }
    case Type::number: {
      const auto number = parse_signed(value);
      const std::string range = std::to_string(definition.least) + " to " + std::to_string(definition.most);
      if (!number) return fail(ErrorCode::usage, definition.key + " is not a whole number", where, "write " + range);
      if (*number < definition.least || *number > definition.most) {
        return fail(ErrorCode::usage, definition.key + " is out of range: " + std::to_string(*number), where,
                    "write " + range);
      }
      return std::to_string(*number);
    }
  }
  return fail(ErrorCode::usage, definition.key + " has no type", where);
}

// The code point whose UTF-8 sequence begins at text[at], as a TOML escape; `at` moves to its last byte.
// Requires: well-formed UTF-8, not ASCII there.
std::string escaped(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<std::uint32_t>(static_cast<unsigned char>(text[i])); };
  const std::size_t more = byte(at) >= 0xF0 ? 3 : byte(at) >= 0xE0 ? 2 : 1;
  std::uint32_t code_point = byte(at) & (0x3Fu >> more);
  for (std::size_t i = 1; i <= more; ++i) code_point = code_point << 6 | (byte(at + i) & 0x3F);
  at += more;
  char out[11];
  std::snprintf(out, sizeof out, "\\U%08X", code_point);
  return out;
}

// The line in ASCII with the same meaning: letters outside ASCII are escaped in texts and dropped from comments, as
// toml++ 3.3 runs into __builtin_unreachable where it asks whether a letter like "ä" is white space. Dots nest tables,
// which it does not limit. Requires: `line` is UTF-8.
Result<std::string> ascii_line(std::string_view line, const std::string& where) {
  if (static_cast<std::size_t>(std::count(line.begin(), line.end(), '.')) > kMostDotsInLine) {
    return fail(ErrorCode::too_large, "a line with more than 256 dots", where);
  }
  if (line.ends_with('\r')) line.remove_suffix(1);
  std::string out;
  char within = 0;  // a quote, or # in a comment
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 && c != '\t') return fail(ErrorCode::invalid, "a control character", where);
    if (byte >= 0x80) {
      const std::string escape = escaped(line, i);
      if (within == '"') {
        out += escape;
      } else if (within != '#') {
        return fail(ErrorCode::invalid, "a letter outside ASCII and outside double quotes", where,
                    "write key = \"text\"");
      }
      continue;
    }
    if (within == 0 && (c == '"' || c == '\'') && line.substr(i, 3) == std::string(3, c)) {
      return fail(ErrorCode::invalid, "a text of several lines", where, "write \"first line\\nsecond line\"");
    }
    out += c;
    if (within == 0) {
      if (c == '"' || c == '\'' || c == '#') within = c;
    } else if (c == within && c != '#') {
      within = 0;
    } else if (c == '\\' && within == '"' && i + 1 < line.size()) {
      if (static_cast<unsigned char>(line[i + 1]) >= 0x80) return fail(ErrorCode::invalid, "an unknown escape", where);
      out += line[++i];
    }
  }
  return out;
}

std::string place(const std::string& file, const toml::source_region& source) {
  return file + ":" + std::to_string(source.begin.line);
}

using Values = std::map<std::string, std::string, std::less<>>;

class FileReader {
 public:
  FileReader(const std::vector<Definition>& definitions, const std::string& file, Values& values)
      : definitions_(definitions), file_(file), values_(values) {
    for (const Definition& definition : definitions) known_.push_back(definition.key);
  }

  // Tables [NAME.X] are handed to `section`.
  using Section = std::function<Result<void>(const std::string& name, const toml::table& values)>;
  void take_sections(std::string name, Section section) {
    group_ = std::move(name);
    section_ = std::move(section);
    most_bytes_ = kMostBytesWithSections;
  }

  Result<void> read() {
    std::ifstream in(file_, std::ios::binary);
    std::string source;
    if (in) {
      source.resize(most_bytes_ + 1);
      in.read(source.data(), static_cast<std::streamsize>(source.size()));
      source.resize(static_cast<std::size_t>(in.gcount()));
    }
    if (!in.is_open() || in.bad() || (in.fail() && !in.eof())) {
      return fail(ErrorCode::unavailable, "the settings file cannot be read", file_,
                  "check that it is there and readable");
    }
    if (source.size() > most_bytes_) {
      return fail(ErrorCode::too_large, "the settings file is over " + std::to_string(most_bytes_ / 1024) + " KiB", file_);
    }
    if (source.starts_with("\xef\xbb\xbf")) source.erase(0, 3);  // a byte order mark
    if (!is_utf8(source)) return fail(ErrorCode::invalid, "the settings file is not UTF-8", file_);
    std::string ascii;
    std::size_t number = 0;
    for (std::string_view line : split(source, '\n')) {
      ++number;
      auto plain = ascii_line(line, file_ + ":" + std::to_string(number));
      if (!plain) return pass(plain);
      ascii += *plain + "\n";
    }
    const toml::parse_result parsed = toml::parse(std::string_view(ascii), std::string_view(file_));
    if (!parsed) {
      return fail(ErrorCode::invalid, std::string(parsed.error().description()), place(file_, parsed.error().source()),
                  "settings are TOML: key = value");
    }
    return table(parsed.table(), "");
  }

  Result<void> table(const toml::table& values, const std::string& prefix) {
    for (const auto& [name, node] : values) {
      const std::string key = prefix.empty() ? std::string(name.str()) : prefix + "." + std::string(name.str());
      if (!group_.empty() && key == group_) {
        if (auto r = sections(node); !r) return r;
        continue;
      }
      const Definition* definition = find(definitions_, key);
      if (definition == nullptr) {
        const toml::table* inner = node.as_table();
        if (inner == nullptr || !is_group(key)) {
          const bool filled = inner != nullptr && !inner->empty();
          const std::string whole = filled ? key + "." + std::string(inner->begin()->first.str()) : key;
          return unknown(whole, known_, place(file_, name.source()));
        }
        if (auto r = table(*inner, key); !r) return r;  // as deep as the definitions are
        continue;
      }
      if (auto r = value(*definition, node); !r) return r;
    }
    return {};
  }

 private:
  Result<void> sections(const toml::node& node) {
    const toml::table* all = node.as_table();
    const std::string hint = "write [" + group_ + ".name], of a-z, 0-9 and -, at most 40";
    if (all == nullptr) return fail(ErrorCode::usage, group_ + " is no setting", place(file_, node.source()), hint);
    for (const auto& [name, inner] : *all) {
      const std::string where = place(file_, name.source());
      const toml::table* values = inner.as_table();
      if (values == nullptr || !is_section_name(name.str())) {
        return fail(ErrorCode::usage, "no section can be called " + group_ + "." + std::string(cut_utf8(name.str(), 80)),
                    where, hint);
      }
      if (auto r = section_(std::string(name.str()), *values); !r) return r;
    }
    return {};
  }

  Result<void> value(const Definition& definition, const toml::node& node) {
    const std::string where = place(file_, node.source());
    std::string text;
    if (const auto* string = node.as_string(); string != nullptr && definition.type == Type::text) {
      text = string->get();
    } else if (const auto* number = node.as_integer(); number != nullptr && definition.type == Type::number) {
      text = std::to_string(number->get());
    } else if (const auto* flag = node.as_boolean(); flag != nullptr && definition.type == Type::flag) {
      text = flag->get() ? "true" : "false";
    } else {
      const char* wanted = definition.type == Type::text     ? "a text in quotes"
                           : definition.type == Type::number ? "a whole number"
                                                             : "true or false";
      return fail(ErrorCode::usage, definition.key + " wants " + wanted, where);
    }
    auto kept = checked(definition, text, where);
    if (!kept) return pass(kept);
    values_[definition.key] = std::move(*kept);
    return {};
  }

  bool is_group(const std::string& key) const {
    return std::any_of(known_.begin(), known_.end(),
                       [&](const std::string& each) { return each.starts_with(key + "."); });
  }

  const std::vector<Definition>& definitions_;
  const std::string& file_;
  Values& values_;
  std::vector<std::string> known_;
  std::string group_;
  Section section_;
  std::size_t most_bytes_ = kMostFileBytes;
};

Result<void> read_environment(const std::vector<Definition>& definitions,
                              const std::map<std::string, std::string>& environment, Values& values) {
  std::vector<std::string> known;
  for (const Definition& definition : definitions) known.push_back(variable_of(definition.key));
  for (const auto& [name, text] : environment) {
    if (!name.starts_with(kPrefix)) continue;
    const auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) return unknown(name, known, name);
    const Definition& definition = definitions[static_cast<std::size_t>(found - known.begin())];
    auto kept = checked(definition, text, name);
    if (!kept) return pass(kept);
    values[definition.key] = std::move(*kept);
  }
  return {};
}

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

}  // namespace

bool is_section_name(std::string_view name) {
  return !name.empty() && name.size() <= kLongestSection && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

Result<Settings> Settings::load(const std::vector<Definition>& definitions, const std::string& file,
                                const std::map<std::string, std::string>& environment,
                                const std::map<std::string, std::string>& flags) {
  auto loaded = load_several(definitions, {}, file, environment, flags);
  if (!loaded) return pass(loaded);
  return std::move(loaded->all);
}

Result<Several> Settings::load_several(const std::vector<Definition>& definitions, const Group& group,
                                       const std::string& file, const std::map<std::string, std::string>& environment,
                                       const std::map<std::string, std::string>& flags) {
  Several out;
  Settings& settings = out.all;
  std::vector<std::string> known;
  for (const Definition& definition : definitions) {
    settings.values_[definition.key] = definition.fallback;
    known.push_back(definition.key);
  }
  std::vector<Definition> of_sections = group.own;
  for (const std::string& key : group.may_differ) {
    const Definition* definition = find(definitions, key);
    VERBUND_CHECK(definition != nullptr);
    of_sections.push_back(*definition);
  }
  std::map<std::string, Values, std::less<>> sections;
  if (!file.empty()) {
    FileReader reader(definitions, file, settings.values_);
    if (!group.name.empty()) {
      reader.take_sections(group.name, [&](const std::string& name, const toml::table& values) {
        return FileReader(of_sections, file, sections[name]).table(values, "");
      });
    }
    if (auto r = reader.read(); !r) return pass(r);
  }
  if (auto r = read_environment(definitions, environment, settings.values_); !r) return pass(r);
  for (const auto& [key, text] : flags) {
    const Definition* definition = find(definitions, key);
    if (definition == nullptr) return unknown(key, known, "--" + key);
    auto kept = checked(*definition, text, "--" + key);
    if (!kept) return pass(kept);
    settings.values_[key] = std::move(*kept);
  }
  for (auto& [name, said] : sections) {
    Settings one = settings;
    for (const Definition& definition : group.own) one.values_[definition.key] = definition.fallback;
    for (auto& [key, value] : said) one.values_[key] = std::move(value);
    out.each.emplace(name, std::move(one));
  }
  return out;
}

std::string Settings::text(std::string_view key) const {
  auto found = values_.find(key);
  VERBUND_CHECK(found != values_.end());
  return found->second;
}

std::int64_t Settings::number(std::string_view key) const {
  const auto value = parse_signed(text(key));
  VERBUND_CHECK(value.has_value());
  return *value;
}

void Settings::set(std::string_view key, std::string value) {
  auto found = values_.find(key);
  VERBUND_CHECK(found != values_.end());
  found->second = std::move(value);
}

bool Settings::flag(std::string_view key) const { return text(key) == "true"; }

std::string sample_file(const std::vector<Definition>& definitions) {
  std::string out =
      "# Einstellungen von Verbund (TOML). Jede Zeile zeigt die Voreinstellung; zum Ändern das # davor entfernen.\n"
      "# Stärker als diese Datei ist die Umgebung (http.port: VERBUND_HTTP_PORT), am stärksten sind Optionen.\n";
  for (const Definition& definition : definitions) {
    out += "\n# " + definition.explanation + "\n";
    out += "# " + definition.key + " = " +
           (definition.type == Type::text ? quoted(definition.fallback) : definition.fallback) + "\n";
  }
  return out;
}

}  // namespace verbund::settings

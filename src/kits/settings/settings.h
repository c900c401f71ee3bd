// SPDX-License-Identifier: EUPL-1.2
// One documented settings file (TOML 1.0, toml++ in settings.cc only), then environment, then flags; later wins.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::settings {

// A setting that exists: "http.port"; environment VERBUND_HTTP_PORT. All values are kept as text.
struct Definition {
  enum class Type { text, number, flag };
  std::string key;
  Type type;
  std::string fallback;
  std::string explanation;   // one sentence, with unit and range
  std::int64_t least = 0;    // range of a number
  std::int64_t most = 0;
};

// One file for several alike: what differs for one of them stands in a section [GROUP.NAME] of the file. A NAME is 1 to
// 40 of a-z, 0-9 and -. All else they have from the top of the file, the environment and the flags.
struct Group {
  std::string name;                     // "tenant"
  std::vector<std::string> may_differ;  // keys of the file that may stand in a section, too
  std::vector<Definition> own;          // keys of sections; what has the same name at the top is not taken from there
};

struct Several;

class Settings {
 public:
  // Errors: usage (unknown key - with the nearest known one -, wrong type, out of range; `where` is "file:line",
  // the variable's name or the flag), unavailable (file named but unreadable), invalid (not TOML).
  // `file` empty: no file. `environment`: all NAME=value pairs; those starting VERBUND_ count (VERBUND_LOG_LEVEL ...).
  static Result<Settings> load(const std::vector<Definition>& definitions, const std::string& file,
                               const std::map<std::string, std::string>& environment,
                               const std::map<std::string, std::string>& flags);
  // The same of a file with sections. A section is stronger than the environment, which speaks for all. Limit: 1 MiB.
  static Result<Several> load_several(const std::vector<Definition>& definitions, const Group& group,
                                      const std::string& file, const std::map<std::string, std::string>& environment,
                                      const std::map<std::string, std::string>& flags);
  std::string text(std::string_view key) const;       // Requires: defined
  std::int64_t number(std::string_view key) const;
  bool flag(std::string_view key) const;
  void set(std::string_view key, std::string value);  // Requires: defined, and a value of its type

 private:
  std::map<std::string, std::string, std::less<>> values_;
};

struct Several {
  Settings all;                                          // as if there were no sections
  std::map<std::string, Settings, std::less<>> each;     // by NAME; with the keys of both
};

// Whether a section may be called so.
bool is_section_name(std::string_view name);

// The documented file with every default, for `verbund settings` and docs.
std::string sample_file(const std::vector<Definition>& definitions);

}  // namespace verbund::settings

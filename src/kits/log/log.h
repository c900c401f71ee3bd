// SPDX-License-Identifier: EUPL-1.2
// Structured log: one line per event, as JSON or text, to a sink (standard error by default). Never secrets, IP
// addresses or search texts: callers pass only named fields.
#pragma once

#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "base/clock.h"

namespace verbund::log {

enum class Level { debug, info, warning, error };
enum class Format { text, json };

using Field = std::pair<std::string_view, std::string>;

class Log {
 public:
  Log(const Clock& clock, Level least, Format format, std::function<void(std::string_view line)> sink);
  // The same log for one part of the program: each of its lines ends with this field.
  Log with(std::string_view name, std::string value) const;
  // {"time":"2026-...Z","level":"info","event":"import done","source":"..."}; text: `2026-...Z info import done source=...`.
  // Line breaks and control characters in values are escaped. Thread-safe; a line is written whole.
  void write(Level level, std::string_view event, std::initializer_list<Field> fields = {}) const;
  void info(std::string_view event, std::initializer_list<Field> fields = {}) const { write(Level::info, event, fields); }
  void warning(std::string_view event, std::initializer_list<Field> fields = {}) const { write(Level::warning, event, fields); }
  void error(std::string_view event, std::initializer_list<Field> fields = {}) const { write(Level::error, event, fields); }

 private:
  struct State;
  std::shared_ptr<State> state_;
  std::string part_, part_value_;     // of with(); empty: none
};

std::function<void(std::string_view)> to_standard_error();

}  // namespace verbund::log

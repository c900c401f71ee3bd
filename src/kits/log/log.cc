// SPDX-License-Identifier: EUPL-1.2
#include "kits/log/log.h"

#include <cstdio>
#include <mutex>
#include <span>
#include <vector>

#include "base/text.h"
#include "kits/json/json.h"

namespace verbund::log {
namespace {

std::string_view name(Level level) {
  switch (level) {
    case Level::debug: return "debug";
    case Level::info: return "info";
    case Level::warning: return "warning";
    case Level::error: return "error";
  }
  return "error";
}

void append_hex_escape(std::string& out, unsigned char byte) {
  static constexpr char digits[] = "0123456789abcdef";
  out += "\\x";
  out += digits[byte >> 4];
  out += digits[byte & 15];
}

// One line, whatever came: control characters and bytes that are not UTF-8 are written as \n, \t or \xNN.
std::string one_line(std::string_view text) {
  const bool well_formed = is_utf8(text);
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') out += "\\n";
    else if (c == '\t') out += "\\t";
    else if (byte < 0x20 || byte == 0x7f || (byte >= 0x80 && !well_formed)) append_hex_escape(out, byte);
    else out += c;
  }
  return out;
}

// U+0085 and U+2028 also break lines for some readers, U+202E and the like turn them round: only plain words go bare.
bool is_plain(std::string_view value) {
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || byte >= 0x7f || c == '"' || c == '=' || c == '\\') return false;
  }
  return !value.empty();
}

std::string quoted(std::string_view value) {
  if (is_plain(value)) return std::string(value);
  std::string out = "\"";
  for (const char c : one_line(value)) {
    if (c == '"') out += '\\';
    out += c;
  }
  return out + "\"";
}

// In the order given, which canonical JSON would not keep.
std::string json_line(const std::string& time, Level level, std::string_view event, std::span<const Field> fields) {
  const auto text = [](std::string_view value) {
    return Json(is_utf8(value) ? std::string(value) : one_line(value)).to_canonical();
  };
  std::string line = "{\"time\":" + text(time) + ",\"level\":" + text(name(level)) + ",\"event\":" + text(event);
  for (const auto& [key, value] : fields) line += "," + text(key) + ":" + text(value);
  return line + "}";
}

std::string text_line(const std::string& time, Level level, std::string_view event, std::span<const Field> fields) {
  std::string line = time + " ";
  line.append(name(level)).append(" ").append(one_line(event));
  for (const auto& [key, value] : fields) line.append(" ").append(one_line(key)).append("=").append(quoted(value));
  return line;
}

}  // namespace

struct Log::State {
  const Clock& clock;
  Level least;
  Format format;
  std::mutex mutex;
  std::function<void(std::string_view)> sink;
};

Log::Log(const Clock& clock, Level least, Format format, std::function<void(std::string_view line)> sink)
    : state_(new State{clock, least, format, {}, std::move(sink)}) {}

Log Log::with(std::string_view name, std::string value) const {
  Log out = *this;
  out.part_ = name;
  out.part_value_ = std::move(value);
  return out;
}

void Log::write(Level level, std::string_view event, std::initializer_list<Field> fields) const {
  if (level < state_->least) return;
  const std::string time = to_rfc3339(state_->clock.now());
  std::vector<Field> all(fields);
  if (!part_.empty()) all.emplace_back(part_, part_value_);
  const std::string line =
      state_->format == Format::json ? json_line(time, level, event, all) : text_line(time, level, event, all);
  const std::lock_guard lock(state_->mutex);
  state_->sink(line);
}

std::function<void(std::string_view)> to_standard_error() {
  return [](std::string_view line) {
    std::string whole(line);
    whole += '\n';
    std::fwrite(whole.data(), 1, whole.size(), stderr);  // unbuffered: one write
  };
}

}  // namespace verbund::log

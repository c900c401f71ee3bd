// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/lines.h"

namespace verbund::directory {
namespace {

constexpr std::size_t fields_most = 100;

std::unexpected<Error> line_too_long(std::string_view name, std::size_t line, std::size_t bytes) {
  return fail(ErrorCode::too_large, "Die Zeile ist länger als " + std::to_string(bytes) + " Bytes", at_line(name, line),
              "Ist das die richtige Datei?");
}

std::unexpected<Error> too_many_lines(std::string_view name, std::size_t lines) {
  return fail(ErrorCode::too_large, "Die Datei hat mehr als " + std::to_string(lines) + " Zeilen", std::string(name),
              "Ist das die richtige Datei?");
}

std::unexpected<Error> not_read(std::string_view name) {
  return fail(ErrorCode::unavailable, "Die Datei konnte nicht bis zum Ende gelesen werden", std::string(name));
}

// A CSV row as it comes byte by byte.
class Row {
 public:
  enum class Step { more, done, bad_quote };

  Step take(char c) {
    switch (state_) {
      case State::field_start:
        if (c == '"') {
          state_ = State::quoted;
          return Step::more;
        }
        state_ = State::plain;
        return take(c);
      case State::plain:
        if (c == ',') return next_field();
        if (c == '\n') return finish();
        if (c == '"') return Step::bad_quote;
        field_ += c;
        return Step::more;
      case State::quoted:
        if (c == '"') state_ = State::quote_in_quoted;
        else field_ += c;
        return Step::more;
      case State::quote_in_quoted:
        if (c == '"') {
          field_ += c;
          state_ = State::quoted;
          return Step::more;
        }
        if (c == ',') return next_field();
        if (c == '\n') return finish();
        if (c == '\r') return Step::more;
        return Step::bad_quote;
    }
    return Step::bad_quote;
  }

  // The end of the stream ends a row, but not inside of quotes.
  Step end() { return state_ == State::quoted ? Step::bad_quote : finish(); }
  bool empty() const { return fields_.empty() || (fields_.size() == 1 && fields_[0].empty()); }
  const std::vector<std::string>& fields() const { return fields_; }
  void clear() {
    fields_.clear();
    field_.clear();
    state_ = State::field_start;
  }

 private:
  enum class State { field_start, plain, quoted, quote_in_quoted };

  Step next_field() {
    fields_.push_back(std::move(field_));
    field_.clear();
    state_ = State::field_start;
    return Step::more;
  }
  Step finish() {
    if (state_ == State::plain && field_.ends_with('\r')) field_.pop_back();
    fields_.push_back(std::move(field_));
    field_.clear();
    state_ = State::field_start;
    return Step::done;
  }

  State state_ = State::field_start;
  std::string field_;
  std::vector<std::string> fields_;
};

}  // namespace

std::string at_line(std::string_view name, std::size_t line) { return std::string(name) + ":" + std::to_string(line); }

Result<void> read_lines(std::istream& in, std::string_view name,
                        const std::function<Result<void>(std::string_view line, std::size_t number)>& each,
                        const LineLimits& limits) {
  std::string line;
  std::size_t number = 0;
  auto* buffer = in.rdbuf();
  const auto hand_out = [&]() -> Result<void> {
    if (++number > limits.lines) return too_many_lines(name, limits.lines);
    std::string_view view = line;
    if (view.ends_with('\r')) view.remove_suffix(1);
    auto result = each(view, number);
    line.clear();
    return result;
  };
  std::vector<char> bytes(64 * 1024);
  while (true) {
    const std::streamsize got = buffer->sgetn(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (got <= 0) break;
    std::string_view rest(bytes.data(), static_cast<std::size_t>(got));
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      const std::string_view piece = rest.substr(0, end);
      if (line.size() + piece.size() > limits.line_bytes) return line_too_long(name, number + 1, limits.line_bytes);
      line += piece;
      if (end == std::string_view::npos) break;
      rest.remove_prefix(end + 1);
      if (auto done = hand_out(); !done) return done;
    }
  }
  if (in.bad()) return not_read(name);
  if (!line.empty()) return hand_out();
  return {};
}

Result<void> read_csv(std::istream& in, std::string_view name,
                      const std::function<Result<void>(const std::vector<std::string>& fields, std::size_t line)>& each,
                      const LineLimits& limits) {
  Row row;
  std::size_t line = 1, row_line = 1, row_bytes = 0;
  auto* buffer = in.rdbuf();
  using Traits = std::char_traits<char>;
  const auto bad_quote = [&] {
    return fail(ErrorCode::invalid, "Die Anführungszeichen der Zeile passen nicht zusammen", at_line(name, row_line),
                "CSV nach RFC 4180 mit Komma als Trenner wird erwartet");
  };
  const auto hand_out = [&]() -> Result<void> {
    if (!row.empty()) {
      if (auto result = each(row.fields(), row_line); !result) return result;
    }
    row.clear();
    row_bytes = 0;
    return {};
  };
  if (buffer->sgetc() == 0xEF) {  // a byte order mark is not part of the first field
    std::string start;
    for (int i = 0; i < 3 && buffer->sgetc() != Traits::eof(); ++i) start += Traits::to_char_type(buffer->sbumpc());
    if (start != "\xEF\xBB\xBF") {
      for (char c : start) row.take(c);
      row_bytes = start.size();
    }
  }
  for (int c = buffer->sbumpc(); c != Traits::eof(); c = buffer->sbumpc()) {
    const char byte = Traits::to_char_type(c);
    if (++row_bytes > limits.line_bytes) return line_too_long(name, row_line, limits.line_bytes);
    const auto step = row.take(byte);
    if (byte == '\n') ++line;
    if (line > limits.lines + 1) return too_many_lines(name, limits.lines);
    if (step == Row::Step::bad_quote) return bad_quote();
    if (row.fields().size() > fields_most) {
      return fail(ErrorCode::too_large, "Die Zeile hat mehr als " + std::to_string(fields_most) + " Felder",
                  at_line(name, row_line));
    }
    if (step == Row::Step::done) {
      if (auto done = hand_out(); !done) return done;
      row_line = line;
    }
  }
  if (in.bad()) return not_read(name);
  if (row_bytes == 0) return {};
  if (row.end() == Row::Step::bad_quote) return bad_quote();
  return hand_out();
}

}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
// Writing JSON: canonical (RFC 8785) and indented, over one walk.
#include <array>
#include <charconv>
#include <cmath>

#include "base/check.h"
#include "kits/json/json.h"
#include "kits/json/json_text.h"

namespace verbund {
namespace {

// Source: RFC 8785, 3.2.2.2.
void write_string(std::string_view text, std::string& out) {
  constexpr std::string_view hex = "0123456789abcdef";
  out += '"';
  std::size_t plain = 0;  // where what is copied as it is begins
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte >= 0x20 && byte != '"' && byte != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (text[i]) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\b': out += "\\b"; break;
      case '\t': out += "\\t"; break;
      case '\n': out += "\\n"; break;
      case '\f': out += "\\f"; break;
      case '\r': out += "\\r"; break;
      default:
        out += "\\u00";
        out += hex[byte >> 4];
        out += hex[byte & 15];
    }
  }
  out.append(text, plain);
  out += '"';
}

void write_int(std::int64_t value, std::string& out) {
  std::array<char, 24> buffer;
  const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  VERBUND_CHECK(error == std::errc());
  out.append(buffer.data(), end);
}

// Number::toString of ECMAScript 2023, 6.1.6.1.20: the shortest digits that read back the same, without exponent for
// 1e-6 <= |value| < 1e21. Infinity and NaN have no form in JSON and are written as null, as JSON.stringify does.
void write_double(double value, std::string& out) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  if (value == 0) {
    out += '0';
    return;
  }
  std::array<char, 40> buffer;
  const auto [end, error] =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  VERBUND_CHECK(error == std::errc());
  std::string_view text(buffer.data(), static_cast<std::size_t>(end - buffer.data()));
  if (text.front() == '-') {
    out += '-';
    text.remove_prefix(1);
  }
  const std::size_t mark = text.find('e');
  std::string digits(text.substr(0, 1));
  if (mark > 2) digits += text.substr(2, mark - 2);
  int exponent = 0;
  const char* exponent_begin = text.data() + mark + (text[mark + 1] == '+' ? 2 : 1);
  std::from_chars(exponent_begin, text.data() + text.size(), exponent);

  const int count = static_cast<int>(digits.size());
  const int point = exponent + 1;  // position of the decimal point in `digits`; "n" of the standard
  if (count <= point && point <= 21) {
    out += digits;
    out.append(static_cast<std::size_t>(point - count), '0');
  } else if (0 < point && point <= 21) {
    out.append(digits, 0, static_cast<std::size_t>(point));
    out += '.';
    out.append(digits, static_cast<std::size_t>(point));
  } else if (-6 < point && point <= 0) {
    out += "0.";
    out.append(static_cast<std::size_t>(-point), '0');
    out += digits;
  } else {
    out += digits[0];
    if (count > 1) {
      out += '.';
      out.append(digits, 1);
    }
    out += 'e';
    out += exponent < 0 ? '-' : '+';
    write_int(std::abs(exponent), out);
  }
}

class JsonWriter {
 public:
  JsonWriter(std::string& out, bool pretty) : out_(out), pretty_(pretty) {}

  void write(const Json& value) {
    if (const bool* flag = value.if_bool()) {
      out_ += *flag ? "true" : "false";
    } else if (const std::int64_t* number = value.if_int()) {
      write_int(*number, out_);
    } else if (const double* real = value.if_double()) {
      write_double(*real, out_);
    } else if (const std::string* text = value.if_string()) {
      write_string(*text, out_);
    } else if (const Json::Array* array = value.if_array()) {
      write_array(*array);
    } else if (const Json::Object* object = value.if_object()) {
      write_object(*object);
    } else {
      out_ += "null";
    }
  }

 private:
  void write_array(const Json::Array& array) {
    out_ += '[';
    ++level_;
    bool first = true;
    for (const Json& item : array) {
      begin_item(first);
      write(item);
    }
    end_items(array.empty());
    out_ += ']';
  }
  void write_object(const Json::Object& object) {
    out_ += '{';
    ++level_;
    bool first = true;
    for (const auto& [key, item] : object) {
      begin_item(first);
      write_string(key, out_);
      out_ += pretty_ ? ": " : ":";
      write(item);
    }
    end_items(object.empty());
    out_ += '}';
  }
  void begin_item(bool& first) {
    if (!first) out_ += ',';
    first = false;
    if (pretty_) new_line();
  }
  void end_items(bool empty) {
    --level_;
    if (pretty_ && !empty) new_line();
  }
  void new_line() {
    out_ += '\n';
    out_.append(level_ * 2, ' ');
  }

  std::string& out_;
  bool pretty_;
  std::size_t level_ = 0;
};

}  // namespace

void append_json(std::string& out, std::string_view text) { write_string(text, out); }
void append_json(std::string& out, double value) { write_double(value, out); }
void append_json(std::string& out, std::int64_t value) { write_int(value, out); }

std::string Json::to_canonical() const {
  std::string out;
  JsonWriter(out, false).write(*this);
  return out;
}

std::string Json::to_pretty() const {
  std::string out;
  JsonWriter(out, true).write(*this);
  return out;
}

}  // namespace verbund

// SPDX-License-Identifier: EUPL-1.2
// JSON values, reading within limits, canonical writing. Boost.JSON does the parsing, in json.cc only.
// Source: RFC 8259 (JSON), RFC 8785 (canonical form).
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.h"

namespace verbund {

// A JSON value. Objects keep their keys sorted by bytes, each key once.
class Json {
 public:
  using Array = std::vector<Json>;
  using Object = std::map<std::string, Json, std::less<>>;

  Json() = default;  // null
  Json(std::nullptr_t) {}
  Json(bool value) : value_(value) {}
  Json(int value) : value_(static_cast<std::int64_t>(value)) {}
  Json(std::int64_t value) : value_(value) {}
  Json(std::size_t value) : value_(static_cast<std::int64_t>(value)) {}
  Json(double value) : value_(value) {}
  Json(const char* value) : value_(std::string(value)) {}
  Json(std::string_view value) : value_(std::string(value)) {}
  Json(std::string value) : value_(std::move(value)) {}
  Json(Array value) : value_(std::move(value)) {}
  Json(Object value) : value_(std::move(value)) {}
  static Json object(std::initializer_list<std::pair<const std::string, Json>> fields) { return Json(Object(fields)); }
  static Json array(std::initializer_list<Json> items) { return Json(Array(items)); }

  bool is_null() const { return std::holds_alternative<std::monostate>(value_); }
  const bool* if_bool() const { return std::get_if<bool>(&value_); }
  const std::int64_t* if_int() const { return std::get_if<std::int64_t>(&value_); }
  const double* if_double() const { return std::get_if<double>(&value_); }
  const std::string* if_string() const { return std::get_if<std::string>(&value_); }
  const Array* if_array() const { return std::get_if<Array>(&value_); }
  const Object* if_object() const { return std::get_if<Object>(&value_); }
  Array* if_array() { return std::get_if<Array>(&value_); }
  Object* if_object() { return std::get_if<Object>(&value_); }

  // The field of an object, or null if this is no object or has no such field.
  const Json* find(std::string_view key) const;
  const Json& operator[](std::string_view key) const;  // a null value if absent
  // The text of a string field, or `otherwise`.
  std::string_view text_or(std::string_view key, std::string_view otherwise = {}) const;

  // Building; both give this value again. Requires: this is null (becomes an object / array) or already one.
  Json& set(std::string key, Json value);
  Json& push(Json value);

  // RFC 8785 canonical form, except that keys are ordered by UTF-8 bytes instead of UTF-16 units (differs only for
  // keys outside the Basic Multilingual Plane, which we never write). Integers are written with all digits; infinity
  // and NaN, which JSON lacks, as null. Requires: strings are UTF-8.
  std::string to_canonical() const;
  // For people: two spaces of indent, same order.
  std::string to_pretty() const;

  bool operator==(const Json&) const = default;

 private:
  std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object> value_;
};

struct JsonLimits {
  std::size_t bytes = 64u << 20;  // of one document, or of one element of a stream
  std::size_t depth = 64;         // nesting; never more than 1000
  std::size_t values = 2'000'000;  // of one document or element, nested ones included (each costs about 60 bytes)
};

// Reads one document. Errors: invalid (with "line:column" in `where`, appended to `name`), too_large. Duplicate keys,
// bytes that are not UTF-8, U+0000 in strings, numbers outside double and anything after the document are errors. A
// byte order mark at the start is skipped.
Result<Json> parse_json(std::string_view text, std::string_view name, const JsonLimits& limits = {});

// Reads the elements of a top-level array, or of the array in the top-level object's field `field`, one by one in
// constant memory from a file. Other fields of the top-level object are skipped without being kept (depth limit holds).
// `each(element, line)` is called for each element; an error from it ends the reading and is passed on.
// Errors: unavailable (file), invalid (not well-formed, no such array), too_large (one element over limits.bytes).
Result<void> read_json_array(const std::string& path, std::string_view field,
                             const std::function<Result<void>(Json element, std::size_t line)>& each,
                             const JsonLimits& limits = {},
                             const std::function<void(std::size_t bytes_read)>& progress = {});

}  // namespace verbund

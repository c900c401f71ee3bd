// SPDX-License-Identifier: EUPL-1.2
// Writing values into JSON and reading them back along one list of fields per struct (fields() in parts_fields.h and
// its neighbours): what is written and what is read cannot drift apart. Internal to directory/objects.
#pragma once

#include <cmath>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "directory/geography/area.h"
#include "directory/identity/object.h"
#include "kits/json/json.h"

namespace verbund::directory::archive {

// T is S or const S: a list of fields serves writing (const) and reading.
template <typename T, typename S>
concept Is = std::same_as<std::remove_const_t<T>, S>;

// Numbers whose range a reader checks.
struct Range {
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

class Writer {
 public:
  void field(const char* name, const std::string& value) {
    if (!value.empty()) out_.emplace(name, Json(value));
  }
  void field(const char* name, std::int64_t value, Range = {}) {
    if (value != 0) out_.emplace(name, Json(value));
  }
  void field(const char* name, const std::optional<std::int64_t>& value, Range = {}) {
    if (value) out_.emplace(name, Json(*value));
  }
  void field(const char* name, int value, Range = {}) {
    if (value != 0) out_.emplace(name, Json(value));
  }
  void field(const char* name, const std::optional<double>& value, Range = {}) {
    if (value && std::isfinite(*value)) out_.emplace(name, Json(*value));
  }
  void field(const char* name, const std::optional<bool>& value) {
    if (value) out_.emplace(name, Json(*value));
  }
  void field(const char* name, const AreaKey& value) { field(name, value.digits()); }
  template <typename T>
  void field(const char* name, const std::vector<T>& list) {
    if (list.empty()) return;
    Json::Array array;
    array.reserve(list.size());
    for (const T& item : list) array.push_back(value_of(item));
    out_.emplace(name, Json(std::move(array)));
  }
  template <typename T>
  void field(const char* name, const std::optional<T>& value) {
    if (value) out_.emplace(name, value_of(*value));
  }
  template <typename T>
  void field(const char* name, const T& value) {  // a struct
    Json json = value_of(value);
    if (!json.if_object()->empty()) out_.emplace(name, std::move(json));
  }
  // An enumeration by its words; the first one is the default and left out.
  template <typename E, std::size_t n>
  void word(const char* name, const E& value, const std::pair<E, std::string_view> (&words)[n]) {
    for (std::size_t i = 1; i < n; ++i)
      if (words[i].first == value) out_.emplace(name, Json(words[i].second));
  }
  void level(const char* name, const AreaLevel& value) { out_.emplace(name, Json(directory::name(value))); }
  void reference(const char* name, ObjectKind kind, const ObjectId& id) {
    out_.emplace(name, Json(external_id(kind, id)));
  }
  void reference(const char* name, ObjectKind kind, const std::optional<ObjectId>& id) {
    if (id) reference(name, kind, *id);
  }
  void holder(const char* name, const ObjectKind& kind, const ObjectId& id) { reference(name, kind, id); }

  Json take() { return Json(std::move(out_)); }

 private:
  static Json value_of(const std::string& text) { return Json(text); }
  static Json value_of(const AreaKey& key) { return Json(key.digits()); }
  template <typename T>
  static Json value_of(const T& value) {
    Writer inner;
    fields(inner, value);
    return inner.take();
  }

  Json::Object out_;
};

template <typename T>
Json write(const T& object) {
  Writer writer;
  fields(writer, object);
  return writer.take();
}

// What all readers of one document share: where we are, and the first fault.
struct Reading {
  bool check_ranges = true;
  std::string path;              // "modules.fees[0].kind"
  std::optional<Error> error;

  void fault(std::string message) {
    if (!error) error = Error{ErrorCode::invalid, std::move(message), path, {}};
  }
};

// Lengthens the path while it lives.
class Place {
 public:
  Place(Reading& reading, std::string_view name) : reading_(reading), length_(reading.path.size()) {
    if (length_ > 0) reading_.path += '.';
    reading_.path += name;
  }
  Place(Reading& reading, std::size_t index) : reading_(reading), length_(reading.path.size()) {
    reading_.path += "[" + std::to_string(index) + "]";
  }
  ~Place() { reading_.path.resize(length_); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

 private:
  Reading& reading_;
  std::size_t length_;
};

class Reader {
 public:
  Reader(Reading& reading, const Json::Object& in) : reading_(reading), in_(in) {}

  void field(const char* name, std::string& value) { with(name, [&](const Json& json) { take(json, value); }); }
  void field(const char* name, std::int64_t& value, Range range = {}) {
    with(name, [&](const Json& json) { take_number(json, value, range); });
  }
  void field(const char* name, std::optional<std::int64_t>& value, Range range = {}) {
    with(name, [&](const Json& json) { take_number(json, value.emplace(), range); });
  }
  void field(const char* name, int& value, Range range = {}) {
    with(name, [&](const Json& json) {
      std::int64_t wide = 0;
      take_number(json, wide, range);
      if (!std::in_range<int>(wide)) reading_.fault("the number is out of range");
      value = static_cast<int>(wide);
    });
  }
  void field(const char* name, std::optional<double>& value, Range range = {}) {
    with(name, [&](const Json& json) {
      if (const auto* number = json.if_double()) {
        value = *number;
      } else if (const auto* whole = json.if_int()) {  // the canonical form of 54.0 is 54
        value = static_cast<double>(*whole);
      } else {
        return reading_.fault("a number is expected");
      }
      check(*value, range);
    });
  }
  void field(const char* name, std::optional<bool>& value) {
    with(name, [&](const Json& json) {
      if (const auto* yes = json.if_bool()) {
        value = *yes;
      } else {
        reading_.fault("true or false is expected");
      }
    });
  }
  void field(const char* name, AreaKey& value) { with(name, [&](const Json& json) { take(json, value); }); }
  template <typename T>
  void field(const char* name, std::vector<T>& list) {
    with(name, [&](const Json& json) {
      const auto* array = json.if_array();
      if (!array) return reading_.fault("a list is expected");
      list.reserve(array->size());
      for (std::size_t i = 0; i < array->size() && !reading_.error; ++i) {
        const Place place(reading_, i);
        take((*array)[i], list.emplace_back());
      }
    });
  }
  template <typename T>
  void field(const char* name, std::optional<T>& value) {
    with(name, [&](const Json& json) { take(json, value.emplace()); });
  }
  template <typename T>
  void field(const char* name, T& value) {
    with(name, [&](const Json& json) { take(json, value); });
  }
  template <typename E, std::size_t n>
  void word(const char* name, E& value, const std::pair<E, std::string_view> (&words)[n]) {
    with(name, [&](const Json& json) {
      std::string text;
      take(json, text);
      for (const auto& [known, said] : words)
        if (said == text) {
          value = known;
          return;
        }
      reading_.fault("unknown word");
    });
  }
  void level(const char* name, AreaLevel& value) {
    needed(name, [&](const Json& json) {
      std::string text;
      take(json, text);
      if (auto level = area_level_from_name(text)) {
        value = *level;
      } else {
        reading_.fault(level.error().message);
      }
    });
  }
  void reference(const char* name, ObjectKind kind, ObjectId& id) {
    needed(name, [&](const Json& json) { take_reference(json, kind, id); });
  }
  void reference(const char* name, ObjectKind kind, std::optional<ObjectId>& id) {
    with(name, [&](const Json& json) { take_reference(json, kind, id.emplace()); });
  }
  void holder(const char* name, ObjectKind& kind, ObjectId& id) {
    needed(name, [&](const Json& json) {
      std::string text;
      take(json, text);
      auto parsed = parse_external_id(text);
      if (!parsed) return reading_.fault(parsed.error().message);
      if (parsed->first != ObjectKind::unit && parsed->first != ObjectKind::online_service)
        return reading_.fault("a unit (OE) or an online service (OD) is expected");
      kind = parsed->first;
      id = std::move(parsed->second);
    });
  }

  // After the list of fields: what is left over is no field.
  void finish() {
    if (reading_.error || found_ == in_.size()) return;
    for (const auto& [name, value] : in_) {
      bool known = false;
      for (const char* seen : names_) known |= name == seen;
      if (known) continue;
      const Place place(reading_, cut(name));
      return reading_.fault("there is no such field");
    }
  }

 private:
  static std::string_view cut(std::string_view name) { return name.substr(0, 64); }

  template <typename F>
  bool with(const char* name, F&& take_value) {
    if (reading_.error) return true;
    const auto at = in_.find(std::string_view(name));
    if (at == in_.end()) return false;
    ++found_;
    names_.push_back(name);
    const Place place(reading_, name);
    take_value(at->second);
    return true;
  }
  template <typename F>
  void needed(const char* name, F&& take_value) {
    if (with(name, take_value)) return;
    const Place place(reading_, name);
    reading_.fault("the field is missing");
  }

  void take(const Json& json, std::string& value) {
    if (const auto* text = json.if_string()) {
      value = *text;
    } else {
      reading_.fault("a text is expected");
    }
  }
  void take(const Json& json, AreaKey& value) {
    std::string text;
    take(json, text);
    auto key = AreaKey::parse(text);
    if (!key) return reading_.fault(key.error().message);
    if (key->digits() != text) return reading_.fault("the regional key is not in its shortest form");
    value = std::move(*key);
  }
  void take_number(const Json& json, std::int64_t& value, Range range) {
    const auto* number = json.if_int();
    if (!number) return reading_.fault("a whole number is expected");
    value = *number;
    check(static_cast<double>(value), range);
  }
  void take_reference(const Json& json, ObjectKind kind, ObjectId& id) {
    std::string text;
    take(json, text);
    if (reading_.error) return;
    if (auto parsed = parse_external_id(kind, text)) {
      id = std::move(*parsed);
    } else {
      reading_.fault(parsed.error().message);
    }
  }
  template <typename T>
  void take(const Json& json, T& value) {
    const auto* object = json.if_object();
    if (!object) return reading_.fault("an object is expected");
    Reader inner(reading_, *object);
    fields(inner, value);
    inner.finish();
  }
  void check(double value, Range range) {
    if (reading_.check_ranges && !(value >= range.least && value <= range.most))
      reading_.fault("the number is out of range");
  }

  Reading& reading_;
  const Json::Object& in_;
  std::size_t found_ = 0;
  std::vector<const char*> names_;
};

template <typename T>
Result<T> read(const Json& json, bool check_ranges) {
  Reading reading{.check_ranges = check_ranges, .path = {}, .error = {}};
  const auto* in = json.if_object();
  if (!in) return fail(ErrorCode::invalid, "an object is expected");
  T out;
  Reader reader(reading, *in);
  fields(reader, out);
  reader.finish();
  if (reading.error) return std::unexpected(std::move(*reading.error));
  return out;
}

// A body of the store was made by to_body: its ranges were the business of the format it came from.
template <typename T>
Result<T> read_body(std::string_view body) {
  auto json = parse_json(body, "body");
  if (!json) return pass(json);
  return read<T>(*json, false);
}

}  // namespace verbund::directory::archive

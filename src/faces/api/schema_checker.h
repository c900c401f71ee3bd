// SPDX-License-Identifier: EUPL-1.2
// For tests: does a JSON value hold a schema of openapi.json? Knows the words of JSON Schema that our description uses
// and takes an unknown word for a mistake, so that no rule of the description goes unchecked.
#pragma once

#include <cstdint>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "kits/json/json.h"

namespace verbund::api {

class SchemaChecker {
 public:
  explicit SchemaChecker(const Json& description) : description_(description) {}

  // One line per finding, empty if `value` holds `schema`.
  std::vector<std::string> check(const Json& value, const Json& schema) {
    findings_.clear();
    walk(value, schema, "$");
    return findings_;
  }

 private:
  void walk(const Json& value, const Json& schema, const std::string& at) {
    static const std::set<std::string, std::less<>> known = {
        "$ref",    "type",     "enum",     "required",    "properties", "additionalProperties", "items",     "anyOf",
        "pattern", "minimum",  "maximum",  "description", "default",    "format",               "minLength", "maxLength",
        "title",   "minItems", "maxItems", "example"};
    if (schema.if_object() == nullptr) return report(at, "the schema is no object");
    for (const auto& [word, unused] : *schema.if_object()) {
      if (!known.contains(word)) report(at, "unknown schema word " + word);
    }
    if (const Json* reference = schema.find("$ref")) return walk(value, resolve(*reference, at), at);
    if (const Json* types = schema.find("type"); types != nullptr && !has_type(value, *types)) {
      return report(at, "is " + value.to_canonical().substr(0, 60) + ", not " + types->to_canonical());
    }
    if (const Json* choices = schema.find("enum")) any_of_values(value, *choices, at);
    if (const Json* choices = schema.find("anyOf")) any_of(value, *choices, at);
    if (const std::string* text = value.if_string(); text != nullptr && schema.find("pattern") != nullptr) {
      const std::string pattern(schema.text_or("pattern"));
      if (!std::regex_search(*text, std::regex(pattern))) report(at, "\"" + *text + "\" does not match " + pattern);
    }
    range(value, schema, at);
    size(value, schema, at);
    if (value.if_object() != nullptr) object(value, schema, at);
    if (const auto* list = value.if_array(); list != nullptr && schema.find("items") != nullptr) {
      for (std::size_t i = 0; i < list->size(); ++i)
        walk((*list)[i], schema["items"], at + "[" + std::to_string(i) + "]");
    }
  }

  void object(const Json& value, const Json& schema, const std::string& at) {
    if (const auto* required = schema["required"].if_array()) {
      for (const Json& name : *required) {
        if (value.find(*name.if_string()) == nullptr) report(at, "has no " + *name.if_string());
      }
    }
    const bool* more = schema["additionalProperties"].if_bool();
    for (const auto& [name, field] : *value.if_object()) {
      const Json* others = schema.find("additionalProperties");
      if (const Json* inner = schema["properties"].find(name)) walk(field, *inner, at + "." + name);
      else if (others != nullptr && others->if_object() != nullptr) walk(field, *others, at + "." + name);
      else if (more != nullptr && !*more) report(at, "has " + name + ", which the description does not know");
    }
  }

  // minLength, maxLength (in bytes: enough for what is described), minItems, maxItems, format.
  void size(const Json& value, const Json& schema, const std::string& at) {
    const auto limit = [&](const char* word, std::int64_t otherwise) {
      const Json* found = schema.find(word);
      return found == nullptr ? otherwise : *found->if_int();
    };
    if (const std::string* text = value.if_string()) {
      const auto length = static_cast<std::int64_t>(text->size());
      if (length < limit("minLength", 0) || length > limit("maxLength", INT64_MAX)) report(at, "has the wrong length");
      static const std::map<std::string, std::regex, std::less<>> formats = {
          {"uuid", std::regex("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")},
          {"uri", std::regex("^[a-z][a-z0-9+.-]*:\\S+$")},
          {"email", std::regex("^[^@\\s]+@[^@\\s]+$")},
          {"date-time", std::regex("^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)$")}};
      const auto format = formats.find(schema.text_or("format"));
      if (format != formats.end() && !std::regex_search(*text, format->second)) {
        report(at, "\"" + *text + "\" is no " + format->first);
      }
    }
    if (const auto* list = value.if_array()) {
      const auto items = static_cast<std::int64_t>(list->size());
      if (items < limit("minItems", 0) || items > limit("maxItems", INT64_MAX)) report(at, "has too few or too many items");
    }
  }

  static double as_number(const Json& value) {
    return value.if_int() != nullptr ? static_cast<double>(*value.if_int()) : *value.if_double();
  }

  void range(const Json& value, const Json& schema, const std::string& at) {
    if (value.if_int() == nullptr && value.if_double() == nullptr) return;
    const double number = as_number(value);
    if (const Json* least = schema.find("minimum"); least != nullptr && number < as_number(*least))
      report(at, "is too small");
    if (const Json* most = schema.find("maximum"); most != nullptr && number > as_number(*most))
      report(at, "is too large");
  }

  void any_of_values(const Json& value, const Json& choices, const std::string& at) {
    for (const Json& choice : *choices.if_array()) {
      if (choice == value) return;
    }
    report(at, value.to_canonical().substr(0, 60) + " is none of " + choices.to_canonical());
  }

  void any_of(const Json& value, const Json& choices, const std::string& at) {
    std::vector<std::string> all;
    for (const Json& choice : *choices.if_array()) {
      SchemaChecker inner(description_);
      const auto findings = inner.check(value, choice);
      if (findings.empty()) return;
      all.insert(all.end(), findings.begin(), findings.end());
    }
    report(at, "fits no choice: " + (all.empty() ? "" : all.front()));
  }

  static bool is(const Json& value, std::string_view type) {
    if (type == "null") return value.is_null();
    if (type == "boolean") return value.if_bool() != nullptr;
    if (type == "integer") return value.if_int() != nullptr;
    if (type == "number") return value.if_int() != nullptr || value.if_double() != nullptr;
    if (type == "string") return value.if_string() != nullptr;
    if (type == "array") return value.if_array() != nullptr;
    return type == "object" && value.if_object() != nullptr;
  }

  static bool has_type(const Json& value, const Json& types) {
    if (const std::string* one = types.if_string()) return is(value, *one);
    for (const Json& each : *types.if_array()) {
      if (is(value, *each.if_string())) return true;
    }
    return false;
  }

  const Json& resolve(const Json& reference, const std::string& at) {
    static const Json nothing;
    const std::string text = reference.if_string() != nullptr ? *reference.if_string() : "";
    const std::string prefix = "#/components/schemas/";
    const Json* found =
        text.starts_with(prefix) ? description_["components"]["schemas"].find(text.substr(prefix.size())) : nullptr;
    if (found == nullptr) report(at, "refers to nothing: " + text);
    return found == nullptr ? nothing : *found;
  }

  void report(const std::string& at, const std::string& what) { findings_.push_back(at + " " + what); }

  const Json& description_;
  std::vector<std::string> findings_;
};

}  // namespace verbund::api

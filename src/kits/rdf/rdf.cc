// SPDX-License-Identifier: EUPL-1.2
#include "kits/rdf/rdf.h"

#include <algorithm>
#include <cstdio>

namespace verbund::rdf {
namespace {

// Turtle 1.1, IRIREF: no controls, space, <>"{}|^`\ in an address; percent-encoded, so that both forms agree.
std::string clean_iri(std::string_view iri) {
  std::string out;
  for (const char c : iri) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte <= 0x20 || std::string_view("<>\"{}|^`\\").find(c) != std::string_view::npos) {
      char escaped[4];
      std::snprintf(escaped, sizeof escaped, "%%%02X", byte);
      out += escaped;
    } else {
      out += c;
    }
  }
  return out;
}

// Turtle 1.1, STRING_LITERAL_QUOTE.
std::string quoted(std::string_view content) {
  std::string out = "\"";
  for (const char c : content) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
          char escaped[8];
          std::snprintf(escaped, sizeof escaped, "\\u%04X", static_cast<unsigned>(static_cast<unsigned char>(c)));
          out += escaped;
        } else {
          out += c;
        }
    }
  }
  return out + "\"";
}

std::string turtle_value(const Value& value) {
  if (value.kind == Value::Kind::thing) return "<" + clean_iri(value.content) + ">";
  std::string out = quoted(value.content);
  if (!value.language.empty()) return out + "@" + value.language;
  if (!value.type.empty()) return out + "^^" + value.type;
  return out;
}

Json json_value(const Value& value) {
  if (value.kind == Value::Kind::thing) return Json::object({{"@id", clean_iri(value.content)}});
  if (!value.language.empty()) return Json::object({{"@value", value.content}, {"@language", value.language}});
  if (!value.type.empty()) return Json::object({{"@value", value.content}, {"@type", value.type}});
  return Json::object({{"@value", value.content}});
}

}  // namespace

Value thing(std::string iri) { return {Value::Kind::thing, std::move(iri), {}, {}}; }
Value text(std::string content, std::string language) {
  return {Value::Kind::text, std::move(content), std::move(language), {}};
}
Value typed(std::string content, std::string type) { return {Value::Kind::text, std::move(content), {}, std::move(type)}; }

Node& Node::say(std::string property, Value value) {
  if (value.content.empty()) return *this;
  std::pair<std::string, Value> statement(std::move(property), std::move(value));
  if (std::find(statements.begin(), statements.end(), statement) == statements.end())
    statements.push_back(std::move(statement));
  return *this;
}

std::string turtle_head(std::span<const Prefix> prefixes) {
  std::string out;
  for (const Prefix& prefix : prefixes)
    out += "@prefix " + std::string(prefix.name) + ": <" + std::string(prefix.address) + "> .\n";
  return out;
}

std::string turtle(const Node& node) {
  std::string out = "\n<" + clean_iri(node.iri) + ">\n  a ";
  for (std::size_t i = 0; i < node.types.size(); ++i) out += (i == 0 ? "" : ", ") + node.types[i];
  for (const auto& [property, value] : node.statements) out += " ;\n  " + property + " " + turtle_value(value);
  return out + " .\n";
}

Json json_ld_context(std::span<const Prefix> prefixes) {
  Json out = Json::object({});
  for (const Prefix& prefix : prefixes) out.set(std::string(prefix.name), prefix.address);
  return out;
}

Json json_ld(const Node& node) {
  Json types = Json::array({});
  for (const std::string& type : node.types) types.push(type);
  Json out = Json::object({{"@id", clean_iri(node.iri)}, {"@type", std::move(types)}});
  for (const auto& [property, value] : node.statements) {
    Json values = out[property].is_null() ? Json::array({}) : out[property];
    values.push(json_value(value));
    out.set(property, std::move(values));
  }
  return out;
}

}  // namespace verbund::rdf

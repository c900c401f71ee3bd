// SPDX-License-Identifier: EUPL-1.2
// Statements about things, written as Turtle or JSON-LD. Names of types and properties are prefixed ("dct:title").
// Source: RDF 1.1 Turtle (W3C, 2014); JSON-LD 1.1 (W3C, 2020). One graph, no blank nodes: every thing has an IRI.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "kits/json/json.h"

namespace verbund::rdf {

struct Prefix {
  std::string_view name;       // "dct"
  std::string_view address;    // "http://purl.org/dc/terms/"
};

struct Value {
  enum class Kind { thing, text };
  Kind kind = Kind::text;
  std::string content;         // IRI of a thing, else the text (UTF-8)
  std::string language;        // BCP 47; empty: none
  std::string type;            // prefixed datatype of a text without language; empty: a plain string
  auto operator<=>(const Value&) const = default;
};
Value thing(std::string iri);
Value text(std::string content, std::string language = {});
Value typed(std::string content, std::string type);

struct Node {
  std::string iri;
  std::vector<std::string> types;                            // at least one
  std::vector<std::pair<std::string, Value>> statements;     // in order; one said twice is written once
  Node& say(std::string property, Value value);              // a text that is empty is not said
};

// "@prefix" lines.
std::string turtle_head(std::span<const Prefix> prefixes);
// One node, ended by " .\n". Requires: the prefixes are in the head. Characters that an IRI must not hold are escaped.
std::string turtle(const Node& node);

// {"@context": {...}, "@graph": [...]}: nodes in order.
Json json_ld_context(std::span<const Prefix> prefixes);
Json json_ld(const Node& node);

}  // namespace verbund::rdf

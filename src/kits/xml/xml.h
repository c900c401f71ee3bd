// SPDX-License-Identifier: EUPL-1.2
// XML in and out. libxml2 does the parsing, in xml.cc only: no network, no DTD, no entities but the five of XML 1.0.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::xml {

struct Attribute {
  std::string name;  // local name
  std::string ns;    // namespace address, empty if none
  std::string value;
};

// One element as a plain value. `text` is all direct character data joined, in order (mixed content keeps no position).
struct Element {
  std::string name;  // local name
  std::string ns;    // namespace address, empty if none
  std::size_t line = 0;
  std::vector<Attribute> attributes;
  std::vector<Element> children;
  std::string text;

  const Element* child(std::string_view local_name) const;           // the first, any namespace; null if none
  std::vector<const Element*> all(std::string_view local_name) const;  // in document order
  std::string_view attribute(std::string_view local_name) const;       // "" if none
  std::string_view child_text(std::string_view local_name) const;      // trimmed; "" if none
};

struct Limits {
  std::size_t element_bytes = 8u << 20;  // text and names of one element handed out
  std::size_t depth = 64;
  std::size_t attributes = 64;           // of one element
};

// Reads a file of the shape <root> item* </root> of any size in constant memory. `root` is called first with the root's
// name, namespace and attributes (no children), then `item` for each child element of the root with everything in it.
// An error from either ends the reading and is passed on.
// Errors: unavailable (file), invalid (not well-formed, DTD, encoding not UTF-8/UTF-16/ISO-8859-1; `where` is
// "path:line"), too_large (limits). Items before a fault have been handed out already: callers work in a transaction.
Result<void> read_items(const std::string& path, const std::function<Result<void>(const Element& root)>& root,
                        const std::function<Result<void>(const Element& item)>& item, const Limits& limits = {},
                        const std::function<void(std::size_t bytes_read)>& progress = {});

// The same for a document in memory; `name` stands for the path in errors.
Result<void> read_items_from_memory(std::string_view bytes, std::string_view name,
                                    const std::function<Result<void>(const Element& root)>& root,
                                    const std::function<Result<void>(const Element& item)>& item,
                                    const Limits& limits = {});

// Writes XML as it goes: UTF-8, two spaces of indent, a line per element, text escaped; deterministic.
// Requires: text is UTF-8 without control characters other than tab and line feed (others are dropped).
class Writer {
 public:
  explicit Writer(std::function<void(std::string_view)> sink);  // called with pieces of at most 64 KiB + one text
  ~Writer();
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

  void open(std::string_view qualified_name);                            // <xzufi:leistung
  void attribute(std::string_view qualified_name, std::string_view value);  // right after open only
  void text(std::string_view content);
  void close();                                                          // </...> or />
  void leaf(std::string_view qualified_name, std::string_view content);  // open, text, close
  void finish();                                                         // Requires: everything closed. Flushes.

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::xml

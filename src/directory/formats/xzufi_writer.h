// SPDX-License-Identifier: EUPL-1.2
// Writing XZuFi 2.3.1: what the standard has under its names, the little it has no element for in the extension
// namespace. Strict and deterministic: the same object gives the same bytes, and reading them gives the object.
// Internal to formats.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"
#include "kits/xml/xml.h"

namespace verbund::directory::xzufi {

// Elements of XZuFi, one call per shape of part. Names are without prefix; what is empty is not written.
class Out {
 public:
  explicit Out(xml::Writer& writer) : writer_(writer) {}

  void open(std::string_view name, std::string_view type = {});  // type: xsi:type without prefix
  void close() { writer_.close(); }
  void attribute(std::string_view qualified_name, std::string_view value);
  void leaf(std::string_view name, std::string_view content);
  void raw_text(std::string_view content) { writer_.text(content); }  // into the open element
  void language(std::string_view code);                               // attribute languageCode
  void language_text(std::string_view code);                          // the same as text
  void number(std::string_view name, std::optional<std::int64_t> value);
  void flag(std::string_view name, std::optional<bool> value);
  void texts(std::string_view name, const LocalisedTexts& texts);
  // A code of a list whose address we know, or "".
  void code(std::string_view name, std::string_view code, std::string_view list_uri = {},
            std::string_view version = {});
  void codes(std::string_view name, const std::vector<std::string>& codes, std::string_view list_uri = {});
  void code(std::string_view name, const Code& code);      // also an empty one
  void codes(std::string_view name, const std::vector<Code>& codes);
  void code_body(const Code& code);                        // into the open element
  void identifier(std::string_view name, const Identifier& id);  // also an empty one
  void identifiers(std::string_view name, const std::vector<Identifier>& ids);
  void scheme_attributes(const Identifier& id);
  void object_id(std::string_view name, const ObjectId& id, std::string_view scheme);
  void areas(std::string_view name, const std::vector<AreaKey>& areas);
  void periods(const std::vector<Period>& periods);
  void links(std::string_view name, const std::vector<Link>& links);
  void version(const VersionInfo& version);
  void languages(const std::vector<LanguageVersion>& versions);

  // The extension namespace, prefix vb.
  void extension(std::string_view name, std::string_view content);
  void extension_texts(std::string_view name, const LocalisedTexts& texts);

 private:
  std::string_view qualified(std::string_view prefix, std::string_view name);
  void texts_as(std::string_view prefix, std::string_view name, const LocalisedTexts& texts);
  void version_body(const VersionInfo& version);
  xml::Writer& writer_;
  std::string name_;
};

void write_modules(Out& out, const Modules& modules);
void write_object(Out& out, const Service& service);
void write_object(Out& out, const Specialisation& specialisation);
void write_object(Out& out, const OrganisationalUnit& unit);
void write_object(Out& out, const OnlineService& service);
void write_object(Out& out, const Responsibility& responsibility);

// A whole transfer message: header, then one schreibe or loesche for each object, then end.
class MessageWriter {
 public:
  // `uuid`: nachrichtUUID. The time of creation is a fixed value: an export tells a state, not a moment, and must give
  // the same bytes whenever it runs.
  MessageWriter(std::function<void(std::string_view)> sink, std::string_view uuid);

  template <typename T>
  void write(const T& object) {
    out_.open("schreibe");
    write_object(out_, object);
    out_.close();
  }
  void remove(ObjectKind kind, const ObjectId& id);
  void end();

 private:
  xml::Writer writer_;
  Out out_;
};

}  // namespace verbund::directory::xzufi

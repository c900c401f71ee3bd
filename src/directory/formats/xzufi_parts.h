// SPDX-License-Identifier: EUPL-1.2
// Reading XZuFi: the small parts that every object is made of. Generous: names are compared without regard to case and
// namespace (2.2.0 writes `verrichtungLeiKa`, 2.3.1 `verrichtungLeika`; `code` and `name` stand in no namespace),
// unknown elements are passed over, codes may stand in a <code> child or be the text itself.
// Internal to the XZuFi reader.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/geography/area.h"
#include "directory/identity/object.h"
#include "kits/xml/xml.h"

namespace verbund::directory::xzufi {

using xml::Element;
using Names = std::initializer_list<std::string_view>;  // the first is the name we write, the others are accepted

// Our own elements, ignored by other readers; the list is in docs/protocols/xzufi.md.
inline constexpr std::string_view extension_ns = "urn:verbund:xzufi-extension:1";

// What reading one object knows from around it, and the first thing found wrong with it. Reading goes on after a fault
// with an empty value; whoever reads the object looks at fault() in the end and skips it.
class Scope {
 public:
  // `agency`: for identifiers without schemeAgencyID, may be empty. `area_of_ags`: the area of an 8-digit municipality
  // key, nothing if unknown.
  using AreaOfAgs = std::function<std::optional<AreaKey>(std::string_view ags)>;
  explicit Scope(std::string agency_for_ids, AreaOfAgs area_of_ags = {})
      : agency(std::move(agency_for_ids)), area_of_ags_(std::move(area_of_ags)) {}

  struct Fault {
    std::size_t line = 0;
    std::string reason;  // German sentence
  };
  void fault(const Element& at, std::string reason) {
    if (!fault_) fault_ = Fault{at.line, std::move(reason)};
  }
  const std::optional<Fault>& fault() const { return fault_; }
  std::optional<AreaKey> area_of_ags(std::string_view ags) const {
    return area_of_ags_ ? area_of_ags_(ags) : std::nullopt;
  }
  const AreaOfAgs& resolver() const { return area_of_ags_; }

  std::string agency;

 private:
  AreaOfAgs area_of_ags_;
  std::optional<Fault> fault_;
};

// Lower-case BCP 47: "DE" -> "de", "deu" -> "de", "de-DE" -> "de"; all ways to write Leichte Sprache ("de-LS",
// "de_LS", "de-x-ls", "de-leicht", "deu-ls" ...) -> "de-simple". Empty if it is no language code.
std::string normal_language(std::string_view code);

// Children by name, in document order.
const Element* child(const Element& parent, Names names);  // the first, null if none
std::vector<const Element*> children(const Element& parent, Names names);

std::string text_of(const Element& element);                  // trimmed
std::string child_text(const Element& parent, Names names);   // of the first, "" if none
std::string code_of(const Element& element);                  // <code>, also nested, else the text
std::string child_code(const Element& parent, Names names);
std::vector<std::string> child_codes(const Element& parent, Names names);  // empty ones left out
Code full_code(const Element& element);
std::vector<Code> full_codes(const Element& parent, Names names);

Identifier identifier(const Element& element);  // the element, or its child <id>
std::optional<Identifier> child_identifier(const Element& parent, Names names);
std::vector<Identifier> identifiers(const Element& parent, Names names);

// Faults: no value, no agency, characters that an object id cannot have.
ObjectId object_id(Scope& scope, const Element& at);
// The object's own id; identifiers within it without agency are of the same.
ObjectId own_id(Scope& scope, const Element& object);
std::optional<ObjectId> child_object_id(Scope& scope, const Element& parent, Names names);

// One text per language; several of one language are joined (by a line feed, HTML by nothing). Without
// languageCode: "de".
LocalisedTexts texts(Scope& scope, const Element& parent, Names names);
LocalisedTexts html_texts(Scope& scope, const Element& parent, Names names);  // sanitised
// languageCode as attribute or child, normalised; "" if there is none.
std::string language_of(Scope& scope, const Element& element);

std::optional<std::int64_t> number(Scope& scope, const Element& parent, Names names);
std::optional<bool> flag(Scope& scope, const Element& parent, Names names);  // true false 1 0
std::string moment(Scope& scope, const Element& parent, Names names);        // xs:date or xs:dateTime as delivered
std::string day(Scope& scope, const Element& parent, Names names);           // "2024-06-10"
std::string day_of(Scope& scope, const Element& element);

std::vector<Period> periods(Scope& scope, const Element& parent, Names names = {"gueltigkeit"});
std::vector<Link> links(Scope& scope, const Element& parent, Names names);
VersionInfo version_info(Scope& scope, const Element& at);      // at: the element that has erstelltDatumZeit ...
VersionInfo child_version_info(Scope& scope, const Element& parent);
std::vector<LanguageVersion> language_versions(Scope& scope, const Element& parent);
// Faults: a key that is none, an AGS without known area.
std::vector<AreaKey> areas(Scope& scope, const Element& parent, Names names);

// "xzufi:KostenFix" -> "KostenFix": the xsi:type, "" if none.
std::string_view type_of(const Element& element);

}  // namespace verbund::directory::xzufi

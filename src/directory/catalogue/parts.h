// SPDX-License-Identifier: EUPL-1.2
// The small values that services, units and online services are made of.
// Source: XZuFi 2.2.0 and 2.3.1 (names in brackets); the model is the union of both.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace verbund::directory {

// A text in one language. Languages are BCP 47 in lower case: "de", "en", "de-simple" (Leichte Sprache; registered
// variant), "tr" ... HTML fields hold the result of html::sanitise, others plain UTF-8.
struct LocalisedText {
  std::string language;
  std::string text;
  bool operator==(const LocalisedText&) const = default;
};
using LocalisedTexts = std::vector<LocalisedText>;  // at most one per language, in the order delivered

// [Identifikator] `value` plus what the source said about its scheme; empty = not given.
struct Identifier {
  std::string value;
  std::string agency;        // schemeAgencyID
  std::string agency_name;   // schemeAgencyName
  std::string data_uri;      // schemeDataURI
  std::string scheme;        // schemeID
  std::string scheme_name;   // schemeName
  std::string scheme_uri;    // schemeURI
  std::string scheme_version;  // schemeVersionID
  bool operator==(const Identifier&) const = default;
};

// [Code]
struct Code {
  std::string list_uri;
  std::string list_version;
  std::string code;
  std::string name;
  bool operator==(const Code&) const = default;
};

// [HyperlinkErweitert]
struct Link {
  std::string language;      // empty: any
  std::string uri;
  std::string title;
  std::string description;
  std::optional<std::int64_t> position;
  bool operator==(const Link&) const = default;
};

// [Zeitraum] xs:dateTime or xs:date as delivered; empty = open.
struct Period {
  std::string begin;
  std::string end;
  LocalisedTexts note;
  bool operator==(const Period&) const = default;
};

// [Versionsinformation]
struct VersionInfo {
  std::string created_at, created_by, changed_at, changed_by, version;
  bool operator==(const VersionInfo&) const = default;
};

// [Sprachversion]
struct LanguageVersion {
  std::string language, name_german, name_native;
  VersionInfo version;
  std::string translated_from;       // [originalSprache]
  std::string translated_from_id;    // [originalID]
  std::string translated_by;         // [uebersetztDurch]
  bool operator==(const LanguageVersion&) const = default;
};

// What every module of a service has. [positionDarstellung, id, idSekundaer, gueltigkeit, zugangskanal]
struct ModuleHead {
  std::string channel;               // 2.3.1: "000", "100", "200"
  std::optional<std::int64_t> position;
  std::optional<Identifier> id;
  std::vector<Identifier> secondary_ids;
  std::vector<Period> validity;
  bool operator==(const ModuleHead&) const = default;
};

// [Anschrift] kind "001" house, "002" visitors, "003" post box, "004" bulk, "005" deliveries, "006" post.
struct Address {
  std::string kind;
  std::string street, house_number, post_box, postal_code, city, country, supplement, district;
  std::string area;                  // ARS digits as delivered, may be empty
  std::string municipality;          // AGS, may be empty
  std::optional<double> latitude;    // WGS 84 degrees
  std::optional<double> longitude;
  std::string geo_source;            // how the point was obtained, may be empty
  std::optional<bool> wheelchair_access;
  std::optional<bool> lift;
  LocalisedTexts directions;         // HTML
  LocalisedTexts public_transport, parking;
  bool operator==(const Address&) const = default;
};

// [Kommunikation] channel: "phone", "mobile", "fax", "email", "web", "demail", "contact_form", or the code delivered.
struct Contact {
  std::string channel;
  std::string value;
  LocalisedTexts note;
  bool operator==(const Contact&) const = default;
};

// One span of opening hours, repeated weekly. Times are wall time in Europe/Berlin.
struct OpeningHours {
  int weekday = 0;                   // 1 Monday ... 7 Sunday
  std::string opens, closes;         // "08:00", "12:30"; opens < closes
  std::string kind;                  // "" open for visitors, "phone", "appointment"
  LocalisedTexts note;
  bool operator==(const OpeningHours&) const = default;
};

}  // namespace verbund::directory

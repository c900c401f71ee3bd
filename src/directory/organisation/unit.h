// SPDX-License-Identifier: EUPL-1.2
// Organisational units: authorities and their offices.
// Source: XZuFi 2.2.0/2.3.1 organisationseinheit, onlinedienst (German names in brackets).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/catalogue/parts.h"
#include "directory/identity/object.h"

namespace verbund::directory {

struct OrganisationalUnit {
  ObjectId id;
  std::vector<Identifier> secondary_ids;
  std::optional<ObjectId> parent;     // [uebergeordneteOrganisationseinheitID]
  LocalisedTexts name;
  LocalisedTexts short_name;
  std::vector<std::string> other_names;
  LocalisedTexts description;         // HTML
  std::string kind;                   // office kind as the source names it ("Bürgeramt"), may be empty
  std::vector<Code> categories;
  std::vector<Address> addresses;     // the first of kind 002, else 001, else the first is the one to visit
  std::vector<Contact> contacts;
  std::vector<OpeningHours> hours;
  LocalisedTexts hours_text;          // HTML, where the source gives prose
  LocalisedTexts notes;               // HTML
  std::vector<Link> links;            // appointment, map, more
  std::vector<std::string> payment_methods;  // "cash", "girocard", "credit_card", "machine", "online", or as delivered
  VersionInfo version;
  std::vector<LanguageVersion> languages;
  std::vector<Period> validity;
  bool operator==(const OrganisationalUnit&) const = default;
};

// The address to visit, or null.
const Address* visiting_address(const OrganisationalUnit& unit);

struct OnlineServiceLink {            // [onlinedienst/link]
  std::string kind;                   // code of urn:xoev-de:fim:codeliste:onlinedienstlinktyp
  std::string language;
  std::string uri;
  std::string title;
  bool operator==(const OnlineServiceLink&) const = default;
};

struct OnlineServiceParameter {       // EfA parameter: name and value as delivered
  std::string name;
  std::string value;
  bool operator==(const OnlineServiceParameter&) const = default;
};

struct OnlineService {
  ObjectId id;
  std::vector<Identifier> secondary_ids;
  std::string purpose;                // "apply" (default), "appointment": what the link is for
  LocalisedTexts title;
  LocalisedTexts description;         // HTML
  std::vector<OnlineServiceLink> links;
  std::string assurance_level;        // 00 10 15 20 30 40
  std::vector<std::string> payment_methods;
  std::vector<OnlineServiceParameter> parameters;
  std::optional<ObjectId> unit;       // who runs it
  VersionInfo version;
  std::vector<LanguageVersion> languages;
  std::vector<Period> validity;
  bool operator==(const OnlineService&) const = default;
};

}  // namespace verbund::directory

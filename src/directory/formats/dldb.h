// SPDX-License-Identifier: EUPL-1.2
// Entries of a DLDB catalogue (services and locations as Berlin and Munich publish them) as our objects.
// Source: dldb-service.schema.json of the Berlin service database; the files of Berlin (2016) and Munich (2026).
// The two cities fill different fields, numbers come as text and missing texts as false or null: reading is tolerant
// about types and strict about identity.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "kits/json/json.h"

namespace verbund::directory {

struct DldbAuthority {
  std::string id;    // of the source
  std::string name;  // empty: Berlin gives ids only
  std::string web;   // address, may be empty
};

struct DldbService {
  Service service;
  // Appointment page ("<id>-termin"), applications ("<id>-online", "<id>-online-2" ...).
  std::vector<OnlineService> online;
  std::vector<DldbAuthority> authorities;
  struct Place { std::string location; DldbAuthority authority; };
  std::vector<Place> places;            // where it is offered
  std::vector<std::string> remarks;     // German sentences: what was left out
};

struct DldbLocation {
  OrganisationalUnit unit;              // without parent
  DldbAuthority authority;              // id may be empty
  struct Offer { std::string service, online_link; };  // online_link: an application of this location, may be empty
  std::vector<Offer> services;
  std::vector<std::string> remarks;
};

// Errors: invalid (no object, no id, no name), a German sentence.
Result<DldbService> read_dldb_service(const Json& entry, std::string_view agency);
Result<DldbLocation> read_dldb_location(const Json& entry, std::string_view agency);

// The authority itself as a unit: local id "behoerde-<id>". Requires: a name. Errors: invalid (id).
Result<OrganisationalUnit> dldb_authority_unit(const DldbAuthority& authority, std::string_view agency);

// An online service with one link; `local` is its local id. Errors: invalid (id).
Result<OnlineService> dldb_online_service(std::string_view agency, std::string local, std::string purpose,
                                          std::string title, std::string uri, std::string_view language);

}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
// Objects as canonical JSON bodies (RFC 8785) and back: the form in the store, in the JSON export and in the log.
// Empty texts, empty lists and absent values are left out; unknown fields are an error. Field names are those of the
// structs; an id is its external form ("L100002.LB.1"), a Responsibility's holder_kind is in the letters of `holder`.
// body(from_body(b)) == b for every canonical b, and from_body(body(x)) == x.
#pragma once

#include <string>
#include <string_view>

#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"
#include "kits/json/json.h"

namespace verbund::directory {

Json to_json(const Service& object);
Json to_json(const Specialisation& object);
Json to_json(const OrganisationalUnit& object);
Json to_json(const OnlineService& object);
Json to_json(const Responsibility& object);
Json to_json(const Area& area);
Json to_json(const PostalCodeEntry& entry);

// T: one of the types above. Errors: invalid, `where` is the path of the field ("modules.fees[0].kind").
template <typename T>
Result<T> from_json(const Json& json);

template <typename T>
std::string to_body(const T& object) { return to_json(object).to_canonical(); }
// For bodies that to_body made: as from_json, but the ranges of numbers are not looked at.
template <typename T>
Result<T> from_body(std::string_view body);

#define VERBUND_BODY(T) \
  template <> Result<T> from_json<T>(const Json& json); \
  template <> Result<T> from_body<T>(std::string_view body);
VERBUND_BODY(Service)
VERBUND_BODY(Specialisation)
VERBUND_BODY(OrganisationalUnit)
VERBUND_BODY(OnlineService)
VERBUND_BODY(Responsibility)
VERBUND_BODY(Area)
VERBUND_BODY(PostalCodeEntry)
#undef VERBUND_BODY

// The kind each type has.
template <typename T> inline constexpr ObjectKind kind_of = ObjectKind::service;
template <> inline constexpr ObjectKind kind_of<Specialisation> = ObjectKind::specialisation;
template <> inline constexpr ObjectKind kind_of<OrganisationalUnit> = ObjectKind::unit;
template <> inline constexpr ObjectKind kind_of<OnlineService> = ObjectKind::online_service;
template <> inline constexpr ObjectKind kind_of<Responsibility> = ObjectKind::responsibility;

}  // namespace verbund::directory

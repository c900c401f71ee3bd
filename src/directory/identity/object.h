// SPDX-License-Identifier: EUPL-1.2
// What every published object of the directory has: kind and identity.
// Source: PVOG external identifiers `<agency>.<LB|OE|OD>.<local id>`; SP and ZS are our own letters.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>

#include "base/result.h"

namespace verbund::directory {

enum class ObjectKind { service, specialisation, unit, online_service, responsibility };
inline constexpr ObjectKind all_object_kinds[] = {ObjectKind::unit, ObjectKind::service, ObjectKind::specialisation,
                                                  ObjectKind::online_service, ObjectKind::responsibility};

// "LB", "SP", "OE", "OD", "ZS".
std::string_view letters(ObjectKind kind);
// "service", "specialisation", "unit", "online_service", "responsibility": in the store, in JSON, in messages.
std::string_view name(ObjectKind kind);
Result<ObjectKind> object_kind_from_name(std::string_view name);

// Unique within a kind. `agency` (XZuFi schemeAgencyID): 1-64 bytes, letters digits _ - only, starts with a letter or
// digit. `local`: 1-200 bytes of UTF-8 without white space or control characters. Compared bytewise.
struct ObjectId {
  std::string agency;
  std::string local;

  auto operator<=>(const ObjectId&) const = default;
  bool empty() const { return agency.empty() && local.empty(); }
};

// Errors: invalid, saying which part breaks which rule.
Result<ObjectId> make_object_id(std::string_view agency, std::string_view local);

// "L100002.LB.121345242"
std::string external_id(ObjectKind kind, const ObjectId& id);
Result<std::pair<ObjectKind, ObjectId>> parse_external_id(std::string_view text);
// The same, of the given kind only. Errors: invalid (another kind).
Result<ObjectId> parse_external_id(ObjectKind kind, std::string_view text);

}  // namespace verbund::directory

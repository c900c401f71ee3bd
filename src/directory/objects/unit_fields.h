// SPDX-License-Identifier: EUPL-1.2
// The fields of units, online services, responsibilities and areas, each list once. Internal to objects.
#pragma once

#include "directory/geography/area.h"
#include "directory/objects/parts_fields.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"

namespace verbund::directory {

template <typename A, Is<OrganisationalUnit> T>
void fields(A& a, T& o) {
  a.reference("id", ObjectKind::unit, o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.reference("parent", ObjectKind::unit, o.parent);
  a.field("name", o.name);
  a.field("short_name", o.short_name);
  a.field("other_names", o.other_names);
  a.field("description", o.description);
  a.field("kind", o.kind);
  a.field("categories", o.categories);
  a.field("addresses", o.addresses);
  a.field("contacts", o.contacts);
  a.field("hours", o.hours);
  a.field("hours_text", o.hours_text);
  a.field("notes", o.notes);
  a.field("links", o.links);
  a.field("payment_methods", o.payment_methods);
  a.field("version", o.version);
  a.field("languages", o.languages);
  a.field("validity", o.validity);
}

template <typename A, Is<OnlineServiceLink> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("language", o.language);
  a.field("uri", o.uri);
  a.field("title", o.title);
}

template <typename A, Is<OnlineServiceParameter> T>
void fields(A& a, T& o) {
  a.field("name", o.name);
  a.field("value", o.value);
}

template <typename A, Is<OnlineService> T>
void fields(A& a, T& o) {
  a.reference("id", ObjectKind::online_service, o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.field("purpose", o.purpose);
  a.field("title", o.title);
  a.field("description", o.description);
  a.field("links", o.links);
  a.field("assurance_level", o.assurance_level);
  a.field("payment_methods", o.payment_methods);
  a.field("parameters", o.parameters);
  a.reference("unit", ObjectKind::unit, o.unit);
  a.field("version", o.version);
  a.field("languages", o.languages);
  a.field("validity", o.validity);
}

template <typename A, Is<Responsibility> T>
void fields(A& a, T& o) {
  a.reference("id", ObjectKind::responsibility, o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.holder("holder", o.holder_kind, o.holder);
  a.reference("service", ObjectKind::service, o.service);
  a.field("areas", o.areas);
  a.field("role", o.role);
  a.field("validity", o.validity);
  a.field("note", o.note);
}

template <typename A, Is<Area> T>
void fields(A& a, T& o) {
  constexpr archive::Range not_negative{.least = 0};
  a.field("key", o.key);
  a.field("name", o.name);
  a.field("short_name", o.short_name);
  a.level("level", o.level);
  a.level("top_level", o.top_level);
  a.field("kind_code", o.kind_code);
  a.field("population", o.population, not_negative);
  a.field("hectares", o.hectares, not_negative);
  a.field("seat", o.seat);
  a.field("seat_postal_code", o.seat_postal_code);
  a.field("valid_from", o.valid_from);
  a.field("valid_until", o.valid_until);
  a.field("successor", o.successor);
  a.field("slug", o.slug);
}

template <typename A, Is<PostalCodeEntry> T>
void fields(A& a, T& o) {
  a.field("postal_code", o.postal_code);
  a.field("area", o.area);
  a.field("place", o.place);
}

}  // namespace verbund::directory

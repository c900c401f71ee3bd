// SPDX-License-Identifier: EUPL-1.2
// The fields of the structs in catalogue/parts.h, each list once for writing and reading. Internal to objects.
#pragma once

#include "directory/catalogue/parts.h"
#include "directory/objects/archive.h"

namespace verbund::directory {

using archive::Is;

template <typename A, Is<LocalisedText> T>
void fields(A& a, T& o) {
  a.field("language", o.language);
  a.field("text", o.text);
}

template <typename A, Is<Identifier> T>
void fields(A& a, T& o) {
  a.field("value", o.value);
  a.field("agency", o.agency);
  a.field("agency_name", o.agency_name);
  a.field("data_uri", o.data_uri);
  a.field("scheme", o.scheme);
  a.field("scheme_name", o.scheme_name);
  a.field("scheme_uri", o.scheme_uri);
  a.field("scheme_version", o.scheme_version);
}

template <typename A, Is<Code> T>
void fields(A& a, T& o) {
  a.field("list_uri", o.list_uri);
  a.field("list_version", o.list_version);
  a.field("code", o.code);
  a.field("name", o.name);
}

template <typename A, Is<Link> T>
void fields(A& a, T& o) {
  a.field("language", o.language);
  a.field("uri", o.uri);
  a.field("title", o.title);
  a.field("description", o.description);
  a.field("position", o.position);
}

template <typename A, Is<Period> T>
void fields(A& a, T& o) {
  a.field("begin", o.begin);
  a.field("end", o.end);
  a.field("note", o.note);
}

template <typename A, Is<VersionInfo> T>
void fields(A& a, T& o) {
  a.field("created_at", o.created_at);
  a.field("created_by", o.created_by);
  a.field("changed_at", o.changed_at);
  a.field("changed_by", o.changed_by);
  a.field("version", o.version);
}

template <typename A, Is<LanguageVersion> T>
void fields(A& a, T& o) {
  a.field("language", o.language);
  a.field("name_german", o.name_german);
  a.field("name_native", o.name_native);
  a.field("version", o.version);
  a.field("translated_from", o.translated_from);
  a.field("translated_from_id", o.translated_from_id);
  a.field("translated_by", o.translated_by);
}

template <typename A, Is<ModuleHead> T>
void fields(A& a, T& o) {
  a.field("channel", o.channel);
  a.field("position", o.position);
  a.field("id", o.id);
  a.field("secondary_ids", o.secondary_ids);
  a.field("validity", o.validity);
}

template <typename A, Is<Address> T>
void fields(A& a, T& o) {
  a.field("kind", o.kind);
  a.field("street", o.street);
  a.field("house_number", o.house_number);
  a.field("post_box", o.post_box);
  a.field("postal_code", o.postal_code);
  a.field("city", o.city);
  a.field("country", o.country);
  a.field("supplement", o.supplement);
  a.field("district", o.district);
  a.field("area", o.area);
  a.field("municipality", o.municipality);
  a.field("latitude", o.latitude, {-90, 90});
  a.field("longitude", o.longitude, {-180, 180});
  a.field("geo_source", o.geo_source);
  a.field("wheelchair_access", o.wheelchair_access);
  a.field("lift", o.lift);
  a.field("directions", o.directions);
  a.field("public_transport", o.public_transport);
  a.field("parking", o.parking);
}

template <typename A, Is<Contact> T>
void fields(A& a, T& o) {
  a.field("channel", o.channel);
  a.field("value", o.value);
  a.field("note", o.note);
}

template <typename A, Is<OpeningHours> T>
void fields(A& a, T& o) {
  a.field("weekday", o.weekday, {1, 7});
  a.field("opens", o.opens);
  a.field("closes", o.closes);
  a.field("kind", o.kind);
  a.field("note", o.note);
}

}  // namespace verbund::directory

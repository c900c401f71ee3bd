// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/body.h"
#include "directory/objects/unit_fields.h"

namespace verbund::directory {
Json to_json(const OrganisationalUnit& object) { return archive::write(object); }
Json to_json(const OnlineService& object) { return archive::write(object); }
Json to_json(const Responsibility& object) { return archive::write(object); }
Json to_json(const Area& area) { return archive::write(area); }
Json to_json(const PostalCodeEntry& entry) { return archive::write(entry); }

template <>
Result<OrganisationalUnit> from_json<OrganisationalUnit>(const Json& json) {
  return archive::read<OrganisationalUnit>(json, true);
}
template <>
Result<OrganisationalUnit> from_body<OrganisationalUnit>(std::string_view body) {
  return archive::read_body<OrganisationalUnit>(body);
}

template <>
Result<OnlineService> from_json<OnlineService>(const Json& json) {
  return archive::read<OnlineService>(json, true);
}
template <>
Result<OnlineService> from_body<OnlineService>(std::string_view body) {
  return archive::read_body<OnlineService>(body);
}

template <>
Result<Responsibility> from_json<Responsibility>(const Json& json) {
  return archive::read<Responsibility>(json, true);
}
template <>
Result<Responsibility> from_body<Responsibility>(std::string_view body) {
  return archive::read_body<Responsibility>(body);
}

template <>
Result<Area> from_json<Area>(const Json& json) {
  return archive::read<Area>(json, true);
}
template <>
Result<Area> from_body<Area>(std::string_view body) {
  return archive::read_body<Area>(body);
}

template <>
Result<PostalCodeEntry> from_json<PostalCodeEntry>(const Json& json) {
  return archive::read<PostalCodeEntry>(json, true);
}
template <>
Result<PostalCodeEntry> from_body<PostalCodeEntry>(std::string_view body) {
  return archive::read_body<PostalCodeEntry>(body);
}

}  // namespace verbund::directory

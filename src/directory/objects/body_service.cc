// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/body.h"
#include "directory/objects/service_fields.h"

namespace verbund::directory {
Json to_json(const Service& object) { return archive::write(object); }
Json to_json(const Specialisation& object) { return archive::write(object); }

template <>
Result<Service> from_json<Service>(const Json& json) {
  return archive::read<Service>(json, true);
}
template <>
Result<Service> from_body<Service>(std::string_view body) {
  return archive::read_body<Service>(body);
}

template <>
Result<Specialisation> from_json<Specialisation>(const Json& json) {
  return archive::read<Specialisation>(json, true);
}
template <>
Result<Specialisation> from_body<Specialisation>(std::string_view body) {
  return archive::read_body<Specialisation>(body);
}

}  // namespace verbund::directory

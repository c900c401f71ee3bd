// SPDX-License-Identifier: EUPL-1.2
// Any bytes as a body of each kind: an error, or an object that comes back the same from its own body.
#include "base/check.h"
#include "directory/objects/body.h"

namespace {

using namespace verbund::directory;

template <typename T>
void read_as(std::string_view bytes) {
  auto object = from_body<T>(bytes);
  if (!object) return;
  const std::string body = to_body(*object);
  auto back = from_body<T>(body);
  VERBUND_CHECK(back.has_value());
  VERBUND_CHECK(to_body(*back) == body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  read_as<Service>(bytes);
  read_as<Specialisation>(bytes);
  read_as<OrganisationalUnit>(bytes);
  read_as<OnlineService>(bytes);
  read_as<Responsibility>(bytes);
  read_as<Area>(bytes);
  read_as<PostalCodeEntry>(bytes);
  return 0;
}

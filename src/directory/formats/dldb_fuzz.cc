// SPDX-License-Identifier: EUPL-1.2
// Any JSON as a catalogue, its entries read as services and as offices: what comes out can be stored and read again.
#include "base/check.h"
#include "directory/formats/dldb.h"
#include "directory/objects/body.h"

namespace {

using namespace verbund;
using namespace verbund::directory;

template <typename T>
void expect_storable(const T& object) {
  const std::string body = to_body(object);
  auto back = from_body<T>(body);
  VERBUND_CHECK(back.has_value());
  VERBUND_CHECK(to_body(*back) == body);
}

void read_entry(const Json& entry) {
  if (auto service = read_dldb_service(entry, "F1")) {
    expect_storable(service->service);
    for (const auto& online : service->online) expect_storable(online);
  }
  if (auto location = read_dldb_location(entry, "F1")) {
    expect_storable(location->unit);
    if (auto authority = dldb_authority_unit(location->authority, "F1")) expect_storable(*authority);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  auto json = parse_json(bytes, "fuzz");
  if (!json) return 0;
  read_entry(*json);
  if (const auto* entries = (*json)["data"].if_array()) {
    for (const auto& entry : *entries) read_entry(entry);
  }
  return 0;
}

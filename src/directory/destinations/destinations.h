// SPDX-License-Identifier: EUPL-1.2
// Where a submission goes: the addresses (FIT-Connect destinations) that responsibilities carry. Derived from the store
// and kept in memory, brought up to date with the change feed; only responsibilities with an address cost memory.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "directory/finder/finder.h"
#include "directory/responsibility/responsibility.h"
#include "kits/store/store.h"

namespace verbund::directory {

// `signature`: a JWS in compact form (RFC 7515) as the portal of the delivery service signed it; whether the signature
// holds is for who sends to check, against the keys of that service. `id`: the UUID that its payload names.
struct Destination {
  std::string id;
  std::string signature;
  bool operator==(const Destination&) const = default;
};

// The scheme under which a responsibility's secondary id is such a signature. Source: FIT-Connect, XZuFi addressing.
inline constexpr std::string_view destination_scheme = "urn:de:fitko:fit-connect:xzufi:destination";

// Of a JWS: three parts of base64url, the second a JSON object with a UUID as destinationId. Nothing if it is not one.
// Limit: 32 KiB.
std::optional<Destination> read_destination(std::string_view signature);

class Destinations {
 public:
  // Reads nothing yet. Requires: `database` lives as long.
  explicit Destinations(store::Database& database);
  ~Destinations();

  struct Route {
    ObjectId service, unit;
    AreaKey area;  // for which the unit is responsible (the matching one)
    std::string role;
    Destination destination;
  };
  // Addresses of the units that `snapshot` names as responsible for a service with this key at the place: services and
  // units in its order, each destination once. The first call reads every responsibility once (a second for a million);
  // later ones what changed since. Throws store::Failure.
  std::vector<Route> at(const Snapshot& snapshot, std::string_view service_key, const AreaKey& area);
  std::size_t size() const;  // responsibilities with an address, as of the last call

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::directory

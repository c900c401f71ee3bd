// SPDX-License-Identifier: EUPL-1.2
// For "use my location": where the authorities are, so that a device itself finds the nearest.
#pragma once

#include "faces/portal/visit.h"

namespace verbund::portal {

// /orte.json: {"places": [[what to ask for, name, latitude, longitude], ...]}, one for each postal code of a visiting
// address with a point, by postal code; thousandths of a degree (WGS 84), the middle of the points. The same for everybody:
// a device takes the whole list and tells nobody where it is.
http::Response places_file(const Visit& visit);

}  // namespace verbund::portal

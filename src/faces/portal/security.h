// SPDX-License-Identifier: EUPL-1.2
// What every answer of the portal forbids: nothing from elsewhere, nothing inline, no frames around us, no sensors.
// JSON-LD stands in data blocks, which are not run and to which script-src does not apply.
#pragma once

#include "kits/http/http.h"

namespace verbund::portal {

http::Response secured(http::Response response);

}  // namespace verbund::portal

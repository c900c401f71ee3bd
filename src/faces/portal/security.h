// SPDX-License-Identifier: EUPL-1.2
// What every answer of the portal forbids: nothing from elsewhere, no sensors, nothing inline but the styles whose source (of
// Styles; empty: none) is given; shown in frames of `ancestors` only (a list of sources of CSP).
// JSON-LD stands in data blocks, which are not run and to which script-src does not apply.
#pragma once

#include <string>

#include "kits/http/http.h"

namespace verbund::portal {

http::Response secured(http::Response response, const std::string& ancestors = "'self'", const std::string& styles = {});

}  // namespace verbund::portal

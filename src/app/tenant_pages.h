// SPDX-License-Identifier: EUPL-1.2
// What a server of many tenants answers itself: for a host that is nobody's, and for a tenant that does not run.
#pragma once

#include "kits/http/http.h"

namespace verbund::app {

// 421: the host is none of ours. Names no tenant.
http::Response misdirected(const http::Request& request);
// 503: the tenant begins, or could not. Says nothing of the reason.
http::Response not_running(const http::Request& request);

}  // namespace verbund::app

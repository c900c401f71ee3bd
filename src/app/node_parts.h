// SPDX-License-Identifier: EUPL-1.2
// What the parts of a running node are made with, out of its settings.
#pragma once

#include <string>
#include <vector>

#include "faces/portal/portal.h"
#include "kits/http/http.h"
#include "kits/settings/settings.h"

namespace verbund::app {

std::vector<std::string> adapter_sources(const settings::Settings& settings);
portal::Look make_look(const settings::Settings& settings, bool demonstration);
http::ServerOptions server_options(const settings::Settings& settings);
// "http://localhost:8080": where a server with these options answers on this port.
std::string address_of(const http::ServerOptions& options, std::uint16_t port);

}  // namespace verbund::app

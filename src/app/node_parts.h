// SPDX-License-Identifier: EUPL-1.2
// What the parts of a running node are made with, out of its settings.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "faces/portal/portal.h"
#include "kits/http/http.h"
#include "kits/settings/settings.h"
#include "kits/tlog/signer.h"

namespace verbund::app {

std::vector<std::string> adapter_sources(const settings::Settings& settings);
portal::Look make_look(const settings::Settings& settings, bool demonstration);
http::ServerOptions server_options(const settings::Settings& settings);
// What the log is called: by its key, where there is one.
std::string own_log_name(const std::string& folder, const settings::Settings& settings);
// Signs in a token, where the settings name one; else empty.
std::function<Result<tlog::NoteSigner>()> token_signer(const std::string& folder, const std::string& name,
                                                       const settings::Settings& settings);

}  // namespace verbund::app

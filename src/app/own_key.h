// SPDX-License-Identifier: EUPL-1.2
// The key of the node's own log: in a file, or in a token where the settings name one.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "kits/settings/settings.h"
#include "kits/tlog/signer.h"

namespace verbund::app {

// What the log of the node is called, by what it has published or by its key; nothing: there is none yet.
std::optional<std::string> own_log_name(const std::string& data_folder);

// Who signs the node's own log. Where there is no key yet, one called `create` is made, if it is given. Errors: those of
// the key file or the token; not_found (no key, and none is made).
Result<tlog::NoteSigner> own_signer(const std::string& data_folder, const settings::Settings& settings,
                                    const std::optional<std::string>& create);

}  // namespace verbund::app

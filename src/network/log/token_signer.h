// SPDX-License-Identifier: EUPL-1.2
// The key of a log in a PKCS#11 token instead of a file.
#pragma once

#include "kits/tlog/signer.h"
#include "kits/token/token.h"
#include "network/log/own_log.h"

namespace verbund::network {

// Opens the key, or makes one in the token where the log is new. A log keeps its name: `name` is for a new one.
// Errors: those of TokenKey::open; conflict (the log has a key in a file, or another key than the one in the token).
Result<tlog::NoteSigner> open_token_signer(const LogPlace& place, const std::string& name,
                                           const token::TokenOptions& options);

}  // namespace verbund::network

// SPDX-License-Identifier: EUPL-1.2
// Mandates and members as people write and read them.
#pragma once

#include <string>
#include <vector>

#include "faces/cli/cli.h"
#include "kits/json/json.h"
#include "network/register/register_store.h"

namespace verbund::cli {

// --agencies --areas --levels --kinds
extern const std::vector<command::Option> mandate_options;

// Replaces in `mandate` what the options name. Areas are regional keys in any length or "Deutschland"; levels are the
// words bund land bezirk kreis verband gemeinde or those of the protocol. New areas without --levels: their own levels.
// Errors: usage (says which option), not_found (an area that there is not).
Result<void> read_mandate(store::Connection& connection, const command::Arguments& arguments,
                          network::Mandate& mandate);

std::string mandate_text(const network::Mandate& mandate, std::string_view indent);   // lines
// "Mitglied", "ruht: reason", "noch nicht (ab 2026-12-01)", "beendet (seit 2026-12-01)"
std::string state_text(const network::Member& member, std::string_view today);
Json member_json(const network::Member& member, std::string_view today);

// What `node status` says of the network: nothing where the node belongs to none. `name`: of the node's own log.
std::string network_text(const network::RegisterStore& members, std::string_view name, std::string_view today);
// Null where the node belongs to none.
Json network_json(const network::RegisterStore& members, std::string_view name, std::string_view today);

}  // namespace verbund::cli

// SPDX-License-Identifier: EUPL-1.2
// Where a list goes on: the last id given, as one opaque word of letters, digits, - and _. Internal to pvog.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace verbund::pvog {

std::string make_token(std::string_view last_id);
// Nothing unless make_token wrote it. Limit: 512 bytes.
std::optional<std::string> read_token(std::string_view token);

}  // namespace verbund::pvog

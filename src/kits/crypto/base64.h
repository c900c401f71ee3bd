// SPDX-License-Identifier: EUPL-1.2
// Base64 with padding. Source: RFC 4648, section 4.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace verbund::crypto {

std::string to_base64(std::string_view bytes);

// Nothing unless `text` is exactly what to_base64 writes for some bytes: no line breaks, padding complete, unused bits 0.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace verbund::crypto

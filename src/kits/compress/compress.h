// SPDX-License-Identifier: EUPL-1.2
// gzip (RFC 1952) and brotli (RFC 7932) of whole bodies; deterministic (no time stamp).
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace verbund::compress {

std::string gzip(std::string_view bytes, int level = 6);       // level 1-9
std::string brotli(std::string_view bytes, int quality = 5);   // quality 0-11
// Errors: invalid (not brotli / gzip), too_large (result over `limit` bytes).
Result<std::string> unbrotli(std::string_view bytes, std::size_t limit);
Result<std::string> ungzip(std::string_view bytes, std::size_t limit);

}  // namespace verbund::compress

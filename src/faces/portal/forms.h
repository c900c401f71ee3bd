// SPDX-License-Identifier: EUPL-1.2
// What people send us with a form: from our own pages only, and no more than one person can mean. There is no cookie and
// no session, so nobody can send in another's name; what is refused here is foreign pages and floods.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "kits/http/http.h"
#include "kits/http/rate_limit.h"

namespace verbund::portal {

// The fields of a form as sent.
class Form {
 public:
  // Errors: invalid (not application/x-www-form-urlencoded, not UTF-8, not from a page of this portal); too_large (over
  // 64 KiB). `base_url`: see Look.
  static Result<Form> read(const http::Request& request, std::string_view base_url);
  std::string_view value(std::string_view name) const;   // the first; "" if absent

 private:
  std::vector<std::pair<std::string, std::string>> fields_;
};

// True if the browser says that a page of this portal sends the request: Sec-Fetch-Site, else Origin, else Referer. Who
// says nothing at all is refused. Source: Fetch metadata; RFC 6454, 7.
bool from_own_page(const http::Request& request, std::string_view base_url);

// Forms of one client in a minute; see http::RateLimiter: no address is kept.
inline constexpr std::uint32_t forms_per_minute = 20;

// "" unless `typed` is the path of a page of this portal ("/norderstedt/x?lang=en", at most 300 bytes), for links back.
std::string own_path(std::string_view typed);

}  // namespace verbund::portal

// SPDX-License-Identifier: EUPL-1.2
// How an answer's head looks on the wire.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "kits/http/http.h"

namespace verbund::http {

// "Mon, 08 Jun 2026 07:41:01 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::time_t at);

// Status line and headers without the last two: Connection and the empty line, which differ from one request to the
// next; so does the date, whose 29 characters begin at `date_at`.
struct Head {
  std::string text;
  std::size_t date_at = 0;
};

// Content-Length, Connection, Date and Server are ours. Errors: invalid (a header name or value that would break the
// message: a defect of the handler, or an attempt to split the response). `with_own`: also Response::own_headers.
Result<Head> response_head(const Response& response, bool with_own = false);

// The whole head as it goes out, in place of what `out` held. Requires: `date` by http_date.
void write_head(std::string& out, const Head& head, bool keep_alive, std::string_view date);

// True if an answer of this status to this method has a body on the wire (RFC 9112, 6.3).
bool has_body(std::string_view method, int status);

}  // namespace verbund::http

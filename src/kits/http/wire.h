// SPDX-License-Identifier: EUPL-1.2
// How an answer's head looks on the wire.
#pragma once

#include <ctime>
#include <string>

#include "kits/http/http.h"

namespace verbund::http {

// "Mon, 08 Jun 2026 07:41:01 GMT" (RFC 9110, 5.6.7).
std::string http_date(std::time_t at);

// Status line and headers up to and with the empty line. Content-Length, Connection, Date and Server are ours.
// Errors: invalid (a header name or value that would break the message: a defect of the handler, or an attempt to
// split the response).
Result<std::string> response_head(const Response& response, bool keep_alive, const std::string& date);

// True if an answer of this status to this method has a body on the wire (RFC 9112, 6.3).
bool has_body(std::string_view method, int status);

}  // namespace verbund::http

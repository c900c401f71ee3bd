// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/wire.h"

#include <algorithm>
#include <array>

#include "base/check.h"
#include "base/text.h"

namespace verbund::http {
namespace {

constexpr std::size_t kDateSize = 29;

std::string_view reason(int status) {
  switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 301: return "Moved Permanently";
    case 302: return "Found";
    case 303: return "See Other";
    case 304: return "Not Modified";
    case 307: return "Temporary Redirect";
    case 308: return "Permanent Redirect";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 410: return "Gone";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 421: return "Misdirected Request";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 501: return "Not Implemented";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    default: return "Status";
  }
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
  });
}

bool is_field_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) {
    return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f;
  });
}

bool is_ours(std::string_view name) {
  const std::string lower = to_lower_ascii(name);
  return lower == "content-length" || lower == "connection" || lower == "date" || lower == "server" ||
         lower == "transfer-encoding";
}

}  // namespace

std::string http_date(std::time_t at) {
  static constexpr std::array days = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  std::tm time{};
  gmtime_r(&at, &time);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                days.at(static_cast<std::size_t>(time.tm_wday)), time.tm_mday,
                months.at(static_cast<std::size_t>(time.tm_mon)), time.tm_year + 1900, time.tm_hour, time.tm_min,
                time.tm_sec);
  return text.data();
}

bool has_body(std::string_view method, int status) { return method != "HEAD" && status != 204 && status != 304; }

Result<Head> response_head(const Response& response, bool with_own) {
  if (response.status < 200 || response.status > 599) {
    return fail(ErrorCode::invalid, "no status to answer with: " + std::to_string(response.status));
  }
  Head head;
  head.text.reserve(512);
  head.text.append("HTTP/1.1 ").append(std::to_string(response.status)).append(" ").append(reason(response.status));
  head.text += "\r\nDate: ";
  head.date_at = head.text.size();
  head.text.append(kDateSize, ' ');
  head.text += "\r\nServer: verbund\r\n";
  for (const auto* headers : {&response.headers, with_own ? &response.own_headers : nullptr}) {
    if (headers == nullptr) continue;
    for (const auto& [name, value] : *headers) {
      if (!is_token(name) || !is_field_value(value)) {
        return fail(ErrorCode::invalid,
                    "header " + std::string(cut_utf8(name, 40)) + " has characters that no header may have");
      }
      if (is_ours(name)) continue;
      head.text.append(name).append(": ").append(value).append("\r\n");
    }
  }
  if (response.status != 204 && response.status != 304) {
    head.text.append("Content-Length: ").append(std::to_string(response.body->size())).append("\r\n");
  }
  return head;
}

void write_head(std::string& out, const Head& head, bool keep_alive, std::string_view date) {
  VERBUND_CHECK(date.size() == kDateSize);
  out.assign(head.text);
  out.replace(head.date_at, kDateSize, date);
  out += keep_alive ? "Connection: keep-alive\r\n\r\n" : "Connection: close\r\n\r\n";
}

}  // namespace verbund::http

// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/head_rules.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "kits/http/host.h"

namespace verbund::http {
namespace {

constexpr Refusal kVersion{505, "HTTP-Version nicht unterstützt", "Bitte HTTP/1.1 verwenden.", nullptr};
constexpr Refusal kHost{400, "Ungültige Anfrage", "Die Anfrage braucht genau eine Host-Zeile.", nullptr};
constexpr Refusal kAmbiguous{400, "Ungültige Anfrage", "Die Länge der Anfrage ist mehrdeutig.", nullptr};
constexpr Refusal kCoding{501, "Nicht unterstützt", "Diese Übertragungskodierung wird nicht unterstützt.", nullptr};
constexpr Refusal kMethod{501, "Methode nicht unterstützt", "Diese Methode gibt es hier nicht.", nullptr};

constexpr std::array<std::string_view, 7> kMethods = {"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

// Requires: `lower_case` is in lower case.
bool same(std::string_view text, std::string_view lower_case) {
  return text.size() == lower_case.size() &&
         std::equal(text.begin(), text.end(), lower_case.begin(), [](char a, char b) { return lower(a) == b; });
}

}  // namespace

std::optional<Refusal> read_fields(RequestHead& head) {
  head.host = head.accept_encoding = head.if_none_match = head.expect = {};
  head.expects = head.repeated = false;
  std::size_t hosts = 0, lengths = 0, codings = 0, encodings = 0, tags = 0;
  std::string_view coding;
  for (const auto& [name, value] : head.fields) {
    switch (name.size()) {  // few names have these sizes: most fields are compared with nothing
      case 4:
        if (same(name, "host") && hosts++ == 0) head.host = value;
        break;
      case 6:
        if (same(name, "expect") && !std::exchange(head.expects, true)) head.expect = value;
        break;
      case 13:
        if (same(name, "if-none-match") && tags++ == 0) head.if_none_match = value;
        break;
      case 14:
        if (same(name, "content-length")) ++lengths;
        break;
      case 15:
        if (same(name, "accept-encoding") && encodings++ == 0) head.accept_encoding = value;
        break;
      case 17:
        if (same(name, "transfer-encoding") && codings++ == 0) coding = value;
        break;
      default: break;
    }
  }
  head.repeated = encodings > 1 || tags > 1;
  if (head.version != 10 && head.version != 11) return kVersion;
  // 3.2: exactly one Host in HTTP/1.1.
  if (hosts > 1 || (head.version == 11 && hosts == 0)) return kHost;
  // 3.2.2: a target in absolute form names the host, whatever the field says.
  if (!head.target.starts_with('/')) {
    if (const std::string_view authority = authority_of_target(head.target); !authority.empty()) head.host = authority;
  }
  // 6.1 and 6.3: what two parties could read differently is not read at all.
  if (codings > 0) {
    if (lengths > 0 || head.version == 10) return kAmbiguous;
    if (codings > 1 || !same(coding, "chunked")) return kCoding;
  }
  if (lengths > 1) return kAmbiguous;
  if (std::find(kMethods.begin(), kMethods.end(), head.method) == kMethods.end()) return kMethod;
  return std::nullopt;
}

Request request_of(const RequestHead& head, Target target) {
  Request request;
  request.method = head.method;
  request.target = head.target;
  request.path = std::move(target.path);
  request.segments = std::move(target.segments);
  request.query = std::move(target.query);
  for (const auto& [field, value] : head.fields) {
    const std::string name = to_lower_ascii(field);
    auto [place, added] = request.headers.emplace(name, value);
    if (!added) place->second.append(name == "cookie" ? "; " : ", ").append(value);
  }
  if (!head.target.starts_with('/') && !head.host.empty()) request.headers["host"] = head.host;
  return request;
}

}  // namespace verbund::http

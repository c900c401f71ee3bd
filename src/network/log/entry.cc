// SPDX-License-Identifier: EUPL-1.2
#include "network/log/entry.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

constexpr std::size_t text_limit = 2048;
constexpr JsonLimits limits{.bytes = text_limit, .depth = 2, .values = 16};
constexpr const char* put = "put";
constexpr const char* withdraw = "withdraw";

bool is_id(std::string_view text, std::size_t most) {
  return !text.empty() && text.size() <= most &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7f; });
}

// What nearly all entries look like: the canonical form with texts of printable ASCII without escapes.
class PlainText {
 public:
  explicit PlainText(std::string_view rest) : rest_(rest) {}
  bool take(std::string_view words) {
    if (!rest_.starts_with(words)) return false;
    rest_.remove_prefix(words.size());
    return true;
  }
  // Up to the next quote.
  bool text(std::string_view& out) {
    std::size_t length = 0;
    while (length < rest_.size() && rest_[length] > ' ' && rest_[length] < 0x7f && rest_[length] != '"' &&
           rest_[length] != '\\') {
      ++length;
    }
    out = rest_.substr(0, length);
    rest_.remove_prefix(length);
    return take("\"");
  }
  bool number(std::int64_t& out) {
    constexpr std::size_t digits = 15;   // longer ones are no exact JSON numbers
    std::size_t length = 0;
    out = 0;
    while (length < rest_.size() && length <= digits && rest_[length] >= '0' && rest_[length] <= '9') {
      out = out * 10 + (rest_[length++] - '0');
    }
    const bool good = length > 0 && length <= digits && rest_[0] != '0';
    rest_.remove_prefix(length);
    return good;
  }
  bool at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

// Nothing: it is to be read the general way.
std::optional<Entry> parse_plain(std::string_view text) {
  if (text.size() > text_limit) return std::nullopt;
  PlainText in(text);
  std::string_view agency, kind, local, operation, digest, time;
  Entry out;
  if (!in.take("{\"agency\":\"") || !in.text(agency) || !in.take(",\"kind\":\"") || !in.text(kind) ||
      !in.take(",\"local\":\"") || !in.text(local) || !in.take(",\"operation\":\"") || !in.text(operation) ||
      !in.take(",\"revision\":") || !in.number(out.revision)) {
    return std::nullopt;
  }
  if (operation == put) {
    if (!in.take(",\"sha256\":\"") || !in.text(digest)) return std::nullopt;
    out.digest = crypto::digest_from_hex(digest);
    if (!out.digest || crypto::to_hex(*out.digest) != digest) return std::nullopt;
  } else if (operation != withdraw) {
    return std::nullopt;
  }
  if (!in.take(",\"time\":\"") || !in.text(time) || !in.take("}") || !in.at_end()) return std::nullopt;
  const auto at = parse_time(time);
  if (!at || to_rfc3339(*at) != time || !is_kind(kind) || !is_id(agency, 64) || !is_id(local, 200)) return std::nullopt;
  out.at = *at;
  out.agency = agency;
  out.kind = kind;
  out.local = local;
  return out;
}

}  // namespace

bool is_kind(std::string_view text) {
  return !text.empty() && text.size() <= 40 &&
         std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || c == '_'; });
}

bool is_agency(std::string_view text) { return is_utf8(text) && is_id(text, 64); }

std::string Entry::to_text() const {
  Json json = Json::object({{"agency", agency}, {"kind", kind}, {"local", local}, {"revision", revision},
                            {"operation", digest ? put : withdraw}, {"time", to_rfc3339(at)}});
  if (digest) json.set("sha256", crypto::to_hex(*digest));
  return json.to_canonical();
}

Result<Entry> Entry::parse(std::string_view text) {
  if (auto plain = parse_plain(text)) return std::move(*plain);
  const auto bad = [](const char* why) { return fail(ErrorCode::invalid, std::string("not an entry: ") + why); };
  auto json = parse_json(text, "entry", limits);
  if (!json) return pass(json);
  Entry out;
  out.kind = json->text_or("kind");
  out.agency = json->text_or("agency");
  out.local = json->text_or("local");
  if (!is_kind(out.kind)) return bad("kind");
  if (!is_agency(out.agency)) return bad("agency");
  if (!is_id(out.local, 200)) return bad("local");
  const std::int64_t* revision = (*json)["revision"].if_int();
  if (revision == nullptr || *revision < 1) return bad("revision");
  out.revision = *revision;
  const auto at = parse_time(json->text_or("time"));
  if (!at) return bad("time");
  out.at = *at;
  if (json->text_or("operation") == put) {
    out.digest = crypto::digest_from_hex(json->text_or("sha256"));
    if (!out.digest) return bad("sha256");
  } else if (json->text_or("operation") != withdraw) {
    return bad("operation");
  }
  // One form for one meaning: no further fields, no other spelling.
  if (out.to_text() != text) return bad("not in its canonical form");
  return out;
}

}  // namespace verbund::network

// SPDX-License-Identifier: EUPL-1.2
#include "network/membership/member.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

#include "base/text.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

constexpr JsonLimits limits{.bytes = member_limit, .depth = 4, .values = 4000};
constexpr std::size_t most_addresses = 8, most_address_bytes = 300, most_title_bytes = 200, most_reason_bytes = 500;
constexpr std::int64_t most_quorum = 20;
constexpr std::array<std::string_view, 6> level_names = {"association", "district", "federation",
                                                         "municipality", "region", "state"};   // sorted

std::unexpected<Error> bad(std::string field, std::string why) {
  return fail(ErrorCode::invalid, std::move(why), std::move(field));
}

// One line for people.
bool is_line(std::string_view text, std::size_t most) {
  return text.size() <= most && is_utf8(text) && trim(text) == text &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) < ' ' || c == 0x7f; });
}

// Source: Destatis regional key: parts end at 2, 3, 5, 9 and 12 digits; parts of zeros at the end are left out.
bool is_shortest_key(std::string_view key) {
  if (key.empty()) return true;
  if (!is_digits(key)) return false;
  std::size_t before = 0;
  for (const std::size_t end : {2u, 3u, 5u, 9u, 12u}) {
    if (key.size() == end) return key.find_first_not_of('0', before) != std::string_view::npos;
    before = end;
  }
  return false;
}

bool is_level(std::string_view text) { return std::ranges::binary_search(level_names, text); }

bool is_day(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  const auto year = parse_number(text.substr(0, 4));
  const auto month = parse_number(text.substr(5, 2));
  const auto day = parse_number(text.substr(8, 2));
  if (!year || !month || !day || *year < 1) return false;
  return std::chrono::year_month_day(std::chrono::year(static_cast<int>(*year)),
                                     std::chrono::month(static_cast<unsigned>(*month)),
                                     std::chrono::day(static_cast<unsigned>(*day))).ok();
}

// Scheme, host and maybe a path, without a slash at the end: paths are appended to it.
bool is_node_address(std::string_view text) {
  if (text.size() > most_address_bytes || text.ends_with('/')) return false;
  const std::size_t scheme = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : text.size();
  const std::string_view rest = text.substr(scheme);
  if (rest.empty() || rest.front() == '/') return false;
  constexpr std::string_view never = "\"#<>?@\\^`{|}";
  return std::ranges::all_of(rest, [&](char c) { return c > ' ' && c < 0x7f && never.find(c) == never.npos; });
}

std::vector<std::string> sorted(std::vector<std::string> values) {
  std::ranges::sort(values);
  return values;
}

Json to_json(const std::vector<std::string>& values) {
  Json::Array out;
  for (const std::string& value : values) out.emplace_back(value);
  return Json(std::move(out));
}

Result<std::vector<std::string>> read_texts(const Json& json, const std::string& field) {
  const Json::Array* array = json.if_array();
  if (array == nullptr) return bad(field, "a list of texts is needed");
  std::vector<std::string> out;
  for (const Json& item : *array) {
    if (item.if_string() == nullptr) return bad(field, "a list of texts is needed");
    out.push_back(*item.if_string());
  }
  return out;
}

// The fields of an object that are read as texts; all others but `others` are refused.
Result<void> read_fields(const Json& json, std::initializer_list<std::pair<std::string_view, std::string*>> texts,
                         std::initializer_list<std::string_view> others) {
  const Json::Object* object = json.if_object();
  if (object == nullptr) return bad("", "an object is needed");
  for (const auto& [key, value] : *object) {
    const auto text = std::ranges::find(texts, key, &std::pair<std::string_view, std::string*>::first);
    if (text == texts.end()) {
      if (std::ranges::find(others, key) == others.end()) return bad(key, "there is no such field");
      continue;
    }
    if (value.if_string() == nullptr) return bad(key, "a text is needed");
    *text->second = *value.if_string();
  }
  return {};
}

template <typename Test>
Result<void> check_set(const std::vector<std::string>& values, const std::string& field, std::size_t least,
                       std::size_t most, Test test, const char* what) {
  if (values.size() < least || values.size() > most) {
    return bad(field, std::to_string(least) + " to " + std::to_string(most) + " are needed, not " +
                          std::to_string(values.size()));
  }
  for (const std::string& value : values) {
    const std::string shown = is_utf8(value) ? std::string(cut_utf8(value, 80)) : "(not UTF-8)";
    if (!test(value)) return bad(field, "\"" + shown + "\" is no " + what);
    if (std::ranges::count(values, value) > 1) return bad(field, "\"" + shown + "\" stands there twice");
  }
  return {};
}

Result<void> check_mandate(const Mandate& mandate) {
  if (auto done = check_set(mandate.agencies, "mandate.agencies", 1, 100, is_agency, "agency"); !done) return done;
  if (auto done = check_set(mandate.kinds, "mandate.kinds", 0, 20, is_kind, "kind of object"); !done) return done;
  if (auto done = check_set(mandate.areas, "mandate.areas", 1, 1000, is_shortest_key, "regional key in shortest form");
      !done) {
    return done;
  }
  return check_set(mandate.levels, "mandate.levels", 1, 6, is_level, "level");
}

Result<void> check_keys(const Member& member) {
  const auto key = tlog::VerifierKey::parse(member.key);
  if (!key) return bad("key", key.error().message);
  if (key->type != tlog::KeyType::note) return bad("key", "the key is not one for notes");
  if (key->name != member.name) return bad("key", "the key has another name than the member");
  if (member.witness_key.empty()) return {};
  const auto witness = tlog::VerifierKey::parse(member.witness_key);
  if (!witness) return bad("witness_key", witness.error().message);
  if (witness->type != tlog::KeyType::cosignature) return bad("witness_key", "the key is not one for cosignatures");
  return {};
}

Result<void> check_canonical(std::string_view body, const std::string& canonical) {
  if (body != canonical) return bad("", "the text is not in its canonical form");
  return {};
}

}  // namespace

std::string day_in_berlin(Instant at) {
  const BerlinTime time = to_berlin(at);
  char text[16];
  std::snprintf(text, sizeof text, "%04d-%02d-%02d", time.year % 10'000, time.month % 100, time.day % 100);
  return text;
}

std::string Member::to_body() const {
  Json rights = Json::object({{"agencies", to_json(sorted(mandate.agencies))},
                              {"areas", to_json(sorted(mandate.areas))},
                              {"levels", to_json(sorted(mandate.levels))}});
  if (!mandate.kinds.empty()) rights.set("kinds", to_json(sorted(mandate.kinds)));
  Json out = Json::object({{"name", name}, {"title", title}, {"key", key}, {"mandate", std::move(rights)}});
  if (!addresses.empty()) out.set("addresses", to_json(addresses));
  for (const auto& [field, value] : {std::pair{"witness_key", &witness_key}, {"valid_from", &valid_from},
                                     {"valid_until", &valid_until}, {"suspended", &suspended}}) {
    if (!value->empty()) out.set(field, *value);
  }
  return out.to_canonical();
}

Result<Member> Member::parse(std::string_view body) {
  auto json = parse_json(body, "member", limits);
  if (!json) return pass(json);
  Member out;
  auto fields = read_fields(*json, {{"name", &out.name}, {"title", &out.title}, {"key", &out.key},
                                    {"witness_key", &out.witness_key}, {"valid_from", &out.valid_from},
                                    {"valid_until", &out.valid_until}, {"suspended", &out.suspended}},
                            {"addresses", "mandate"});
  if (!fields) return pass(fields);
  const auto list = [](const Json& from, const char* key, const char* field,
                       std::vector<std::string>& to) -> Result<void> {
    const Json* value = from.find(key);
    if (value == nullptr) return {};
    auto texts = read_texts(*value, field);
    if (!texts) return pass(texts);
    to = std::move(*texts);
    return {};
  };
  if (auto done = list(*json, "addresses", "addresses", out.addresses); !done) return pass(done);
  const Json& rights = (*json)["mandate"];
  if (auto known = read_fields(rights, {}, {"agencies", "areas", "kinds", "levels"}); !known) {
    known.error().where = known.error().where.empty() ? "mandate" : "mandate." + known.error().where;
    return pass(known);
  }
  for (const auto& [key, field, to] : {std::tuple{"agencies", "mandate.agencies", &out.mandate.agencies},
                                       {"areas", "mandate.areas", &out.mandate.areas},
                                       {"kinds", "mandate.kinds", &out.mandate.kinds},
                                       {"levels", "mandate.levels", &out.mandate.levels}}) {
    if (auto done = list(rights, key, field, *to); !done) return pass(done);
  }
  if (auto checked = out.check(); !checked) return pass(checked);
  if (auto same = check_canonical(body, out.to_body()); !same) return pass(same);
  return out;
}

Result<void> Member::check() const {
  if (!tlog::is_key_name(name)) return bad("name", "this is no name of a log");
  if (title.empty() || !is_line(title, most_title_bytes)) return bad("title", "one line of 1 to 200 bytes is needed");
  if (addresses.size() > most_addresses) return bad("addresses", "there are more than 8");
  for (const std::string& address : addresses) {
    if (!is_node_address(address)) {
      return bad("addresses", "an address is like https://stadt.example, without / at the end");
    }
    if (std::ranges::count(addresses, address) > 1) return bad("addresses", "an address stands there twice");
  }
  if (auto keys = check_keys(*this); !keys) return keys;
  if (auto rights = check_mandate(mandate); !rights) return rights;
  if (!valid_from.empty() && !is_day(valid_from)) return bad("valid_from", "a day is like 2026-11-27");
  if (!valid_until.empty() && !is_day(valid_until)) return bad("valid_until", "a day is like 2026-11-27");
  if (!valid_from.empty() && !valid_until.empty() && valid_until <= valid_from) {
    return bad("valid_until", "it ends before it begins");
  }
  if (!is_line(suspended, most_reason_bytes)) return bad("suspended", "one line of at most 500 bytes is needed");
  if (to_body().size() > member_limit) return fail(ErrorCode::too_large, "a member has more than 64 KiB");
  return {};
}

bool Member::active(std::string_view today) const {
  return suspended.empty() && (valid_from.empty() || today >= valid_from) &&
         (valid_until.empty() || today < valid_until);
}

std::string Policy::to_body() const { return Json::object({{"quorum", quorum}, {"title", title}}).to_canonical(); }

Result<Policy> Policy::parse(std::string_view body) {
  auto json = parse_json(body, "policy", limits);
  if (!json) return pass(json);
  Policy out;
  if (auto known = read_fields(*json, {{"title", &out.title}}, {"quorum"}); !known) return pass(known);
  const std::int64_t* quorum = (*json)["quorum"].if_int();
  if (quorum == nullptr || *quorum < 0 || *quorum > most_quorum) {
    return bad("quorum", "a number from 0 to 20 is needed");
  }
  out.quorum = *quorum;
  if (out.title.empty() || !is_line(out.title, most_title_bytes)) {
    return bad("title", "one line of 1 to 200 bytes is needed");
  }
  if (auto same = check_canonical(body, out.to_body()); !same) return pass(same);
  return out;
}

}  // namespace verbund::network

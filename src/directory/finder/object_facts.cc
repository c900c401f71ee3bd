// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/object_facts.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "directory/finder/area_numbers.h"
#include "directory/finder/validity.h"
#include "directory/objects/body.h"
#include "kits/html/html.h"
#include "kits/store/store.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

constexpr std::size_t summary_characters = 200;

bool is_blank(const std::string& text) { return trim(text).empty(); }

// At most 200 characters, cut at a space, with "…".
std::string summary_of(const Service& service) {
  for (const std::string_view code : {text_code::teaser, text_code::short_text, text_code::full_text}) {
    const TextModule* module = find_text(service.modules, code);
    if (module == nullptr) continue;
    const std::string plain = html::to_plain_text(pick(module->content, "de"));
    if (is_blank(plain)) continue;
    std::size_t characters = 0, at = 0, last_space = 0;
    for (; at < plain.size(); ++at) {
      if ((static_cast<unsigned char>(plain[at]) & 0xC0) == 0x80) continue;
      if (plain[at] == ' ' && characters <= summary_characters - 2) last_space = at;   // " …" follows
      if (++characters > summary_characters) break;
    }
    if (at == plain.size()) return plain;
    return (last_space > 0 ? plain.substr(0, last_space) : std::string(cut_utf8(plain, summary_characters - 2))) + " …";
  }
  return {};
}

std::string_view address_of(const OnlineService& online) {
  for (const OnlineServiceLink& link : online.links) {
    if ((link.language.empty() || link.language == "de") && !link.uri.empty()) return link.uri;
  }
  for (const OnlineServiceLink& link : online.links) {
    if (!link.uri.empty()) return link.uri;
  }
  return {};
}

template <typename T>
T read_body(std::string_view body) {
  auto object = from_body<T>(body);
  if (!object) throw store::Failure("stored object does not read: " + object.error().text());
  return std::move(*object);
}

}  // namespace

Standing standing(const std::vector<Period>& validity, Instant now) {
  return {is_valid_at(validity, now), next_turn(validity, now)};
}

std::vector<std::pair<std::string, std::string>> life_events_of(const Service& service) {
  std::vector<std::pair<std::string, std::string>> out;
  const auto life_event = [&](std::string_view name) {
    if (trim(name).empty()) return;
    std::string slug = text::slug(name);
    const auto known = std::find_if(out.begin(), out.end(), [&](const auto& event) { return event.first == slug; });
    if (known == out.end()) out.emplace_back(std::move(slug), std::string(trim(name)));
  };
  for (const Category& category : service.categories) {
    if (is_life_event(category)) life_event(pick(category.name, "de"));
  }
  for (const Code& code : service.classifications) {
    if (code.list_uri.find("pvlagen") != std::string::npos) life_event(code.name);
  }
  return out;
}

ServiceFacts facts_of(const Service& service, Instant now) {
  ServiceFacts out;
  out.standing = standing(service.validity, now);
  out.key = service_key(service);
  out.title = citizen_title(service, "de");
  for (const std::string& word : text::words(out.title)) {
    out.folded_title += (out.folded_title.empty() ? "" : " ") + word;
  }
  out.summary = summary_of(service);
  out.sort_key = text::sort_key(out.title);
  for (const Code& code : service.service_keys) {
    if (code.code.size() == 14 && is_digits(code.code)) {
      out.keys.push_back(static_cast<std::uint64_t>(*parse_number(code.code)));
    }
  }
  out.life_events = life_events_of(service);
  return out;
}

OnlineFacts facts_of(const OnlineService& online, Instant now) {
  OnlineFacts out;
  out.standing = standing(online.validity, now);
  out.url = address_of(online);
  out.standing.valid = out.standing.valid && !out.url.empty();
  out.title = pick(online.title, "de");
  out.sort_key = text::sort_key(out.title);
  out.purpose = online.purpose.empty() ? "apply" : online.purpose;
  return out;
}

std::uint64_t CurrentAreas::of(std::string_view digits) {
  std::uint64_t code = 0;
  for (std::size_t i = 0; i < 12; ++i) {
    code = code * 10 + (i < digits.size() ? static_cast<std::uint64_t>(digits[i] - '0') : 0);
  }
  const auto known = known_.find(code);
  if (known != known_.end()) return known->second;
  const std::uint64_t now = area_code(places_.current(area_of_code(code)));
  known_.emplace(code, now);
  return now;
}

bool LinkReader::stand(std::string_view validity, Standing& out) {
  if (validity.empty()) {
    out = {};
    return true;
  }
  if (validity == last_validity_) {
    out = last_standing_;
    return true;
  }
  if (!scan_periods(validity, periods_)) return false;
  out = last_standing_ = standing(periods_, now_);
  last_validity_ = validity;
  return true;
}

const LinkReader::Responsibility& LinkReader::responsibility(std::string_view body) {
  out_.areas.clear();
  if (scan_responsibility(body, scan_) && stand(scan_.validity, out_.standing)) {
    out_.holder_kind = scan_.holder_kind;
    out_.holder = {scan_.holder_agency, scan_.holder_local};
    out_.service = {scan_.service_agency, scan_.service_local};
    out_.role = scan_.role;
    for (const std::string_view digits : scan_.areas) out_.areas.push_back(areas_.of(digits));
  } else {
    general_ = read_body<directory::Responsibility>(body);
    out_.standing = finder::standing(general_.validity, now_);
    out_.holder_kind = general_.holder_kind;
    out_.holder = {general_.holder.agency, general_.holder.local};
    out_.service = {general_.service.agency, general_.service.local};
    out_.role = general_.role;
    for (const AreaKey& area : general_.areas) out_.areas.push_back(areas_.of(area.digits()));
  }
  if (out_.role.empty()) out_.role = "01";
  if (out_.areas.empty()) out_.areas.push_back(0);
  if (out_.areas.size() > 1) {
    std::sort(out_.areas.begin(), out_.areas.end());
    out_.areas.erase(std::unique(out_.areas.begin(), out_.areas.end()), out_.areas.end());
  }
  return out_;
}

const LinkReader::Unit& LinkReader::unit(std::string_view body) {
  UnitScan scan;
  if (scan_unit(body, scan) && stand(scan.validity, unit_.standing)) {
    unit_.name = scan.name;
  } else {
    general_unit_ = read_body<OrganisationalUnit>(body);
    unit_.standing = standing(general_unit_.validity, now_);
    unit_.name = pick(general_unit_.name, "de");
  }
  return unit_;
}

}  // namespace verbund::directory::finder

// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/membership_words.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "directory/geography/area_store.h"

namespace verbund::cli {
namespace {

using network::Member;

using LevelWord = std::pair<std::string_view, std::string_view>;   // for people, in the protocol

const std::vector<LevelWord>& level_words() {
  static const std::vector<LevelWord> words = {
      {"bund", "federation"},  {"land", "state"},          {"bezirk", "region"},
      {"kreis", "district"},   {"verband", "association"}, {"gemeinde", "municipality"}};
  return words;
}

std::vector<std::string> listed(const command::Arguments& arguments, std::string_view option) {
  std::set<std::string> out;
  for (const std::string_view part : split(arguments.get(option), ',')) {
    if (!trim(part).empty()) out.emplace(trim(part));
  }
  return {out.begin(), out.end()};
}

Result<directory::Area> read_area(store::Connection& connection, const std::string& text) {
  const std::string word = to_lower_ascii(text);
  auto key = word == "deutschland" || word == "de" ? directory::AreaKey() : directory::AreaKey::parse(text);
  if (!key) {
    return fail(ErrorCode::usage, key.error().message, "--areas", "12 digits or the first of them, or Deutschland");
  }
  if (key->digits().empty()) {
    directory::Area germany;
    germany.level = germany.top_level = directory::AreaLevel::federation;
    return germany;
  }
  auto area = directory::AreaStore(connection).area(*key);
  if (!area) return fail(ErrorCode::not_found, "there is no area " + key->digits(), "--areas");
  return *area;
}

std::string joined(const std::vector<std::string>& values) {
  std::string out;
  for (const std::string& value : values) out += (out.empty() ? "" : ", ") + value;
  return out;
}

Json to_json(const std::vector<std::string>& values) {
  Json out = Json(Json::Array{});
  for (const std::string& value : values) out.push(value);
  return out;
}

}  // namespace

const std::vector<command::Option> mandate_options = {
    {"agencies", "A,B", "Redaktionen, deren Kennungen es vergibt", "", false},
    {"areas", "ARS,ARS", "Regionalschlüssel, an denen und unter denen es spricht, oder Deutschland", "", false},
    {"levels", "EBENE,EBENE", "Ebenen der Gebiete, für die es entscheidet: bund land bezirk kreis verband gemeinde",
     "die der genannten Gebiete", false},
    {"kinds", "ART,ART", "Arten von Objekten (service, unit ...)", "alle", false}};

Result<void> read_mandate(store::Connection& connection, const command::Arguments& a, network::Mandate& mandate) {
  if (a.has("agencies")) mandate.agencies = listed(a, "agencies");
  if (a.has("kinds")) mandate.kinds = listed(a, "kinds");
  if (a.has("areas")) {
    std::set<std::string> areas;
    std::set<std::string> levels;
    for (const std::string& text : listed(a, "areas")) {
      auto area = read_area(connection, text);
      if (!area) return pass(area);
      areas.insert(area->key.digits());
      for (const auto level : {area->level, area->top_level}) levels.emplace(directory::name(level));
    }
    mandate.areas = {areas.begin(), areas.end()};
    mandate.levels = {levels.begin(), levels.end()};
  }
  if (!a.has("levels")) return {};
  mandate.levels.clear();
  for (const std::string& text : listed(a, "levels")) {
    const auto word = std::ranges::find(level_words(), to_lower_ascii(text), &LevelWord::first);
    const std::string_view wire = word == level_words().end() ? std::string_view(text) : word->second;
    const auto level = directory::area_level_from_name(wire);
    if (!level) {
      return fail(ErrorCode::usage, "\"" + text + "\" is no level", "--levels",
                  "bund, land, bezirk, kreis, verband or gemeinde");
    }
    mandate.levels.emplace_back(directory::name(*level));
  }
  std::ranges::sort(mandate.levels);
  return {};
}

std::string mandate_text(const network::Mandate& mandate, std::string_view indent) {
  std::vector<std::string> areas;
  for (const std::string& area : mandate.areas) areas.push_back(area.empty() ? "Deutschland" : area);
  std::vector<std::string> levels;
  for (const std::string& level : mandate.levels) {
    const auto word = std::ranges::find(level_words(), level, &LevelWord::second);
    levels.emplace_back(word == level_words().end() ? level : std::string(word->first));
  }
  const std::string start(indent);
  std::string out = start + "Redaktionen: " + joined(mandate.agencies) + "\n";
  out += start + "Gebiete: " + joined(areas) + "  Ebenen: " + joined(levels) + "\n";
  if (!mandate.kinds.empty()) out += start + "Arten: " + joined(mandate.kinds) + "\n";
  return out;
}

std::string state_text(const Member& member, std::string_view today) {
  if (!member.suspended.empty()) return "ruht: " + member.suspended;
  if (!member.valid_from.empty() && today < member.valid_from) return "noch nicht (ab " + member.valid_from + ")";
  if (!member.valid_until.empty() && today >= member.valid_until) return "beendet (seit " + member.valid_until + ")";
  return member.valid_until.empty() ? "Mitglied" : "Mitglied (bis vor " + member.valid_until + ")";
}

Json member_json(const Member& member, std::string_view today) {
  Json mandate = Json::object({{"agencies", to_json(member.mandate.agencies)}, {"areas", to_json(member.mandate.areas)},
                               {"kinds", to_json(member.mandate.kinds)}, {"levels", to_json(member.mandate.levels)}});
  return Json::object({{"name", member.name}, {"title", member.title}, {"key", member.key},
                       {"fingerprint", network::fingerprint(member.key)}, {"addresses", to_json(member.addresses)},
                       {"witness", !member.witness_key.empty()}, {"mandate", std::move(mandate)},
                       {"active", member.active(today)}, {"suspended", member.suspended},
                       {"valid_from", member.valid_from}, {"valid_until", member.valid_until}});
}

std::string network_text(const network::RegisterStore& members, std::string_view name, std::string_view today) {
  const auto policy = members.policy();
  const auto home = members.home();
  const bool here = members.is_operator();
  if (!policy && !home) return "";
  std::string out = "\nNetz: " + (policy ? policy->title : "von " + home->address + ", noch nicht gehört") +
                    (here ? " (dieser Knoten betreibt es)" : "") + "\n";
  if (!here && home) {
    out += "Betreiber: " + home->address + "\n";
    const auto self = members.member(name);
    out += "Dieser Knoten: " + (self ? state_text(*self, today) : "noch nicht aufgenommen") + "\n";
  }
  if (here) {
    if (const auto waiting = members.waiting().size(); waiting > 0) {
      out += "Anträge: " + std::to_string(waiting) + " (verbund node requests)\n";
    }
  }
  const auto all = members.members();
  out += "Mitglieder: " + std::to_string(all.size()) + "\n";
  for (const Member& member : all) {
    out += "  " + member.name + "  " + member.title + "  " + state_text(member, today) + "\n";
  }
  return out;
}

Json network_json(const network::RegisterStore& members, std::string_view name, std::string_view today) {
  const auto policy = members.policy();
  const auto home = members.home();
  if (!policy && !home) return {};
  Json list = Json(Json::Array{});
  for (const Member& member : members.members()) list.push(member_json(member, today));
  Json out = Json::object({{"operator", members.is_operator()}, {"members", std::move(list)}});
  if (policy) out.set("title", policy->title).set("quorum", policy->quorum);
  if (home && !members.is_operator()) out.set("address", home->address).set("key", home->key);
  if (members.is_operator()) out.set("waiting", members.waiting().size());
  const auto self = members.member(name);
  out.set("member", self.has_value() && self->active(today));
  return out;
}

}  // namespace verbund::cli

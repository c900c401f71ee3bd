// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/country.h"

#include <algorithm>
#include <cstdio>

#include "base/check.h"
#include "base/text.h"
#include "directory/workload/random.h"
#include "kits/text/text.h"

namespace verbund::directory::workload {
namespace {

// name | groups of things it deals with. In the order in which authorities have them.
constexpr std::string_view local_offices[] = {
    "Bürgerbüro|dvfpe", "Bauamt|b", "Ordnungsamt|age", "Kasse und Steueramt|aw", "Standesamt|f", "Sozialamt|pl",
    "Schulamt|s", "Umweltamt|nw", "Gewerbeamt|g", "Friedhofsverwaltung|b", "Kulturamt|es", "Jugendamt|psf",
    "Tiefbauamt|bw", "Stadtwerke|w", "Wohngeldstelle|p", "Straßenverkehrsbehörde|v", "Grünflächenamt|n",
    "Feuerwehr|el", "Bauhof|wn", "Bücherei|s", "Liegenschaftsamt|b", "Wahlamt|ed", "Kindertagesstätte|s",
    "Wirtschaftsförderung|g", "Fundbüro|da", "Gleichstellungsstelle|pf", "Pressestelle|e", "Seniorenbüro|p",
    "Gesundheitsamt|l", "Veterinäramt|al", "Ausländerbehörde|pd", "Zulassungsstelle|v", "Denkmalschutzbehörde|b",
    "Musikschule|s", "Volkshochschule|s", "Sportamt|se", "Rechtsamt|f", "Bürgeramt|dvfpe"};
constexpr std::string_view district_offices[] = {
    "Kreishaus|dvfpe", "Zulassungsbehörde|v", "Gesundheitsamt|l", "Veterinäramt|a", "Untere Naturschutzbehörde|n",
    "Untere Wasserbehörde|nw", "Bauaufsicht|b", "Jugendamt|pf", "Sozialamt|p", "Ausländerbehörde|pd",
    "Abfallwirtschaftsbetrieb|w", "Untere Jagdbehörde|da", "Gewerbeaufsicht|g", "Schulverwaltung|s",
    "Führerscheinstelle|dv", "Katasteramt|b", "Betreuungsstelle|f", "Rettungsleitstelle|le", "Kreismusikschule|s",
    "Straßenmeisterei|b", "Lebensmittelüberwachung|l", "Elterngeldstelle|fp", "Waffenbehörde|gd", "Kreisarchiv|se"};
constexpr std::string_view state_offices[] = {
    "Landesverwaltungsamt|dvfpe", "Ministerium für Inneres|df", "Ministerium für Bildung|s", "Landesamt für Umwelt|nw",
    "Landesamt für Soziales|p", "Landesbaudirektion|b", "Gewerbeaufsichtsamt|g", "Landesgesundheitsamt|l",
    "Landesforstbehörde|n", "Landesamt für Verkehr|v", "Landesamt für Verbraucherschutz|al", "Landesarchiv|se",
    "Finanzamt|ag", "Amtsgericht|f", "Landesvermessungsamt|b", "Landeswahlleitung|e"};
constexpr std::string_view federal_offices[] = {
    "Bundesverwaltungsamt|dvfpes", "Bundesamt für Justiz|df", "Kraftfahrt-Bundesamt|v", "Umweltbundesamt|nw",
    "Bundesamt für Wirtschaft|g", "Bundesinstitut für Arzneimittel|l", "Bundesanstalt für Landwirtschaft|a",
    "Agentur für Arbeit|p", "Familienkasse|fp", "Deutsche Rentenversicherung|p", "Zollamt|gv", "Eichamt|g",
    "Bundesnetzagentur|w", "Bundesamt für Bauwesen|b", "Luftfahrt-Bundesamt|v"};
constexpr std::string_view places[] = {"Mitte", "Nord", "Süd", "Ost", "West", "Altstadt", "Neustadt", "Am Bahnhof",
                                       "Am Markt", "Vorstadt", "Hafen", "Schlossviertel", "Südstadt", "Nordstadt"};
constexpr std::string_view streets[] = {
    "Rathausplatz", "Hauptstraße", "Schulstraße", "Bahnhofstraße", "Am Markt", "Kirchstraße", "Gartenstraße",
    "Lindenstraße", "Dorfstraße", "Schlossplatz", "Goethestraße", "Schillerstraße", "Bergstraße", "Mühlenweg",
    "Amtsgasse", "Postweg", "Ringstraße", "Marktplatz", "Am Stadtpark", "Brückenstraße", "Kastanienallee"};
// Source: Bundesnetzagentur, Mitteilung 148/2021: numbers reserved for media productions.
constexpr std::string_view phones[] = {"+49 30 23125-", "+49 40 66969-", "+49 69 90009-", "+49 89 99998-",
                                       "+49 221 4710-"};

std::span<const std::string_view> offices_of(Level level) {
  switch (level) {
    case Level::federation: return federal_offices;
    case Level::state:
    case Level::region: return state_offices;
    case Level::district: return district_offices;
    case Level::association:
    case Level::municipality: break;
  }
  return local_offices;
}

std::string_view office_name(std::string_view row) { return row.substr(0, row.find('|')); }
std::string_view office_groups(std::string_view row) { return row.substr(row.find('|') + 1); }

std::string three_digits(std::uint64_t number) {
  std::string out = std::to_string(number % 1000);
  return std::string(3 - out.size(), '0') + out;
}

}  // namespace

std::string state_agency(std::string_view state_digits) { return "L1000" + std::string(state_digits); }

Country::Country(std::vector<Area> areas, const std::vector<PostalCodeEntry>& codes, std::uint64_t seed, double scale)
    : areas_(std::move(areas)), seed_(mix(seed, 2)) {
  Area germany;
  germany.name = germany.short_name = "Deutschland";
  germany.level = germany.top_level = AreaLevel::federation;
  areas_.push_back(std::move(germany));
  std::sort(areas_.begin(), areas_.end(), [](const Area& a, const Area& b) { return a.key < b.key; });
  for (std::uint32_t i = 0; i < areas_.size(); ++i) numbers_.emplace(areas_[i].key.digits(), i);
  has_members_.assign(areas_.size(), 0);
  postal_code_.resize(areas_.size());
  for (const PostalCodeEntry& code : codes) {
    const auto found = numbers_.find(code.area.digits());
    if (found != numbers_.end() && postal_code_[found->second].empty()) postal_code_[found->second] = code.postal_code;
  }
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    const Area& area = areas_[i];
    levels_.push_back(static_cast<Level>(area.level));
    std::vector<std::uint32_t> chain;
    for (const AreaKey& key : area.key.with_ancestors())
      if (const auto found = numbers_.find(key.digits()); found != numbers_.end()) chain.push_back(found->second);
    const std::uint32_t state = i == 0 ? 0 : numbers_.at(area.key.digits().substr(0, 2));
    state_.push_back(state);
    if (i == state && i != 0) states_.push_back(i);
    if (area.level == AreaLevel::municipality && chain.size() > 1) has_members_[chain[1]] = 1;
    above_.push_back(std::move(chain));
    if (postal_code_[i].empty()) postal_code_[i] = area.seat_postal_code;
  }
  for (std::size_t level = 0; level < by_level_.size(); ++level) {
    by_level_[level].resize(areas_.size());
    for (std::uint32_t i = 0; i < areas_.size(); ++i) {
      // A city that is its own district answers on both levels.
      const auto low = static_cast<std::size_t>(areas_[i].level), top = static_cast<std::size_t>(areas_[i].top_level);
      if (level < top || level > low) continue;
      by_level_[level][0].push_back(i);
      if (state_[i] != 0) by_level_[level][state_[i]].push_back(i);
    }
  }
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    const std::uint32_t wanted = units_wanted(i, scale);
    authorities_.push_back({static_cast<std::uint32_t>(unit_area_.size()), wanted});
    unit_area_.insert(unit_area_.end(), wanted, i);
  }
}

bool Country::has_association(std::uint32_t municipality) const {
  return above_[municipality].size() > 1 && levels_[above_[municipality][1]] == Level::association;
}

std::uint32_t Country::units_wanted(std::uint32_t area, double scale) const {
  double wanted = 0;
  const auto population = static_cast<double>(areas_[area].population);
  switch (levels_[area]) {
    case Level::federation: wanted = 900; break;
    case Level::state: wanted = 500; break;
    case Level::region: wanted = 60; break;
    case Level::district: wanted = 60; break;
    case Level::association: wanted = has_members_[area] != 0 ? 22 : 0; break;
    case Level::municipality:
      if (population == 0) return 0;
      wanted = population < 1000 ? 7 : population < 3000 ? 11 : population < 10'000 ? 22 : population < 30'000 ? 38
               : population < 100'000 ? 90 : population < 300'000 ? 260 : 900;
  }
  if (wanted == 0) return 0;
  // Small authorities have nearly the same number, but not quite.
  wanted *= 0.85 + static_cast<double>(mix(seed_, area) % 31) / 100;
  return std::max<std::uint32_t>(1, static_cast<std::uint32_t>(wanted * scale));
}

ObjectId Country::unit_id(std::uint32_t unit) const {
  const std::uint32_t area = unit_area_[unit];
  const std::string agency =
      area == 0 ? std::string(federal_agency) : state_agency(areas_[state_[area]].key.digits());
  return {agency, std::to_string(100'000'000 + std::uint64_t{unit} * 3)};
}

std::string_view Country::office_row(std::uint32_t unit) const {
  const std::uint32_t area = unit_area_[unit];
  const auto offices = offices_of(levels_[area]);
  const std::uint32_t place = unit - authorities_[area].first_unit;
  if (place < offices.size()) return offices[place];
  return offices[mix(seed_, unit, 1) % offices.size()];
}

std::uint32_t Country::office(std::uint32_t area, char group, std::uint64_t which) const {
  const Authority& authority = authorities_[area];
  VERBUND_CHECK(authority.units > 0);
  const auto offices =
      static_cast<std::uint32_t>(std::min<std::size_t>(authority.units, offices_of(levels_[area]).size()));
  std::uint32_t found[8];
  std::size_t count = 0;
  for (std::uint32_t i = 0; i < offices && count < 8; ++i) {
    if (office_groups(office_row(authority.first_unit + i)).find(group) != std::string_view::npos) {
      found[count++] = authority.first_unit + i;
    }
  }
  // One in six matters is done at a branch.
  if (authority.units > offices && which % 6 == 0) {
    return authority.first_unit + offices + static_cast<std::uint32_t>(which / 6 % (authority.units - offices));
  }
  return count == 0 ? authority.first_unit : found[which % count];
}

std::string Country::authority_name(std::uint32_t number) const {
  const Area& area = areas_[number];
  const std::string& name = area.name;
  switch (levels_[number]) {
    case Level::federation: return "Bund";
    case Level::state: return "Land " + area.short_name;
    case Level::region:
      if (area.short_name.starts_with("früher: ")) {
        return "Landesdirektion" + area.short_name.substr(area.short_name.rfind(' '));
      }
      return "Bezirksregierung " + area.short_name.substr(area.short_name.starts_with("Reg.-Bez. ") ? 10 : 0);
    case Level::district: return (area.kind_code == "43" ? "Kreis " : "Landkreis ") + area.short_name;
    case Level::association:
      return (area.kind_code == "51" || area.kind_code == "55" ? "Amt "
              : area.kind_code == "52"                        ? "Samtgemeinde "
              : area.kind_code == "53"                        ? "Verbandsgemeinde "
                                                              : "Verwaltungsgemeinschaft ") +
             area.short_name;
    case Level::municipality: break;
  }
  const std::string_view suffix = std::string_view(name).substr(std::min(name.size(), area.short_name.size()));
  if (suffix.find("tadt") != std::string_view::npos) return "Stadt " + area.short_name;
  if (suffix.ends_with(", M")) return "Markt " + area.short_name;
  return "Gemeinde " + area.short_name;
}

OrganisationalUnit Country::unit(std::uint32_t number, std::uint32_t edition) const {
  const std::uint32_t area = unit_area_[number];
  const Authority& authority = authorities_[area];
  const std::uint32_t place = number - authority.first_unit;
  const std::uint64_t hash = mix(seed_, number, 3);
  const std::string_view office = office_name(office_row(number));
  OrganisationalUnit unit;
  unit.id = unit_id(number);
  std::string name = authority_name(area) + " – " + std::string(office);
  const std::size_t offices = offices_of(levels_[area]).size();
  if (place >= offices) {
    name += " " + std::string(places[hash % std::size(places)]);
    const std::size_t round = (place - offices) / (offices * 4);
    if (round > 0) name += " " + std::to_string(round + 1);
  }
  unit.name = {{"de", std::move(name)}};
  unit.kind = office;
  if (place > 0) unit.parent = unit_id(authority.first_unit);
  Address address;
  address.kind = "002";
  address.street = streets[hash / 7 % std::size(streets)];
  address.house_number = std::to_string(1 + (hash / 200 + edition / 3 * 2) % 120);
  address.postal_code = postal_code_[area];
  address.city = areas_[area].seat.empty() ? areas_[area].short_name : areas_[area].seat;
  address.wheelchair_access = hash % 10 < 7;
  unit.addresses.push_back(std::move(address));
  const std::string phone = std::string(phones[hash / 11 % std::size(phones)]) + three_digits(hash / 1000 + edition * 7);
  const std::string mail = text::slug(office) + "@" + text::slug(areas_[area].short_name) + ".example";
  unit.contacts = {{"phone", phone, {}}, {"email", mail, {}}};
  const std::uint64_t shift = (hash >> 20) + edition;
  static constexpr std::string_view opens[] = {"07:30", "08:00", "08:30", "09:00"};
  static constexpr std::string_view closes[] = {"12:00", "12:30", "13:00", "16:00", "18:00"};
  for (int day = 1; day <= 5; ++day) {
    if ((hash >> (40 + day)) % 4 == 0) continue;
    unit.hours.push_back({day, std::string(opens[shift % 4]), std::string(closes[(shift / 4 + day) % 5]), {}, {}});
  }
  return unit;
}

}  // namespace verbund::directory::workload

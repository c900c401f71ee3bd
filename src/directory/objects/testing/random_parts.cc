// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/testing/random_parts.h"

#include <cstdio>

namespace verbund::directory::testing {
namespace {

constexpr const char* words[] = {"Antrag",  "Personalausweis", "Führungszeugnis", "für",      "Straße",  "Gebühr",
                                 "Ämter",   "Übersicht",       "wohnen",          "Łódź",     "Żużel",   "łužyca",
                                 "чай",     "Ελλάς",           "œuvre",           "Āxis",     "12,50",   "§ 5",
                                 "„genau“", "(neu)",           "a–b",             "𝒳-Zeichen", "日本",   "Auskunft"};
constexpr const char* html_words[] = {"Sie", "brauchen", "den", "Ausweis", "Gebühr", "&amp;", "Öffnungszeiten",
                                      "<strong>wichtig</strong>", "Łódź", "чай", "drei", "Tage"};
constexpr const char* languages[] = {"de", "en", "de-simple", "tr", "pl", "fr"};

template <typename Text>
LocalisedTexts in_languages(Random& random, std::size_t count, Text text) {
  LocalisedTexts out;
  const std::size_t first = below(random, std::size(languages));
  for (std::size_t i = 0; i < count; ++i)
    out.push_back({languages[(first + i) % std::size(languages)], text(random)});
  return out;
}

std::string two_digits(std::size_t value) {
  return {static_cast<char>('0' + value / 10 % 10), static_cast<char>('0' + value % 10)};
}

}  // namespace

std::size_t below(Random& random, std::size_t bound) { return static_cast<std::size_t>(random() % bound); }

std::string random_digits(Random& random, std::size_t count) {
  std::string out;
  for (; count > 0; --count) out += static_cast<char>('0' + below(random, 10));
  return out;
}

std::string random_text(Random& random) {
  std::string out;
  for (std::size_t n = 1 + below(random, 4); n > 0; --n) {
    if (!out.empty()) out += ' ';
    out += one_of(random, words);
  }
  return out;
}

std::string random_html(Random& random) {
  std::string out = "<p>";
  for (std::size_t n = 1 + below(random, 5); n > 0; --n) {
    if (out.size() > 3) out += ' ';
    out += one_of(random, html_words);
  }
  return out + "</p>";
}

std::string random_day(Random& random) {
  return "20" + two_digits(10 + below(random, 30)) + "-" + two_digits(1 + below(random, 12)) + "-" +
         two_digits(1 + below(random, 28));
}

std::string random_time(Random& random) {
  return random_day(random) + "T" + two_digits(below(random, 24)) + ":" + two_digits(below(random, 60)) + ":" +
         two_digits(below(random, 60)) + "Z";
}

std::string random_uri(Random& random) {
  return "https://www.example.de/" + random_digits(random, 6) + (chance(random, 3) ? "?a=1&b=2" : "");
}

std::string random_language(Random& random) { return one_of(random, languages); }

LocalisedTexts random_texts(Random& random) { return in_languages(random, below(random, 4), random_text); }
LocalisedTexts random_htmls(Random& random) { return in_languages(random, below(random, 4), random_html); }

LocalisedTexts random_title(Random& random) {
  LocalisedTexts out{{"de", random_text(random)}};
  if (chance(random, 3)) out.push_back({"en", random_text(random)});
  if (chance(random, 3)) out.push_back({"de-simple", random_text(random)});
  return out;
}

ObjectId random_id(Random& random) {
  ObjectId out;
  out.agency = one_of(random, {"L100012", "B100019", "S100002", "stadt_x-1"});
  out.local = random_digits(random, 16);
  if (chance(random, 8)) out.local = "amt.süd/" + out.local;
  return out;
}

AreaKey random_area_key(Random& random) {
  // A state that exists, so that a format may look it up.
  const std::string state = two_digits(1 + below(random, 16));
  const std::size_t lengths[] = {0, 2, 5, 9, 12};
  const std::size_t length = lengths[below(random, std::size(lengths))];
  return AreaKey::parse((state + random_digits(random, 10)).substr(0, length)).value();
}

Identifier random_identifier(Random& random) {
  Identifier out;
  out.value = random_digits(random, 9);
  if (chance(random, 2)) out.agency = "L1000" + random_digits(random, 2);
  if (chance(random, 4)) out.agency_name = random_text(random);
  if (chance(random, 4)) out.data_uri = random_uri(random);
  if (chance(random, 3)) out.scheme = "urn:de:example:" + random_digits(random, 4);
  if (chance(random, 4)) out.scheme_name = random_text(random);
  if (chance(random, 4)) out.scheme_uri = random_uri(random);
  if (chance(random, 4)) out.scheme_version = random_digits(random, 1) + ".0";
  return out;
}

Code random_code(Random& random) {
  Code out;
  out.code = random_digits(random, 3);
  if (chance(random, 2)) out.list_uri = "urn:de:example:codeliste:" + random_digits(random, 3);
  if (chance(random, 2)) out.list_version = "20240216";
  out.name = maybe_text(random);
  return out;
}

Link random_link(Random& random) {
  Link out;
  if (chance(random, 2)) out.language = random_language(random);
  out.uri = random_uri(random);
  out.title = maybe_text(random);
  out.description = maybe_text(random);
  out.position = maybe_position(random);
  return out;
}

Period random_period(Random& random) {
  Period out;
  const std::size_t open = below(random, 3);  // open at the end, at the beginning, or neither
  if (open != 1) out.begin = chance(random, 2) ? random_day(random) : random_time(random);
  if (open != 0) out.end = "2055-12-31";
  out.note = random_texts(random);
  return out;
}

VersionInfo random_version(Random& random) {
  VersionInfo out;
  if (chance(random, 2)) out.created_at = random_time(random);
  out.created_by = maybe_text(random);
  if (chance(random, 2)) out.changed_at = random_time(random);
  out.changed_by = maybe_text(random);
  if (chance(random, 2)) out.version = random_digits(random, 2);
  return out;
}

std::vector<LanguageVersion> random_languages(Random& random) {
  std::vector<LanguageVersion> out;
  for (const LocalisedText& text : random_texts(random)) {
    LanguageVersion version;
    version.language = text.language;
    version.name_german = maybe_text(random);
    version.name_native = maybe_text(random);
    version.version = random_version(random);
    if (chance(random, 3)) version.translated_from = "de";
    if (chance(random, 3)) version.translated_from_id = random_digits(random, 8);
    if (chance(random, 3)) version.translated_by = random_text(random);
    out.push_back(std::move(version));
  }
  return out;
}

ModuleHead random_head(Random& random) {
  ModuleHead out;
  out.channel = one_of(random, {"", "000", "100", "200"});
  out.position = maybe_position(random);
  if (chance(random, 3)) out.id = random_identifier(random);
  if (chance(random, 3)) out.secondary_ids = some(random, random_identifier);
  if (chance(random, 3)) out.validity = some(random, random_period);
  return out;
}

Address random_address(Random& random) {
  Address out;
  out.kind = one_of(random, {"001", "002", "003", "004", "005", "006"});
  out.street = maybe_text(random);
  if (!out.street.empty()) out.house_number = random_digits(random, 2) + " a";
  if (chance(random, 3)) out.post_box = random_digits(random, 5);
  out.postal_code = random_digits(random, 5);
  out.city = random_text(random);
  if (chance(random, 3)) out.country = "Deutschland";
  out.supplement = maybe_text(random);
  out.district = maybe_text(random);
  if (chance(random, 2)) out.area = "01" + random_digits(random, 10);
  if (chance(random, 2)) out.municipality = "01" + random_digits(random, 6);
  if (chance(random, 2)) {
    out.latitude = 47 + static_cast<double>(below(random, 8'000'000)) / 1e6;
    out.longitude = 6 + static_cast<double>(below(random, 9'000'000)) / 1e6;
    if (chance(random, 2)) out.geo_source = "Vermessung";
  }
  out.wheelchair_access = maybe_flag(random);
  out.lift = maybe_flag(random);
  out.directions = random_htmls(random);
  out.public_transport = random_texts(random);
  out.parking = random_texts(random);
  return out;
}

Contact random_contact(Random& random) {
  Contact out;
  out.channel = one_of(random, {"phone", "mobile", "fax", "email", "web", "demail", "contact_form"});
  out.value = out.channel == "web" || out.channel == "contact_form" ? random_uri(random)
              : out.channel == "email" || out.channel == "demail"   ? "amt" + random_digits(random, 3) + "@example.de"
                                                                    : "+49 40 " + random_digits(random, 6);
  out.note = random_texts(random);
  return out;
}

OpeningHours random_hours(Random& random) {
  OpeningHours out;
  out.weekday = 1 + static_cast<int>(below(random, 7));
  out.opens = two_digits(7 + below(random, 5)) + ":30";
  out.closes = two_digits(12 + below(random, 8)) + ":00";
  out.kind = one_of(random, {"", "phone", "appointment"});
  out.note = random_texts(random);
  return out;
}

}  // namespace verbund::directory::testing

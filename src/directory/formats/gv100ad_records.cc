// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>
#include <chrono>
#include <map>

#include "base/text.h"
#include "directory/formats/gv100ad.h"

namespace verbund::directory {
namespace {

constexpr std::size_t record_characters_least = 23;  // up to the first character of the name
constexpr std::size_t record_characters_most = 300;

// The columns of a record; positions count characters from 0.
class Columns {
 public:
  explicit Columns(std::string_view utf8) : text_(utf8) {
    for (std::size_t i = 0; i < utf8.size(); ++i) {
      if ((static_cast<unsigned char>(utf8[i]) & 0xC0) != 0x80) starts_.push_back(i);
    }
  }
  std::size_t size() const { return starts_.size(); }
  // Trimmed; "" behind the end.
  std::string_view at(std::size_t first, std::size_t count) const {
    if (first >= starts_.size()) return {};
    const std::size_t begin = starts_[first];
    const std::size_t end = first + count < starts_.size() ? starts_[first + count] : text_.size();
    return trim(text_.substr(begin, end - begin));
  }

 private:
  std::string_view text_;
  std::vector<std::size_t> starts_;
};

std::unexpected<Error> broken(std::string message) {
  return fail(ErrorCode::invalid, std::move(message), {}, "Erwartet wird die Datei GV100AD von Destatis");
}

bool is_day(std::string_view digits) {
  if (digits.size() != 8 || !is_digits(digits)) return false;
  const auto year = *parse_number(digits.substr(0, 4)), month = *parse_number(digits.substr(4, 2));
  const auto day = *parse_number(digits.substr(6));
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  return year >= 1900 && date.ok();
}

// Lays a record over what is known of its territory: the lowest level names it.
void merge(Area& area, const GvRecord& record) {
  area.top_level = std::min(area.top_level, record.level);
  const bool lower = record.level >= area.level;
  area.level = std::max(area.level, record.level);
  if (lower || area.name.empty()) area.name = record.name;
  if ((lower && !record.kind_code.empty()) || area.kind_code.empty()) area.kind_code = record.kind_code;
  if ((lower && !record.seat.empty()) || area.seat.empty()) area.seat = record.seat;
  if (!record.postal_code.empty()) area.seat_postal_code = record.postal_code;
  if (lower) {
    area.hectares = record.hectares;
    area.population = record.population;
  }
}

}  // namespace

std::string latin1_to_utf8(std::string_view latin1) {
  std::string out;
  for (char c : latin1) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      out += c;
    } else {
      out += static_cast<char>(0xC0 | (byte >> 6));
      out += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return out;
}

Result<std::optional<GvRecord>> parse_gv_record(std::string_view utf8) {
  const Columns columns(utf8);
  if (columns.size() < record_characters_least || columns.size() > record_characters_most) {
    return broken("Ein Satz hat 220 Zeichen, dieser hat " + std::to_string(columns.size()));
  }
  const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (!is_utf8(utf8) || std::any_of(utf8.begin(), utf8.end(), control)) {
    return broken("Der Satz enthält Steuerzeichen oder ist kein Text");
  }

  GvRecord record;
  const std::string_view kind = columns.at(0, 2), day = columns.at(2, 8);
  if (!is_day(day)) return broken("Die Spalten 3 bis 10 sind kein Tag (JJJJMMTT)");
  record.day = std::string(day.substr(0, 4)) + "-" + std::string(day.substr(4, 2)) + "-" + std::string(day.substr(6));

  // Columns 11-22: state 2, region 1, district 2, municipality 3, association 4; the key has the association first.
  const std::string_view association = columns.at(18, 4), municipality = columns.at(15, 3);
  std::size_t digits = 0;
  if (kind == "10") record.level = AreaLevel::state, digits = 2;
  else if (kind == "20") record.level = AreaLevel::region, digits = 3;
  else if (kind == "30") return std::nullopt;
  else if (kind == "40") record.level = AreaLevel::district, digits = 5;
  else if (kind == "50") record.level = AreaLevel::association, digits = 9;
  else if (kind == "60") record.level = AreaLevel::municipality, digits = 12;
  else return broken("Die Satzart \"" + std::string(kind) + "\" ist keine von 10, 20, 30, 40, 50, 60");
  record.digits = std::string(columns.at(10, std::min<std::size_t>(digits, 5)));
  if (digits >= 9) record.digits += association;
  if (digits == 12) record.digits += municipality;
  if (record.digits.size() != digits || !is_digits(record.digits)) {
    return broken("Die Spalten 11 bis 22 sind kein Regionalschlüssel mit " + std::to_string(digits) + " Ziffern");
  }

  record.name = std::string(columns.at(22, 50));
  if (record.name.empty()) return broken("Der Name (Spalten 23 bis 72) fehlt");
  record.seat = std::string(columns.at(72, 50));
  record.kind_code = std::string(columns.at(122, 2));
  if (record.level != AreaLevel::municipality) return record;

  const auto hectares = parse_number(columns.at(128, 11)), population = parse_number(columns.at(139, 11));
  if (!hectares || !population) return broken("Fläche oder Bevölkerung (Spalten 129 bis 150) ist keine Zahl");
  record.hectares = *hectares;
  record.population = *population;
  record.postal_code = std::string(columns.at(165, 5));
  if (!record.postal_code.empty() && (record.postal_code.size() != 5 || !is_digits(record.postal_code))) {
    return broken("Die Postleitzahl (Spalten 166 bis 170) hat nicht 5 Ziffern");
  }
  return record;
}

Result<void> GvAreas::add(const GvRecord& record) {
  if (day_.empty()) day_ = record.day;
  if (record.day != day_) return broken("Der Stand " + record.day + " ist ein anderer als am Anfang (" + day_ + ")");
  records_.push_back(record);
  return {};
}

Result<std::vector<Area>> GvAreas::finish() {
  std::map<AreaKey, Area> areas;
  std::map<std::string, std::int64_t> municipalities;  // by the digits above them
  for (const auto& record : records_) {
    if (record.level != AreaLevel::municipality) continue;
    for (std::size_t digits : {2u, 3u, 5u, 9u}) ++municipalities[record.digits.substr(0, digits)];
  }
  if (municipalities.empty()) return broken("Die Datei enthält keine Gemeinde");

  std::map<std::string, int> seen;
  for (const auto& record : records_) {
    if (++seen[record.digits] > 1) return broken("Der Schlüssel " + record.digits + " kommt zweimal vor");
    const auto below = record.level == AreaLevel::municipality ? 1 : municipalities[record.digits];
    if (below == 0) {
      return broken(record.name + " (" + record.digits + ") hat keine Gemeinde; ist die Datei abgeschnitten?");
    }
    auto key = AreaKey::parse(record.digits);
    if (!key) return pass(key);
    if (key->digits().empty()) return broken("Der Schlüssel " + record.digits + " bezeichnet ganz Deutschland");
    const bool stands_alone = record.level == AreaLevel::association && record.kind_code == "50" && below == 1;
    if (stands_alone && key->digits().size() == 9) continue;
    auto [place, fresh] = areas.try_emplace(*key);
    if (fresh) {
      place->second.key = *key;
      place->second.level = place->second.top_level = record.level;
    }
    merge(place->second, record);
  }

  for (const auto& [key, area] : areas) {
    if (!areas.contains(*AreaKey::parse(key.padded().substr(0, 2)))) {
      return broken("Das Land zu " + area.name + " (" + key.padded() + ") fehlt");
    }
  }

  std::vector<Area> list;
  list.reserve(areas.size());
  for (auto& [key, area] : areas) {
    area.short_name = std::string(trim(std::string_view(area.name).substr(0, area.name.find(','))));
    list.push_back(std::move(area));
  }
  return list;
}

}  // namespace verbund::directory

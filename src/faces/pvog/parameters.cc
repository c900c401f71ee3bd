// SPDX-License-Identifier: EUPL-1.2
#include "faces/pvog/parameters.h"

#include <algorithm>

#include "base/clock.h"
#include "base/text.h"

namespace verbund::pvog {
namespace {

using directory::AreaKey;
using directory::Snapshot;

constexpr std::size_t most_keys = 100, most_size = 1000, usual_size = 10;
constexpr std::int64_t most_pages = 1'000'000;
constexpr std::size_t most_query_bytes = 200;

OrProblem<std::size_t> read_number(const http::Request& request, std::string_view name, std::size_t otherwise,
                                   std::int64_t least, std::int64_t most) {
  const std::string_view text = trim(request.query_value(name));
  if (text.empty()) return otherwise;
  const auto number = parse_number(text);
  if (!number || *number < least || *number > most) {
    return refuse(std::string(name) + " ist keine Zahl von " + std::to_string(least) + " bis " + std::to_string(most));
  }
  return static_cast<std::size_t>(*number);
}

}  // namespace

std::unexpected<http::Response> refuse(const std::string& detail) {
  return std::unexpected(http::problem(400, "Ungültige Anfrage", detail));
}

http::Response no_hit(const std::string& detail) { return http::problem(404, "Kein Treffer", detail); }

OrProblem<AreaKey> read_area_text(std::string_view digits, const Snapshot& snapshot) {
  if (!is_digits(digits) || digits.size() < 2 || digits.size() > 12)
    return refuse("ars ist kein Regionalschlüssel aus 2 bis 12 Ziffern");
  const auto key = AreaKey::parse(digits);
  if (!key) return refuse("ars ist kein Regionalschlüssel aus 2 bis 12 Ziffern");
  if (*key == AreaKey()) return AreaKey();
  const auto area = snapshot.area(*key);
  if (!area || (area->key != *key && area->key.contains(*key)))
    return std::unexpected(no_hit("Ein Gebiet " + std::string(digits) + " gibt es nicht."));
  return area->key;
}

OrProblem<AreaKey> read_area(const http::Request& request, const Snapshot& snapshot, std::string_view name) {
  const std::string_view digits = trim(request.query_value(name));
  if (digits.empty()) return AreaKey();
  return read_area_text(digits, snapshot);
}

OrProblem<Paging> read_paging(const http::Request& request) {
  auto page = read_number(request, "page", 0, 0, most_pages);
  if (!page) return std::unexpected(std::move(page.error()));
  auto size = read_number(request, "size", usual_size, 1, most_size);
  if (!size) return std::unexpected(std::move(size.error()));
  return Paging{*page, *size};
}

OrProblem<std::vector<std::string>> read_keys(const http::Request& request) {
  std::vector<std::string> out;
  for (const auto& [name, value] : request.query) {
    if (name != "leikaIds") continue;
    for (std::string_view key : split(value, ',')) {
      key = trim(key);
      if (key.empty()) continue;
      if (key.size() != 14 || !is_digits(key)) return refuse("leikaIds sind Leistungsschlüssel aus 14 Ziffern");
      if (std::find(out.begin(), out.end(), key) != out.end()) continue;
      if (out.size() == most_keys) return refuse("höchstens 100 leikaIds auf einmal");
      out.emplace_back(key);
    }
  }
  return out;
}

OrProblem<std::string> read_query(const http::Request& request) {
  const std::string_view query = trim(cut_utf8(trim(request.query_value("q")), most_query_bytes));
  if (query.empty()) return refuse("q fehlt");
  return std::string(query);
}

OrProblem<std::string> read_day(const http::Request& request) {
  const std::string_view day = trim(request.query_value("validDate"));
  if (day.empty()) return std::string();
  if (day.size() > 40 || !parse_time(day)) return refuse("validDate ist kein Datum wie 2026-06-08");
  return std::string(day);
}

std::string language_of(const http::Request& request) {
  for (std::string_view item : split(request.header("accept-language"), ',')) {
    const std::string language = to_lower_ascii(trim(item.substr(0, item.find(';'))));
    if (language == "de" || language.starts_with("de-")) return "de";
    if (language == "en" || language.starts_with("en-")) return "en";
  }
  return "de";
}

Json spring_page(Json::Array content, const Paging& paging, std::size_t total) {
  const std::size_t count = content.size(), pages = (total + paging.size - 1) / paging.size;
  return Json::object({{"content", std::move(content)},
                       {"totalElements", total},
                       {"totalPages", pages},
                       {"size", paging.size},
                       {"number", paging.page},
                       {"numberOfElements", count},
                       {"first", paging.page == 0},
                       {"last", paging.page + 1 >= pages},
                       {"empty", count == 0}});
}

}  // namespace verbund::pvog

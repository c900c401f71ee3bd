// SPDX-License-Identifier: EUPL-1.2
#include "faces/fit_connect/area_names.h"

#include <algorithm>
#include <map>

#include "base/text.h"
#include "directory/geography/area_store.h"
#include "kits/text/text.h"

namespace verbund::fit_connect {
namespace {

constexpr std::size_t most_bytes = 200;

std::size_t characters(std::string_view utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0) != 0x80; }));
}

std::unexpected<Error> refuse(std::string_view text, const char* why) {
  return fail(ErrorCode::invalid, "Der Suchausdruck „" + std::string(cut_utf8(text, 100)) + "“ " + why);
}

}  // namespace

std::string kind_of(const directory::Area& area) {
  static const std::map<std::string_view, const char*> kinds = {
      {"41", "Kreisfreie Stadt"}, {"42", "Stadtkreis"}, {"43", "Kreis"}, {"44", "Landkreis"}, {"45", "Regionalverband"},
      {"60", "Markt"}, {"61", "Kreisfreie Stadt"}, {"62", "Stadtkreis"}, {"63", "Stadt"}, {"64", "Gemeinde"},
      {"65", "Gemeindefreies Gebiet"}, {"66", "Gemeindefreies Gebiet"}, {"67", "Große Kreisstadt"}};
  using directory::AreaLevel;
  if (area.level == AreaLevel::municipality && area.top_level == AreaLevel::state) return "Stadtstaat";
  if (const auto known = kinds.find(area.kind_code); known != kinds.end()) return known->second;
  switch (area.level) {
    case AreaLevel::federation: return "Bund";
    case AreaLevel::state: return "Bundesland";
    case AreaLevel::region: return "Regierungsbezirk";
    case AreaLevel::district: return "Kreis";
    case AreaLevel::association: return "Gemeindeverband";
    case AreaLevel::municipality: return area.top_level == AreaLevel::district ? "Kreisfreie Stadt" : "Gemeinde";
  }
  return "Gebiet";
}

Result<Expression> Expression::read(std::string_view given) {
  const std::string_view text = trim(given);
  if (text.empty()) return refuse(text, "ist leer");
  if (text.size() > most_bytes) return refuse(text, "ist zu lang");
  Expression out;
  out.open_front_ = text.starts_with('*');
  out.open_back_ = text.ends_with('*');
  std::size_t at = 0;
  bool first = true;
  while (at < text.size()) {
    const std::size_t begin = std::min(text.find_first_not_of('*', at), text.size());
    const std::size_t stars = begin - at, end = std::min(text.find('*', begin), text.size());
    const bool inside = !first && begin < text.size();
    if (stars > (inside ? 2u : 1u)) return refuse(text, "hat zu viele Sterne hintereinander");
    if (begin == text.size() && first) return refuse(text, "braucht zwei Zeichen neben dem Stern");
    if (begin < text.size()) {
      const std::string_view literal = text.substr(begin, end - begin);
      if (characters(literal) < 2) return refuse(text, "braucht zwei Zeichen neben dem Stern");
      out.parts_.push_back(text::fold_umlauts(trim(literal)));
      if (out.parts_.back().empty()) return refuse(text, "enthält keinen Namen");
    }
    first = false;
    at = end;
  }
  return out;
}

bool Expression::matches(std::string_view folded) const {
  std::size_t at = 0;
  for (std::size_t i = 0; i < parts_.size(); ++i) {
    const std::string& part = parts_[i];
    const bool fixed_front = i == 0 && !open_front_, fixed_back = i + 1 == parts_.size() && !open_back_;
    if (fixed_back) {
      const bool fits = folded.size() >= at + part.size() && folded.ends_with(part);
      return fits && (!fixed_front || folded.size() == part.size());
    }
    const std::size_t found = fixed_front ? (folded.starts_with(part) ? 0 : folded.npos) : folded.find(part, at);
    if (found == folded.npos) return false;
    at = found + part.size();
  }
  return true;
}

AreaNames::AreaNames(store::Connection& connection) {
  const directory::AreaStore areas(connection);
  std::map<directory::AreaKey, std::vector<std::string>> codes;
  areas.each_postal_code([&](const auto& entry) { codes[entry.area].push_back(entry.postal_code); });
  areas.each_area([&](const directory::Area& area) {
    if (!area.valid_until.empty()) return;
    Entry entry{area.key, area.short_name.empty() ? area.name : area.short_name, kind_of(area), {}, area.population};
    for (const std::string& name : {area.name, area.short_name}) {
      entry.folded.push_back(text::fold_umlauts(name));
      for (std::string& word : text::words(name)) entry.folded.push_back(std::move(word));
    }
    if (const auto found = codes.find(area.key); found != codes.end()) {
      entry.folded.insert(entry.folded.end(), found->second.begin(), found->second.end());
    }
    std::sort(entry.folded.begin(), entry.folded.end());
    entry.folded.erase(std::unique(entry.folded.begin(), entry.folded.end()), entry.folded.end());
    entries_.push_back(std::move(entry));
  });
  std::stable_sort(entries_.begin(), entries_.end(),
                   [](const Entry& a, const Entry& b) { return a.population > b.population; });
}

std::vector<const AreaNames::Entry*> AreaNames::find(const std::vector<Expression>& expressions) const {
  std::vector<const Entry*> out;
  for (const Entry& entry : entries_) {
    const bool all = std::all_of(expressions.begin(), expressions.end(), [&](const Expression& expression) {
      return std::any_of(entry.folded.begin(), entry.folded.end(),
                         [&](const std::string& folded) { return expression.matches(folded); });
    });
    if (all) out.push_back(&entry);
  }
  return out;
}

}  // namespace verbund::fit_connect

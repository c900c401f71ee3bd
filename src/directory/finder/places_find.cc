// SPDX-License-Identifier: EUPL-1.2
// What people type for a place.
#include <algorithm>
#include <tuple>
#include <unordered_map>

#include "base/text.h"
#include "directory/finder/places.h"
#include "directory/finder/query.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

constexpr std::size_t most_candidates = 20'000;
constexpr std::size_t least_correctable = 4;

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : " ") + word;
  return out;
}

}  // namespace

// Candidates with their fit; the best fit of an area counts.
struct Places::Found {
  enum Fit : int { key, exact, official, begins, inside, near };
  std::unordered_map<std::uint32_t, int> fit;

  void add(std::uint32_t area, int how) {
    if (fit.size() >= most_candidates) return;
    const auto [at, added] = fit.emplace(area, how);
    if (!added) at->second = std::min(at->second, how);
  }
};

void Places::find_digits(std::string_view digits, Found& found) const {
  const auto add_key = [&](std::string_view ars, int how) {
    const auto parsed = AreaKey::parse(ars);
    if (!parsed || *parsed == AreaKey()) return;
    const std::uint32_t area = number(current(*parsed));
    if (area != none) found.add(area, how);
  };
  if (digits.size() == 5 && is_postal_code(digits)) {
    for (auto at = std::lower_bound(postal_.begin(), postal_.end(),
                                    std::pair{static_cast<std::uint32_t>(*parse_number(digits)), std::uint32_t{0}});
         at != postal_.end() && at->first == static_cast<std::uint32_t>(*parse_number(digits)); ++at) {
      found.add(at->second, Found::exact);
    }
    return;
  }
  if (digits.size() == 8) {
    const auto number_of = static_cast<std::uint32_t>(*parse_number(digits));
    const auto at = std::lower_bound(municipality_keys_.begin(), municipality_keys_.end(),
                                     std::pair{number_of, std::uint32_t{0}});
    if (at != municipality_keys_.end() && at->first == number_of) found.add(at->second, Found::key);
    return;
  }
  if (digits.size() == 2 || digits.size() == 3 || digits.size() == 5 || digits.size() == 9 || digits.size() == 12) {
    add_key(digits, Found::key);
  }
  if (digits.size() > 0 && digits.size() < 5) {   // a postal code being typed
    auto low = static_cast<std::uint32_t>(*parse_number(digits));
    std::uint32_t span = 1;
    for (std::size_t i = digits.size(); i < 5; ++i) {
      low *= 10;
      span *= 10;
    }
    for (auto at = std::lower_bound(postal_.begin(), postal_.end(), std::pair{low, std::uint32_t{0}});
         at != postal_.end() && at->first < low + span; ++at) {
      found.add(at->second, Found::begins);
    }
  }
}

void Places::find_names(std::string_view query, Found& found) const {
  const std::string wanted = joined(text::words(query));
  if (wanted.empty()) return;
  const auto first = std::partition_point(names_.begin(), names_.end(),
                                          [&](const Name& name) { return pool_.at(name.text) < wanted; });
  for (auto at = first; at != names_.end() && pool_.at(at->text).starts_with(wanted); ++at) {
    const bool whole = pool_.at(at->text).size() == wanted.size();
    if (at->kind > 1) {
      found.add(at->area, Found::inside);
    } else if (whole) {
      found.add(at->area, at->kind == 0 ? Found::exact : Found::official);
    } else {
      found.add(at->area, Found::begins);
    }
  }
  // "name (district)", "name, district", also "Kreis name".
  const std::size_t open = query.find_first_of("(,");
  if (open != std::string_view::npos && open > 0) {
    const std::string name = joined(text::words(query.substr(0, open)));
    const std::string inside = joined(text::words(query.substr(open + 1)));
    if (!name.empty() && !inside.empty()) {
      for (auto at = std::partition_point(names_.begin(), names_.end(),
                                          [&](const Name& n) { return pool_.at(n.text) < name; });
           at != names_.end() && pool_.at(at->text) == name; ++at) {
        if (at->kind > 1) continue;
        const std::string district = 
            joined(text::words(label_of(areas_[at->area]) + " " + district_of(areas_[at->area])));
        if ((" " + district).find(" " + inside) != std::string::npos) found.add(at->area, Found::exact);
      }
    }
  }
  const std::string folded_kind = wanted.substr(0, wanted.find(' '));
  if ((folded_kind == "kreis" || folded_kind == "landkreis") && wanted.size() > folded_kind.size() + 1) {
    const std::string name = wanted.substr(folded_kind.size() + 1);
    for (auto at = std::partition_point(names_.begin(), names_.end(),
                                        [&](const Name& n) { return pool_.at(n.text) < name; });
         at != names_.end() && pool_.at(at->text).starts_with(name); ++at) {
      if (areas_[at->area].level != AreaLevel::district || at->kind > 1) continue;
      found.add(at->area, pool_.at(at->text) == name ? Found::exact : Found::begins);
    }
  }
  if (!found.fit.empty() || wanted.size() < least_correctable) return;
  // One letter wrong, but not the first: that keeps it to one part of the names.
  const std::string_view letter = std::string_view(wanted).substr(0, 1);
  for (auto at = std::partition_point(names_.begin(), names_.end(),
                                      [&](const Name& n) { return pool_.at(n.text) < letter; });
       at != names_.end() && pool_.at(at->text).starts_with(letter); ++at) {
    const std::string_view text = pool_.at(at->text);
    if (at->kind > 1 || text.size() + 1 < wanted.size() || wanted.size() + 1 < text.size()) continue;
    if (text::edit_distance(wanted, text, 1) <= 1) found.add(at->area, Found::near);
  }
}

std::vector<Places::Match> Places::find(std::string_view query, std::size_t limit) const {
  const std::string readable_query = readable(cut_utf8(query, query_bytes_read));
  std::string_view wanted = trim(readable_query);
  Found found;
  std::string digits;
  for (const char c : wanted) {
    if (c != ' ') digits += c;
  }
  if (is_digits(digits)) {
    if (digits.size() <= 12) find_digits(digits, found);
  } else {
    // "22846 Norderstedt": the code says it all.
    const std::string_view first = wanted.substr(0, 5);
    if (is_postal_code(first) && wanted.size() > 5 && wanted[5] == ' ') {
      find_digits(first, found);
      Found named;
      find_names(wanted.substr(6), named);
      Found both;
      for (const auto& [area, how] : found.fit) {
        if (named.fit.contains(area)) both.add(area, how);
      }
      if (!both.fit.empty()) found = std::move(both);
    } else {
      find_names(wanted, found);
    }
  }

  std::vector<std::tuple<int, std::int64_t, std::uint32_t>> order;
  for (const auto& [area, how] : found.fit) {
    // A city comes before the district or the empty land of the same name.
    const std::int64_t people = areas_[area].population;
    const bool lowest = areas_[area].level == AreaLevel::municipality && shared_name_[area] < unincorporated;
    const int fit = (how == Found::official ? int{Found::exact} : how) * 2 +
                    (how <= Found::official && !lowest ? 1 : 0);
    order.emplace_back(fit, -people, area);
  }
  std::sort(order.begin(), order.end());
  std::vector<Match> out;
  for (const auto& [fit, people, area] : order) {
    if (out.size() >= limit) break;
    out.push_back({&areas_[area], fit / 2 <= Found::official});
  }
  return out;
}

bool Places::spelled(const Area& area, std::string_view query) const {
  const std::string wanted = to_lower_ascii(trim(query));
  return to_lower_ascii(area.short_name) == wanted || to_lower_ascii(label_of(area)) == wanted;
}

const Area* Places::only(std::string_view query) const {
  std::vector<Match> found = find(query, 1000);
  const auto is_spelled = [&](const Match& match) { return match.exact && spelled(*match.area, query); };
  if (std::any_of(found.begin(), found.end(), is_spelled)) {
    std::erase_if(found, [&](const Match& m) { return !is_spelled(m); });
  }
  std::vector<const Area*> exact, municipalities;
  for (const Match& match : found) {
    if (!match.exact) continue;
    exact.push_back(match.area);
    if (match.area->level == AreaLevel::municipality && shared_name_[number(match.area->key)] < unincorporated) {
      municipalities.push_back(match.area);
    }
  }
  if (exact.size() == 1) return exact.front();
  if (municipalities.size() == 1) return municipalities.front();   // the city, not the district around it
  if (!exact.empty()) return nullptr;
  return by_slug(trim(query));
}

}  // namespace verbund::directory::finder

// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/places.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/text.h"
#include "directory/finder/area_numbers.h"
#include "kits/text/text.h"

namespace verbund::directory::finder {
namespace {

// Land of no municipality ("gemeindefreies Gebiet"): nobody's home, often named like the town beside it.
bool is_unincorporated(const Area& area) { return area.kind_code == "65" || area.kind_code == "66"; }

std::uint32_t as_number(std::string_view digits) {
  return static_cast<std::uint32_t>(parse_number(digits).value_or(0));
}

}  // namespace

Places::Places(std::vector<Area> areas, const std::vector<PostalCodeEntry>& postal_codes) : areas_(std::move(areas)) {
  std::sort(areas_.begin(), areas_.end(), [](const Area& a, const Area& b) { return a.key < b.key; });
  areas_.erase(std::unique(areas_.begin(), areas_.end(), [](const Area& a, const Area& b) { return a.key == b.key; }),
               areas_.end());
  areas_.shrink_to_fit();
  for (const Area& area : areas_) {
    codes_.push_back(area_code(area.key));
    ended_.push_back(area.valid_until.empty() ? 0 : 1);
  }
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    if (!areas_[i].slug.empty()) slugs_.emplace_back(hash_text(areas_[i].slug), i);
    const std::string digits = municipality_key(areas_[i]);
    if (!digits.empty() && listed(areas_[i])) municipality_keys_.emplace_back(as_number(digits), i);
  }
  for (const PostalCodeEntry& entry : postal_codes) {
    const std::uint32_t area = number(current(entry.area));
    if (area == none || !is_digits(entry.postal_code) || entry.postal_code.size() != 5) continue;
    postal_.emplace_back(as_number(entry.postal_code), area);
    postal_of_.emplace_back(area, as_number(entry.postal_code));
  }
  for (auto* list : {&postal_, &postal_of_, &municipality_keys_}) {
    std::sort(list->begin(), list->end());
    list->erase(std::unique(list->begin(), list->end()), list->end());
    list->shrink_to_fit();
  }
  std::sort(slugs_.begin(), slugs_.end());
  index_names();
}

std::uint32_t Places::number(std::uint64_t code) const {
  const auto found = std::lower_bound(codes_.begin(), codes_.end(), code);
  return found != codes_.end() && *found == code ? static_cast<std::uint32_t>(found - codes_.begin()) : none;
}

std::uint32_t Places::number(const AreaKey& key) const { return number(area_code(key)); }

const Area* Places::at(const AreaKey& key) const {
  const std::uint32_t area = number(key);
  return area == none ? nullptr : &areas_[area];
}

AreaKey Places::current(const AreaKey& key) const {
  const std::uint32_t own = number(key);
  if (own == none || ended_[own] == 0) return key;
  AreaKey now = key;
  for (int steps = 0; steps < 16; ++steps) {   // a ring of successors must not hold us
    const Area* area = at(now);
    if (area == nullptr || area->valid_until.empty() || area->successor == AreaKey()) break;
    now = area->successor;
  }
  return now;
}

const Area* Places::nearest(const AreaKey& key) const {
  for (const AreaKey& above : current(key).with_ancestors()) {
    if (const Area* area = at(above)) return area;
  }
  return nullptr;
}

const Area* Places::by_slug(std::string_view slug) const {
  const std::uint64_t hash = hash_text(slug);
  for (auto found = std::lower_bound(slugs_.begin(), slugs_.end(), std::pair{hash, std::uint32_t{0}});
       found != slugs_.end() && found->first == hash; ++found) {
    if (areas_[found->second].slug == slug) return at(current(areas_[found->second].key));
  }
  return nullptr;
}

// Offered to people: still valid, and not the association that only repeats its one municipality.
bool Places::listed(const Area& area) const {
  if (!area.valid_until.empty() || area.key == AreaKey()) return false;
  if (area.level != AreaLevel::association) return true;
  auto inside = std::upper_bound(areas_.begin(), areas_.end(), area.key,
                                 [](const AreaKey& key, const Area& other) { return key < other.key; });
  for (; inside != areas_.end() && area.key.contains(inside->key); ++inside) {
    if (inside->short_name == area.short_name && inside->valid_until.empty()) return false;
  }
  return true;
}

void Places::index_names() {
  std::map<std::string_view, int> short_names;
  std::map<std::pair<std::string_view, std::string>, int> in_district, officially_in_district;
  const auto counts = [](const Area& area) {
    return area.level == AreaLevel::municipality && area.valid_until.empty() && !is_unincorporated(area);
  };
  for (const Area& area : areas_) {
    if (!counts(area)) continue;
    ++short_names[area.short_name];
    ++in_district[{area.short_name, area.key.digits().substr(0, 5)}];
    ++officially_in_district[{area.name, area.key.digits().substr(0, 5)}];
  }
  shared_name_.assign(areas_.size(), own_name);
  for (std::uint32_t i = 0; i < areas_.size(); ++i) {
    const Area& area = areas_[i];
    if (counts(area) && short_names[area.short_name] > 1) {
      const std::string district = area.key.digits().substr(0, 5);
      shared_name_[i] = in_district[{area.short_name, district}] < 2            ? shared
                        : officially_in_district[{area.name, district}] < 2 ? shared_in_district
                                                                            : shared_officially;
    }
    if (is_unincorporated(area)) {
      shared_name_[i] = short_names.contains(area.short_name) ? unincorporated_shared : unincorporated;
    }
    if (!listed(area)) continue;
    // Kinds: 0 the whole short name, 1 the official one, n > 1 the short name from its n-th word on.
    const std::vector<std::string> words = text::words(area.short_name);
    std::string rest;
    for (std::size_t first = words.size(); first-- > 0;) {
      rest = rest.empty() ? words[first] : words[first] + " " + rest;
      names_.push_back({pool_.add(rest), i, first == 0 ? 0U : static_cast<std::uint32_t>(first + 1)});
    }
    std::string official;
    for (const std::string& word : text::words(area.name)) official += (official.empty() ? "" : " ") + word;
    if (official != rest && !official.empty()) names_.push_back({pool_.add(official), i, 1});
  }
  index_words();
  pool_.shrink();
  std::sort(names_.begin(), names_.end(), [this](const Name& a, const Name& b) {
    return std::tuple(pool_.at(a.text), a.kind, a.area) < std::tuple(pool_.at(b.text), b.kind, b.area);
  });
  names_.shrink_to_fit();
}

void Places::index_words() {
  word_begin_.assign(1, 0);
  for (const Area& area : areas_) {
    std::uint32_t above = none;
    for (std::uint64_t code = area_code(area.key); code != 0 && above == none;) above = number(code = area_above(code));
    above_.push_back(above);
    if (area.key != AreaKey()) {
      for (const std::string& word : text::words(area.short_name)) {
        if (word.size() > 3) words_.push_back(pool_.add(word));
      }
    }
    word_begin_.push_back(static_cast<std::uint32_t>(words_.size()));
  }
}

void Places::words_of(const AreaKey& key, std::vector<std::string_view>& out) const {
  out.clear();
  std::uint64_t code = area_code(current(key));
  std::uint32_t area = number(code);
  while (area == none && code != 0) area = number(code = area_above(code));
  for (; area != none; area = above_[area]) {
    for (std::uint32_t i = word_begin_[area]; i < word_begin_[area + 1]; ++i) out.push_back(pool_.at(words_[i]));
  }
}

bool Places::is_postal_code(std::string_view digits) const {
  if (digits.size() != 5 || !is_digits(digits)) return false;
  const std::pair<std::uint32_t, std::uint32_t> first{as_number(digits), 0};
  const auto found = std::lower_bound(postal_.begin(), postal_.end(), first);
  return found != postal_.end() && found->first == first.first;
}

std::vector<std::string> Places::postal_codes(const AreaKey& municipality) const {
  std::vector<std::string> out;
  const std::uint32_t area = number(current(municipality));
  if (area == none) return out;
  for (auto found = std::lower_bound(postal_of_.begin(), postal_of_.end(), std::pair{area, std::uint32_t{0}});
       found != postal_of_.end() && found->first == area; ++found) {
    std::string code = std::to_string(found->second);
    code.insert(0, 5 - code.size(), '0');
    out.push_back(std::move(code));
  }
  return out;
}

std::string Places::district_of(const Area& area) const {
  const std::string& digits = area.key.digits();
  const auto prefix = AreaKey::parse(digits.substr(0, 5));
  const Area* district = prefix && digits.size() > 5 ? at(*prefix) : nullptr;
  if (district == nullptr && digits.size() > 2) {   // its own district, or the district is unknown: the state
    const auto state = AreaKey::parse(digits.substr(0, 2));
    district = state ? at(*state) : nullptr;
  }
  return district != nullptr ? label_of(*district) : std::string();
}

std::string Places::label_of(const Area& area) const {
  if (area.level == AreaLevel::district && area.top_level == AreaLevel::district) {
    // Textkennzeichen 43 Kreis, 44 Landkreis; some have the word in their name.
    const std::string folded = text::fold(area.short_name);
    if (folded.find("kreis") != folded.npos || folded.find("region") != folded.npos) return area.short_name;
    if (area.kind_code == "43") return "Kreis " + area.short_name;
    if (area.kind_code == "44") return "Landkreis " + area.short_name;
    return area.short_name;
  }
  const std::uint32_t i = number(area.key);
  if (i == none || shared_name_[i] == own_name || shared_name_[i] == unincorporated) return area.short_name;
  // Twice in one district: the official names differ ("Garding, Stadt" and "Garding, Kirchspiel"), or the associations.
  const std::string& name = shared_name_[i] == shared_in_district ? area.name : area.short_name;
  std::string inside = district_of(area);
  if (shared_name_[i] == shared_officially && area.key.digits().size() == 12) {
    const auto key = AreaKey::parse(area.key.digits().substr(0, 9));
    const Area* association = key ? at(*key) : nullptr;
    if (association != nullptr) inside = association->short_name + ", " + inside;
  }
  if (shared_name_[i] == unincorporated_shared)
    inside = inside.empty() ? "gemeindefreies Gebiet" : "gemeindefreies Gebiet, " + inside;
  return inside.empty() ? name : name + " (" + inside + ")";
}

std::string Places::label(const AreaKey& key) const {
  const AreaKey now = current(key);
  if (now == AreaKey()) return "Deutschland";
  const Area* area = at(now);
  return area != nullptr ? label_of(*area) : now.digits();
}

std::size_t Places::bytes() const {
  std::size_t out = areas_.capacity() * sizeof(Area) + pool_.bytes() + names_.capacity() * sizeof(Name) +
                    (postal_.capacity() + postal_of_.capacity() + municipality_keys_.capacity()) * 8 +
                    slugs_.capacity() * 16 + shared_name_.capacity() + codes_.capacity() * 8 + ended_.capacity() +
                    (above_.capacity() + word_begin_.capacity() + words_.capacity()) * 4;
  for (const Area& area : areas_) {
    for (const std::string* text : {&area.name, &area.short_name, &area.seat, &area.slug}) {
      if (text->capacity() > 15) out += text->capacity() + 1;
    }
  }
  return out;
}

}  // namespace verbund::directory::finder

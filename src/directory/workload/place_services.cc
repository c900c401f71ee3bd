// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/place_services.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::directory::workload {
namespace {

bool is_title(const Phrase& phrase) {
  return phrase.kind == Phrase::Kind::citizen_title || phrase.kind == Phrase::Kind::title;
}

bool holds(const std::vector<std::uint32_t>& phrase, const std::vector<std::uint32_t>& atoms) {
  return std::includes(phrase.begin(), phrase.end(), atoms.begin(), atoms.end());
}

void unite(std::vector<std::uint32_t>& into, std::uint32_t service) {
  if (into.empty() || into.back() != service) into.push_back(service);
}

}  // namespace

PlaceServices::PlaceServices(const Plan& plan, const Coverage& coverage, const Country& country, std::uint32_t place)
    : plan_(plan) {
  const auto& services = plan.services();
  for (std::uint32_t i = 0; i < services.size(); ++i) {
    const std::uint32_t publisher = services[i].publisher;
    const auto& above = country.above(place);
    if (std::find(above.begin(), above.end(), publisher) == above.end()) continue;
    if (!coverage.offered(i, place)) continue;
    services_.push_back(i);
    for (const Phrase& phrase : services[i].phrases) {
      for (const std::uint32_t atom : phrase.atoms) unite(by_atom_[atom], i);
      if (!is_title(phrase)) continue;
      const std::string low = lower(phrase.text);
      for (const std::string_view word : split(low, ' ')) words_.emplace(word, i);
    }
  }
}

std::vector<std::uint32_t> PlaceServices::with_all(const std::vector<std::uint32_t>& atoms) const {
  std::vector<std::uint32_t> out;
  for (std::size_t i = 0; i < atoms.size(); ++i) {
    const auto found = by_atom_.find(atoms[i]);
    if (found == by_atom_.end()) return {};
    if (i == 0) {
      out = found->second;
      continue;
    }
    std::vector<std::uint32_t> both;
    std::set_intersection(out.begin(), out.end(), found->second.begin(), found->second.end(), std::back_inserter(both));
    out = std::move(both);
  }
  return out;
}

std::optional<std::vector<std::uint32_t>> PlaceServices::holding(const std::vector<std::uint32_t>& atoms, bool terms,
                                                                 std::size_t most) const {
  std::vector<std::uint32_t> scattered = with_all(atoms), out;
  for (const std::uint32_t service : scattered) {
    const auto& phrases = plan_.services()[service].phrases;
    if (std::any_of(phrases.begin(), phrases.end(), [&](const Phrase& phrase) {
          return (terms || is_title(phrase)) && holds(phrase.atoms, atoms);
        })) {
      out.push_back(service);
    }
  }
  if (out.empty() || out.size() > most || out.size() != scattered.size()) return std::nullopt;
  return out;
}

std::optional<std::vector<std::uint32_t>> PlaceServices::beginning(const std::vector<std::uint32_t>& atoms,
                                                                   std::string_view prefix, std::size_t most) const {
  std::vector<std::uint32_t> out;
  for (auto at = words_.lower_bound(std::string(prefix)); at != words_.end() && at->first.starts_with(prefix); ++at) {
    const auto& phrases = plan_.services()[at->second].phrases;
    if (std::any_of(phrases.begin(), phrases.end(),
                    [&](const Phrase& phrase) { return is_title(phrase) && holds(phrase.atoms, atoms); })) {
      out.push_back(at->second);
    }
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  if (out.empty() || out.size() > most) return std::nullopt;
  return out;
}

}  // namespace verbund::directory::workload

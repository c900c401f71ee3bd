// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/responsibility_index.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"
#include "base/text.h"

namespace verbund::directory::finder {

std::uint64_t area_code(const AreaKey& key) {
  return static_cast<std::uint64_t>(parse_number(key.padded()).value_or(0));
}

AreaKey area_of_code(std::uint64_t code) {
  std::string digits = std::to_string(code);
  digits.insert(0, 12 - std::min<std::size_t>(12, digits.size()), '0');
  auto key = AreaKey::parse(digits);
  VERBUND_CHECK(key.has_value());
  return *key;
}

ResponsibilityIndex::ResponsibilityIndex(std::uint32_t services, std::uint32_t units, std::vector<Entry> entries) {
  for (const Entry& entry : entries) areas_.push_back(entry.area);
  std::sort(areas_.begin(), areas_.end());
  areas_.erase(std::unique(areas_.begin(), areas_.end()), areas_.end());
  areas_.shrink_to_fit();

  const auto order = [](const Entry& e) { return std::tuple(e.service, e.area, e.kind, e.role, e.holder); };
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) { return order(a) < order(b); });
  entries.erase(std::unique(entries.begin(), entries.end(),
                            [&](const Entry& a, const Entry& b) { return order(a) == order(b); }),
                entries.end());

  begin_.assign(std::size_t{services} + 1, 0);
  area_.reserve(entries.size());
  holder_.reserve(entries.size());
  role_.reserve(entries.size());
  std::vector<std::pair<std::uint32_t, std::uint32_t>> done;   // unit, service
  for (const Entry& entry : entries) {
    VERBUND_CHECK(entry.service < services && entry.holder < (1U << 30));
    ++begin_[entry.service + 1];
    area_.push_back(static_cast<std::uint32_t>(std::lower_bound(areas_.begin(), areas_.end(), entry.area) -
                                               areas_.begin()));
    holder_.push_back(entry.holder | static_cast<std::uint32_t>(entry.kind) << 30);
    role_.push_back(entry.role);
    if (entry.kind == HolderKind::unit) {
      VERBUND_CHECK(entry.holder < units);
      done.emplace_back(entry.holder, entry.service);
    }
  }
  entries = {};
  for (std::size_t i = 0; i < services; ++i) begin_[i + 1] += begin_[i];

  std::sort(done.begin(), done.end());
  done.erase(std::unique(done.begin(), done.end()), done.end());
  unit_begin_.assign(std::size_t{units} + 1, 0);
  unit_services_.reserve(done.size());
  for (const auto& [unit, service] : done) {
    ++unit_begin_[unit + 1];
    unit_services_.push_back(service);
  }
  for (std::size_t i = 0; i < units; ++i) unit_begin_[i + 1] += unit_begin_[i];
}

ResponsibilityIndex::Place ResponsibilityIndex::place(const AreaKey& key) const {
  Place out;
  const auto rank = [&](std::uint64_t code) {
    return static_cast<std::uint32_t>(std::lower_bound(areas_.begin(), areas_.end(), code) - areas_.begin());
  };
  for (const AreaKey& above : key.with_ancestors()) {
    const std::uint64_t code = area_code(above);
    const std::uint32_t area = rank(code);
    if (area < areas_.size() && areas_[area] == code && out.count < most_levels) out.areas[out.count++] = area;
  }
  std::uint64_t span = 1;
  for (std::size_t i = key.digits().size(); i < 12; ++i) span *= 10;
  const std::uint64_t first = area_code(key);
  out.within_begin = rank(first);
  out.within_end = rank(first + span);
  return out;
}

// Entries of a service in an area.
std::pair<std::size_t, std::size_t> ResponsibilityIndex::range(std::uint32_t service, std::uint32_t area) const {
  const auto first = area_.begin() + begin_[service], last = area_.begin() + begin_[service + 1];
  const auto [low, high] = std::equal_range(first, last, area);
  return {static_cast<std::size_t>(low - area_.begin()), static_cast<std::size_t>(high - area_.begin())};
}

ResponsibilityIndex::Offer ResponsibilityIndex::offer(std::uint32_t service, const Place& place) const {
  const auto first = area_.begin() + begin_[service], last = area_.begin() + begin_[service + 1];
  if (first == last) return Offer::unknown;
  for (std::size_t i = 0; i < place.count; ++i) {
    if (std::binary_search(first, last, place.areas[i])) return Offer::here;
  }
  const auto inside = std::lower_bound(first, last, place.within_begin);
  return inside != last && *inside < place.within_end ? Offer::within : Offer::elsewhere;
}

int ResponsibilityIndex::nearness(std::uint32_t service, const Place& place) const {
  for (std::size_t i = 0; i < place.count; ++i) {
    const auto [low, high] = range(service, place.areas[i]);
    if (low != high) return static_cast<int>(area_of_code(areas_[place.areas[i]]).digits().size());
  }
  return -1;
}

bool ResponsibilityIndex::has_online(std::uint32_t service, const Place& place) const {
  for (std::size_t i = 0; i < place.count; ++i) {
    const auto [low, high] = range(service, place.areas[i]);
    for (std::size_t entry = low; entry < high; ++entry) {
      if (kind(entry) == HolderKind::online_service) return true;
    }
  }
  return false;
}

ResponsibilityIndex::Answer ResponsibilityIndex::at(std::uint32_t service, const Place& place) const {
  Answer out;
  for (std::size_t i = 0; i < place.count; ++i) {
    const std::uint64_t area = areas_[place.areas[i]];
    const auto [low, high] = range(service, place.areas[i]);
    for (std::size_t entry = low; entry < high; ++entry) {
      const auto known = [&](const std::vector<Placed>& list) {
        return std::any_of(list.begin(), list.end(), [&](const Placed& p) { return p.holder == holder(entry); });
      };
      switch (kind(entry)) {
        case HolderKind::unit: {
          const auto role = std::find_if(out.roles.begin(), out.roles.end(),
                                         [&](const Role& r) { return r.role == role_[entry]; });
          if (role == out.roles.end()) {
            out.roles.push_back({role_[entry], area, {holder(entry)}});
          } else if (role->area == area) {
            role->units.push_back(holder(entry));
          }   // else a smaller area has this role already
          break;
        }
        case HolderKind::online_service:
          if (!known(out.online)) out.online.push_back({holder(entry), area});
          break;
        case HolderKind::specialisation:
          if (!known(out.specialisations)) out.specialisations.push_back({holder(entry), area});
          break;
        case HolderKind::text:
          break;
      }
    }
  }
  std::sort(out.roles.begin(), out.roles.end(), [](const Role& a, const Role& b) { return a.role < b.role; });
  std::sort(out.specialisations.begin(), out.specialisations.end(), [](const Placed& a, const Placed& b) {
    const std::size_t a_digits = area_of_code(a.area).digits().size(), b_digits = area_of_code(b.area).digits().size();
    return a_digits != b_digits ? a_digits < b_digits : a.holder < b.holder;
  });
  return out;
}

std::span<const std::uint32_t> ResponsibilityIndex::services_of_unit(std::uint32_t unit) const {
  return {unit_services_.data() + unit_begin_[unit], unit_services_.data() + unit_begin_[unit + 1]};
}

std::vector<std::uint32_t> ResponsibilityIndex::units_of(std::uint32_t service, std::size_t most) const {
  std::vector<std::uint32_t> out;
  for (std::size_t entry = begin_[service]; entry < begin_[service + 1] && out.size() < most; ++entry) {
    if (kind(entry) == HolderKind::unit) out.push_back(holder(entry));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::size_t ResponsibilityIndex::bytes() const {
  return areas_.capacity() * 8 + (begin_.capacity() + area_.capacity() + holder_.capacity() + unit_begin_.capacity() +
                                  unit_services_.capacity()) * 4 + role_.capacity();
}

}  // namespace verbund::directory::finder

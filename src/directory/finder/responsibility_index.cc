// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/responsibility_index.h"

#include <algorithm>

#include "base/check.h"

namespace verbund::directory::finder {

ResponsibilityIndex::ResponsibilityIndex(const Tables& tables, const std::vector<bool>& present)
    : areas_(std::make_shared<const AreaNumbers>(tables.areas)), here_(tables.here), below_(tables.below),
      online_(tables.online), units_(tables.units), onlines_(tables.online_services) {
  const auto words = std::make_shared<const flat::Array<std::uint32_t>>(tables.link_words);
  keep_.push_back(words);
  std::vector<Block> blocks(tables.link_begin.empty() ? 0 : tables.link_begin.size() - 1);
  breadth_.resize(blocks.size(), 0);
  for (std::uint32_t service = 0; service < blocks.size(); ++service) {
    const std::uint32_t begin = tables.link_begin[service];
    if (begin != tables.link_begin[service + 1]) blocks[service].words = words->data() + begin;
    breadth_[service] = breadth_of(ServiceLinks(blocks[service].words));
    if (service < present.size() && present[service]) {
      ServiceBits::put(present_, service, true);
      if (ServiceLinks(blocks[service].words).areas() == 0) ServiceBits::put(unknown_, service, true);
    }
  }
  blocks_ = SharedArray<Block, 6>(std::move(blocks));
}

ResponsibilityIndex::Place ResponsibilityIndex::place(std::uint64_t code) const {
  Place out;
  out.own = areas_->find(code);
  for (bool top = false; !top; code = area_above(code)) {
    top = code == 0;
    const std::uint32_t number = areas_->find(code);
    if (number != AreaNumbers::none) out.areas[out.count++] = number;
  }
  return out;
}

ResponsibilityIndex::Offer ResponsibilityIndex::offer(std::uint32_t service, const Place& place) const {
  if (here_.any(place_areas(place), service)) return Offer::here;
  if (ServiceBits::test(unknown_, service)) return Offer::unknown;
  return ServiceBits::test(below_.row(place.own), service) ? Offer::within : Offer::elsewhere;
}

int ResponsibilityIndex::nearness(std::uint32_t service, const Place& place) const {
  for (const std::uint32_t area : place_areas(place)) {
    if (ServiceBits::test(here_.row(area), service)) return area_digits(code(area));
  }
  return -1;
}

ResponsibilityIndex::Offered ResponsibilityIndex::offered(const Place& place, Scratch& scratch) const {
  return {here_.all_of(place_areas(place), scratch.here), below_.row(place.own), unknown_,
          online_.all_of(place_areas(place), scratch.online)};
}

std::span<const ResponsibilityIndex::Unit> ResponsibilityIndex::responsible(std::uint32_t service, const Place& place,
                                                                            Scratch& scratch) const {
  std::vector<Unit>& out = scratch.units;
  out.clear();
  const ServiceLinks links = block(service);
  std::array<std::uint64_t, 4> done{};   // roles that a smaller area has
  for (const std::uint32_t area : place_areas(place)) {
    const std::size_t first = out.size();
    links.at(area, [&](std::uint32_t packed, std::uint8_t role) {
      if (Link::kind_of(packed) != HolderKind::unit || (done[role / 64] >> (role % 64) & 1) != 0) return;
      out.push_back({Link::holder_of(packed), area, role});
    });
    for (std::size_t i = first; i < out.size(); ++i) done[out[i].role / 64] |= std::uint64_t{1} << (out[i].role % 64);
  }
  if (out.size() > 1) {
    std::sort(out.begin(), out.end(), [this](const Unit& a, const Unit& b) {
      return a.role != b.role ? role_order_[a.role] < role_order_[b.role] : a.unit < b.unit;
    });
  }
  return out;
}

void ResponsibilityIndex::online(std::uint32_t service, const Place& place, std::vector<Unit>& out) const {
  const std::size_t first = out.size();
  const ServiceLinks links = block(service);
  for (const std::uint32_t area : place_areas(place)) {
    links.at(area, [&](std::uint32_t packed, std::uint8_t role) {
      if (Link::kind_of(packed) != HolderKind::online_service) return;
      const std::uint32_t holder = Link::holder_of(packed);
      const auto from = out.begin() + static_cast<std::ptrdiff_t>(first);
      if (std::any_of(from, out.end(), [&](const Unit& known) { return known.unit == holder; })) return;
      out.push_back({holder, area, role});
    });
  }
}

ResponsibilityIndex::Answer ResponsibilityIndex::at(std::uint32_t service, const Place& place) const {
  Answer out;
  thread_local Scratch scratch;
  for (const Unit& unit : responsible(service, place, scratch)) {
    if (out.roles.empty() || out.roles.back().role != unit.role) out.roles.push_back({unit.role, code(unit.area), {}});
    out.roles.back().units.push_back(unit.unit);
  }
  const ServiceLinks links = block(service);
  for (const std::uint32_t area : place_areas(place)) {
    links.at(area, [&](std::uint32_t packed, std::uint8_t) {
      const HolderKind kind = Link::kind_of(packed);
      if (kind != HolderKind::online_service && kind != HolderKind::specialisation) return;
      auto& list = kind == HolderKind::online_service ? out.online : out.specialisations;
      const std::uint32_t holder = Link::holder_of(packed);
      if (std::none_of(list.begin(), list.end(), [&](const Placed& p) { return p.holder == holder; })) {
        list.push_back({holder, code(area)});
      }
    });
  }
  std::stable_sort(out.specialisations.begin(), out.specialisations.end(), [](const Placed& a, const Placed& b) {
    return area_digits(a.area) < area_digits(b.area);
  });
  return out;
}

std::vector<std::uint32_t> ResponsibilityIndex::units_of(std::uint32_t service, std::size_t most) const {
  std::vector<std::uint32_t> out;
  const ServiceLinks links = block(service);
  for (const std::uint32_t area : links.area_list()) {
    links.at(area, [&](std::uint32_t packed, std::uint8_t) {
      if (Link::kind_of(packed) != HolderKind::unit) return;
      const std::uint32_t unit = Link::holder_of(packed);
      const auto at = std::lower_bound(out.begin(), out.end(), unit);
      if (at == out.end() || *at != unit) out.insert(at, unit);
    });
    if (out.size() > most) return {};
  }
  return out;
}

std::vector<Link> ResponsibilityIndex::links(std::uint32_t service) const { return block(service).all(); }

std::uint32_t ResponsibilityIndex::area_number(std::uint64_t code) {
  if (const std::uint32_t known = areas_->find(code); known != AreaNumbers::none) return known;
  auto changed = std::make_shared<AreaNumbers>(*areas_);
  const std::uint32_t number = changed->intern(code);
  for (std::uint64_t above = code; above != 0;) changed->intern(above = area_above(above));
  areas_ = std::move(changed);
  return number;
}

bool ResponsibilityIndex::any_below(const ServiceLinks& links, std::uint32_t area) const {
  const std::uint64_t own = code(area), end = area_end(own);
  const auto [first, last] = areas_->within(own);
  if (links.any_between(area == first ? first + 1 : first, last)) return true;
  for (std::uint32_t later = areas_->ranked(); later < areas_->size(); ++later) {
    if (later != area && areas_->code(later) >= own && areas_->code(later) < end && links.has(later)) return true;
  }
  return false;
}

void ResponsibilityIndex::refresh_bits(std::uint32_t service, std::uint32_t area) {
  const ServiceLinks links = block(service);
  bool online = false;
  links.at(area, [&](std::uint32_t packed, std::uint8_t) {
    online = online || Link::kind_of(packed) == HolderKind::online_service;
  });
  const bool here = links.has(area), changed = here != ServiceBits::test(here_.row(area), service);
  here_.set(area, service, here);
  online_.set(area, service, online);
  if (!changed) return;
  for (std::uint64_t above = code(area); above != 0;) {
    above = area_above(above);
    const std::uint32_t number = areas_->find(above);
    VERBUND_CHECK(number != AreaNumbers::none);
    below_.set(number, service, here || any_below(links, number));
  }
}

void ResponsibilityIndex::replace(std::uint32_t service, std::vector<std::uint32_t> words,
                                  std::span<const std::uint32_t> affected) {
  while (blocks_.size() <= service) blocks_.push_back({});
  Block& block_now = blocks_.edit(service);
  block_bytes_ += words.size() * 4 - (block_now.owned ? block_now.owned->size() * 4 : 0);
  block_now = {};
  if (!words.empty()) {
    block_now.owned = std::make_shared<const std::vector<std::uint32_t>>(std::move(words));
    block_now.words = block_now.owned->data();
  }
  if (breadth_.size() <= service) breadth_.resize(service + 1, 0);
  breadth_[service] = breadth_of(ServiceLinks(block_now.words));
  for (const std::uint32_t area : affected) {
    if (area != Link::nowhere) refresh_bits(service, area);
  }
  ServiceBits::put(unknown_, service, present(service) && block(service).areas() == 0);
}

void ResponsibilityIndex::set_present(std::uint32_t service, bool there) {
  if (present(service) == there) return;
  ServiceBits::put(present_, service, there);
  ServiceBits::put(unknown_, service, there && block(service).areas() == 0);
}

void ResponsibilityIndex::link_holder(HolderKind kind, std::uint32_t holder, std::uint32_t service) {
  HolderLists& lists = kind == HolderKind::unit ? units_ : onlines_;
  const auto now = lists.of(holder);
  const auto at = std::lower_bound(now.begin(), now.end(), service);
  if (at != now.end() && *at == service) return;
  std::vector<std::uint32_t> next(now.begin(), at);
  next.push_back(service);
  next.insert(next.end(), at, now.end());
  lists.set(holder, std::move(next));
}

void ResponsibilityIndex::unlink_holder(HolderKind kind, std::uint32_t holder, std::uint32_t service) {
  HolderLists& lists = kind == HolderKind::unit ? units_ : onlines_;
  const auto now = lists.of(holder);
  std::vector<std::uint32_t> next(now.begin(), now.end());
  if (std::erase(next, service) > 0) lists.set(holder, std::move(next));
}

void ResponsibilityIndex::seal() {
  blocks_.seal();
  here_.seal();
  below_.seal();
  online_.seal();
  units_.seal();
  onlines_.seal();
}

std::size_t ResponsibilityIndex::own_bytes() const {
  return blocks_.own_bytes() + block_bytes_ + here_.own_bytes() + below_.own_bytes() + online_.own_bytes() +
         units_.own_bytes() + onlines_.own_bytes() + (unknown_.capacity() + present_.capacity()) * 8 +
         breadth_.capacity();
}

}  // namespace verbund::directory::finder

// SPDX-License-Identifier: EUPL-1.2
#include <algorithm>

#include "base/check.h"
#include "directory/finder/responsibility_index.h"

namespace verbund::directory::finder {
namespace {

// Services per holder, counted first and laid down then.
class HolderListBuilder {
 public:
  explicit HolderListBuilder(std::uint32_t holders) : holders_(holders) {}
  void add(std::uint32_t holder, std::uint32_t service) { pairs_.emplace_back(holder, service); }   // services ascending
  HolderLists::Table take() {
    std::vector<std::uint32_t> begin(std::size_t{holders_} + 1, 0), services(pairs_.size());
    for (const auto& [holder, service] : pairs_) ++begin[holder + 1];
    for (std::size_t i = 0; i < holders_; ++i) begin[i + 1] += begin[i];
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (const auto& [holder, service] : pairs_) services[next[holder]++] = service;
    return {std::move(begin), std::move(services)};
  }

 private:
  std::uint32_t holders_;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs_;
};

}  // namespace

ResponsibilityIndex::Tables ResponsibilityBuilder::make(
    std::vector<std::uint64_t> areas, std::uint32_t services, std::uint32_t units, std::uint32_t online_services,
    const std::function<void(std::uint32_t service, std::vector<Link>&)>& links,
    const std::function<bool(const Link&)>& awake) {
  ResponsibilityIndex::Tables out;
  std::vector<std::uint32_t> begin{0}, words;
  ServiceBits::Builder here(areas.size(), services), below(areas.size(), services), online(areas.size(), services);
  HolderListBuilder of_units(units), of_online(online_services);
  std::vector<std::uint32_t> above(areas.size());
  for (std::size_t i = 0; i < areas.size(); ++i) {
    const auto at = std::lower_bound(areas.begin(), areas.end(), area_above(areas[i]));
    VERBUND_CHECK(at != areas.end() && *at == area_above(areas[i]));   // Requires: areas come with all above them
    above[i] = static_cast<std::uint32_t>(at - areas.begin());
  }

  std::vector<Link> list;
  std::vector<std::uint32_t> holders[2];
  std::vector<std::uint32_t> below_done(areas.size(), UINT32_MAX);   // the last service set there
  for (std::uint32_t service = 0; service < services; ++service) {
    list.clear();
    links(service, list);
    for (auto& some : holders) some.clear();
    for (const Link& link : list) {
      if (link.kind == HolderKind::unit) holders[0].push_back(link.holder);
      if (link.kind == HolderKind::online_service) holders[1].push_back(link.holder);
    }
    for (std::size_t kind = 0; kind < 2; ++kind) {
      std::sort(holders[kind].begin(), holders[kind].end());
      holders[kind].erase(std::unique(holders[kind].begin(), holders[kind].end()), holders[kind].end());
      for (const std::uint32_t holder : holders[kind]) (kind == 0 ? of_units : of_online).add(holder, service);
    }
    const std::vector<std::uint32_t> block = ServiceLinks::make(std::move(list), awake);
    list = {};
    VERBUND_CHECK(words.size() + block.size() < UINT32_MAX);   // Limit: 16 GiB
    if (!block.empty()) {
      const ServiceLinks view(block.data());
      for (const std::uint32_t area : view.area_list()) {
        here.set(area, service);
        view.at(area, [&](std::uint32_t packed, std::uint8_t) {
          if (Link::kind_of(packed) == HolderKind::online_service) online.set(area, service);
        });
        for (std::uint32_t at = area; areas[at] != 0;) {
          at = above[at];
          if (below_done[at] == service) break;
          below_done[at] = service;
          below.set(at, service);
        }
      }
    }
    words.insert(words.end(), block.begin(), block.end());
    begin.push_back(static_cast<std::uint32_t>(words.size()));
  }
  words.shrink_to_fit();
  out.areas = std::move(areas);
  out.link_begin = std::move(begin);
  out.link_words = std::move(words);
  out.here = here.take();
  out.below = below.take();
  out.online = online.take();
  out.units = of_units.take();
  out.online_services = of_online.take();
  return out;
}

ResponsibilityIndex ResponsibilityBuilder::make(std::uint32_t services, std::uint32_t units,
                                                const std::vector<Entry>& entries) {
  std::vector<std::uint64_t> areas{0};
  for (const Entry& entry : entries) {
    for (std::uint64_t code = entry.area; code != 0; code = area_above(code)) areas.push_back(code);
  }
  std::sort(areas.begin(), areas.end());
  areas.erase(std::unique(areas.begin(), areas.end()), areas.end());
  std::uint32_t online = 0;
  for (const Entry& entry : entries) {
    if (entry.kind == HolderKind::online_service) online = std::max(online, entry.holder + 1);
  }
  const AreaNumbers numbers{flat::Array<std::uint64_t>(areas)};
  const auto tables = make(
      areas, services, units, online,
      [&](std::uint32_t service, std::vector<Link>& out) {
        for (const Entry& entry : entries) {
          if (entry.service == service) out.push_back({numbers.find(entry.area), entry.holder, entry.kind, entry.role});
        }
      },
      [](const Link&) { return true; });
  return ResponsibilityIndex(tables, std::vector<bool>(services, true));
}

}  // namespace verbund::directory::finder

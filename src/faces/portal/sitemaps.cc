// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/sitemaps.h"

#include <algorithm>

#include "base/text.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "faces/portal/visit.h"
#include "kits/xml/xml.h"

namespace verbund::portal {
namespace {

using directory::Area;
using directory::AreaKey;
using directory::ObjectKind;
using directory::ObjectStore;
using directory::Snapshot;

constexpr std::string_view name_space = "http://www.sitemaps.org/schemas/sitemap/0.9";
constexpr std::string_view authorities = "stellen-";

// One file: <urlset> of <url>, or <sitemapindex> of <sitemap>.
class Sitemap {
 public:
  Sitemap(const Look& look, const char* root, const char* item)
      : look_(look), item_(item), writer_([this](std::string_view piece) { text_ += piece; }) {
    writer_.open(root);
    writer_.attribute("xmlns", name_space);
  }
  void add(std::string_view path, std::optional<Instant> changed = {}) {
    writer_.open(item_);
    writer_.leaf("loc", absolute(look_, path));
    if (changed) writer_.leaf("lastmod", to_rfc3339(*changed));
    writer_.close();
    ++count_;
  }
  std::size_t count() const { return count_; }
  std::string finish() {
    writer_.close();
    writer_.finish();
    return std::move(text_);
  }

 private:
  const Look& look_;
  const char* item_;
  std::string text_;
  std::size_t count_ = 0;
  xml::Writer writer_;
};

std::string part_path(std::string_view name, std::size_t number) {
  return "/sitemaps/" + std::string(name) + std::to_string(number) + ".xml";
}

std::size_t parts_of(std::size_t addresses, const SitemapLimits& limits) {
  return (addresses + limits.addresses - 1) / limits.addresses;
}

AreaKey home(const Look& look, const Snapshot& snapshot) {
  const auto place = look.place.empty() ? std::nullopt : snapshot.place(look.place);
  return place ? place->key : AreaKey();
}

bool carried(const Look& look, const AreaKey& home, const Area& area) {
  return !area.key.digits().empty() && area.valid_until.empty() && !area.slug.empty() && home.contains(area.key) &&
         carrier_of(look, area).empty();
}

// Each address of a place in its order, until `take` says no.
void each_of_place(const Snapshot& snapshot, const Area& area,
                   const std::function<bool(const std::string& path, const directory::ObjectId* service)>& take) {
  const std::string base = place_path(area);
  if (!take(base, nullptr)) return;
  bool events = false;
  for (const auto& event : snapshot.life_events()) {
    if (snapshot.services_of_life_event(event.slug, area.key).empty()) continue;
    if (!std::exchange(events, true) && !take(base + "/lebenslagen", nullptr)) return;
    if (!take(base + "/lebenslagen/" + http::percent_encode(event.slug), nullptr)) return;
  }
  for (const auto& service : snapshot.services_at(area.key)) {
    if (!take(service_path(&area, service.slug), &service.id)) return;
  }
}

std::size_t addresses_of_place(const Snapshot& snapshot, const Area& area) {
  return 2 + snapshot.life_events().size() + snapshot.services_at(area.key).size();
}

std::string portal_part(const Look& look, const Snapshot& snapshot) {
  Sitemap out(look, "urlset", "url");
  for (const char* path : {"/", "/lebenslagen", "/ueber", "/barrierefreiheit", "/datenschutz", "/impressum"})
    out.add(path);
  for (const auto& event : snapshot.life_events()) out.add("/lebenslagen/" + http::percent_encode(event.slug));
  return out.finish();
}

std::optional<std::string> authorities_part(const Look& look, const ObjectStore& objects, std::size_t number,
                                            const SitemapLimits& limits) {
  const std::size_t begin = (number - 1) * limits.addresses;
  std::size_t at = 0;
  Sitemap out(look, "urlset", "url");
  objects.each_slug(ObjectKind::unit, [&](const directory::ObjectId& id, std::string_view slug) {
    if (at++ < begin || out.count() == limits.addresses) return;
    out.add(authority_path(slug), objects.changed_at(ObjectKind::unit, id));
  });
  if (out.count() == 0) return std::nullopt;
  return out.finish();
}

std::optional<std::string> place_part(const Look& look, const Snapshot& snapshot, const ObjectStore& objects,
                                      const Area& area, std::size_t number, const SitemapLimits& limits) {
  const std::size_t begin = (number - 1) * limits.addresses;
  std::size_t at = 0;
  Sitemap out(look, "urlset", "url");
  each_of_place(snapshot, area, [&](const std::string& path, const directory::ObjectId* service) {
    if (at++ < begin) return true;
    if (out.count() == limits.addresses) return false;
    out.add(path, service == nullptr ? std::nullopt : objects.changed_at(ObjectKind::service, *service));
    return true;
  });
  if (out.count() == 0) return std::nullopt;
  return out.finish();
}

}  // namespace

std::string sitemap_index(const Look& look, const Snapshot& snapshot, store::Connection& connection,
                          const SitemapLimits& limits) {
  const ObjectStore objects(connection);
  Sitemap out(look, "sitemapindex", "sitemap");
  const auto add = [&](const std::string& path) {
    if (out.count() < limits.parts) out.add(path);
  };
  add("/sitemaps/portal.xml");
  const auto units = static_cast<std::size_t>(objects.count(ObjectKind::unit));
  for (std::size_t number = 1; number <= parts_of(units, limits); ++number) add(part_path(authorities, number));
  // Nowhere more than all services there are: only a catalogue beyond the limit is counted place by place.
  const bool one_each = 2 + snapshot.life_events().size() + snapshot.sizes().services <= limits.addresses;
  const AreaKey within = home(look, snapshot);
  directory::AreaStore(connection).each_area([&](const Area& area) {
    if (!carried(look, within, area)) return;
    const std::size_t parts = one_each ? 1 : parts_of(addresses_of_place(snapshot, area), limits);
    for (std::size_t number = 1; number <= parts; ++number) add(part_path(area.key.padded() + "-", number));
  });
  return out.finish();
}

std::optional<std::string> sitemap_part(const Look& look, const Snapshot& snapshot, store::Connection& connection,
                                        std::string_view file, const SitemapLimits& limits) {
  if (file == "portal.xml") return portal_part(look, snapshot);
  if (!file.ends_with(".xml")) return std::nullopt;
  file.remove_suffix(4);
  const std::size_t dash = file.rfind('-');
  if (dash == file.npos) return std::nullopt;
  const auto number = parse_number(file.substr(dash + 1));
  if (!number || *number < 1 || *number > 50'000 || file[dash + 1] == '0') return std::nullopt;
  const auto wanted = static_cast<std::size_t>(*number);
  const std::string_view name = file.substr(0, dash + 1);
  const ObjectStore objects(connection);
  if (name == authorities) return authorities_part(look, objects, wanted, limits);
  const auto key = AreaKey::parse(name.substr(0, dash));
  const auto area = key && key->padded() == name.substr(0, dash) ? snapshot.area(*key) : std::nullopt;
  if (!area || area->key != *key || !carried(look, home(look, snapshot), *area)) return std::nullopt;
  return place_part(look, snapshot, objects, *area, wanted, limits);
}

}  // namespace verbund::portal

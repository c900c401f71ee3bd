// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/changes_feed.h"

#include <algorithm>
#include <map>
#include <vector>

#include "faces/portal/atom.h"
#include "faces/portal/visit.h"
#include "kits/xml/xml.h"

namespace verbund::portal {
namespace {

using directory::ObjectKind;

constexpr std::size_t most_entries = 50;
constexpr std::int64_t changes_looked_at = 2000;   // of the whole portal

struct Entry {
  directory::ServiceBrief service;
  Instant at;
};

std::vector<Entry> entries_at(const directory::Snapshot& snapshot, const directory::ObjectStore& objects,
                              const directory::Area* place) {
  std::vector<Entry> out;
  if (place != nullptr) {
    for (auto& service : snapshot.services_at(place->key)) {
      if (auto at = objects.changed_at(ObjectKind::service, service.id)) out.push_back({std::move(service), *at});
    }
  } else {
    std::map<directory::ObjectId, Instant> newest;
    const std::int64_t begin = std::max<std::int64_t>(0, objects.last_sequence() - changes_looked_at);
    objects.each_change(begin, changes_looked_at, [&](const directory::Change& change) {
      if (change.kind == ObjectKind::service) newest[change.id] = change.at;
    });
    for (const auto& [id, at] : newest) {
      if (auto service = snapshot.service(id)) out.push_back({std::move(*service), at});
    }
  }
  std::stable_sort(out.begin(), out.end(), [](const Entry& a, const Entry& b) { return a.at > b.at; });
  if (out.size() > most_entries) out.resize(most_entries);
  return out;
}

}  // namespace

std::string changes_feed(const Look& look, const Wording& say, std::string_view language,
                         const directory::Snapshot& snapshot, const directory::ObjectStore& objects,
                         const directory::Area* place) {
  const std::vector<Entry> entries = entries_at(snapshot, objects, place);
  const std::string base = place == nullptr ? std::string() : place_path(*place);
  // Pages of a place that another portal carries are linked there.
  Look carrier;
  carrier.base_url = place == nullptr ? std::string() : carrier_of(look, *place);
  const Look& linked = carrier.base_url.empty() ? look : carrier;

  std::string text;
  xml::Writer writer([&](std::string_view piece) { text += piece; });
  const std::string own = absolute(look, base + std::string(feed_name), language);
  open_feed(writer, look, {own, absolute(linked, base.empty() ? "/" : base, language),
                           place == nullptr ? say("feed.title", {{"name", look.name}})
                                            : say("feed.title_place", {{"place", place->short_name}}),
                           language, entries.empty() ? Instant() : entries.front().at});
  for (const Entry& entry : entries) {
    const std::string address = absolute(linked, service_path(place, entry.service.slug), language);
    writer.open("entry");
    writer.leaf("id", address);
    writer.leaf("title", entry.service.title);
    writer.leaf("updated", to_rfc3339(entry.at));
    feed_link(writer, "alternate", "text/html", address);
    if (!entry.service.summary.empty()) writer.leaf("summary", entry.service.summary);
    writer.close();
  }
  writer.close();
  writer.finish();
  return text;
}

}  // namespace verbund::portal

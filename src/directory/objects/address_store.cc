// SPDX-License-Identifier: EUPL-1.2
// Table public_address: the readable addresses of services and units.
#include "directory/objects/object_store.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

// Slugs an object may have, the nicest first.
std::vector<std::string> wishes(const ObjectId& id, const std::string& title) {
  const std::string plain = text::slug(title.empty() ? id.local : title);
  const std::string with_agency = plain + "-" + text::slug(id.agency);
  return {plain, with_agency, with_agency + "-" + text::slug(id.local)};
}

}  // namespace

std::string address_title(const Service& service) { return std::string(citizen_title(service, "de")); }
std::string address_title(const OrganisationalUnit& unit) { return std::string(pick(unit.name, "de")); }

void ObjectStore::give_address(ObjectKind kind, const ObjectId& id, const std::string& title) {
  std::vector<std::string> wanted = wishes(id, title);
  const std::string current = slug(kind, id);
  for (const std::string& wish : wanted)
    if (wish == current) return;

  // A wish is free if nobody has it, if it was ours before, or if its object is not there any more.
  auto owner = connection_.prepare(
      "SELECT a.agency, a.local, o.kind FROM public_address a LEFT JOIN directory_object o"
      " ON o.kind = a.kind AND o.agency = a.agency AND o.local = a.local WHERE a.kind = $1 AND a.slug = $2");
  std::string chosen;
  for (std::size_t i = 0; chosen.empty(); ++i) {
    if (i == wanted.size()) wanted.push_back(wanted[2] + "-" + std::to_string(i - 1));
    owner.bind(1, name(kind)).bind(2, wanted[i]);
    const bool taken = owner.step() && !owner.is_null(2) && !(owner.text(0) == id.agency && owner.text(1) == id.local);
    owner.reset();
    if (!taken) chosen = wanted[i];
  }
  if (!current.empty()) {
    connection_.prepare("UPDATE public_address SET current = 0 WHERE kind = $1 AND agency = $2 AND local = $3"
                        " AND current = 1")
        .bind(1, name(kind)).bind(2, id.agency).bind(3, id.local).run();
  }
  connection_.prepare("INSERT INTO public_address(kind, slug, agency, local, current) VALUES ($1, $2, $3, $4, 1)"
                      " ON CONFLICT (kind, slug) DO UPDATE SET agency = excluded.agency, local = excluded.local,"
                      " current = excluded.current")
      .bind(1, name(kind)).bind(2, chosen).bind(3, id.agency).bind(4, id.local).run();
}

std::string ObjectStore::slug(ObjectKind kind, const ObjectId& id) const {
  auto row = connection_.prepare("SELECT slug FROM public_address WHERE kind = $1 AND agency = $2 AND local = $3"
                                 " AND current = 1");
  row.bind(1, name(kind)).bind(2, id.agency).bind(3, id.local);
  return row.step() ? std::string(row.text(0)) : std::string();
}

std::optional<ObjectStore::Addressed> ObjectStore::by_slug(ObjectKind kind, std::string_view slug) const {
  auto row = connection_.prepare("SELECT agency, local, current FROM public_address WHERE kind = $1 AND slug = $2");
  if (!row.bind(1, name(kind)).bind(2, slug).step()) return std::nullopt;
  return Addressed{{std::string(row.text(0)), std::string(row.text(1))}, row.number(2) != 0};
}

void ObjectStore::each_slug(ObjectKind kind,
                            const std::function<void(const ObjectId&, std::string_view slug)>& each) const {
  auto rows = connection_.prepare(
      "SELECT a.agency, a.local, a.slug FROM public_address a JOIN directory_object o"
      " ON o.kind = a.kind AND o.agency = a.agency AND o.local = a.local"
      " WHERE a.kind = $1 AND a.current = 1 ORDER BY a.agency, a.local");
  rows.bind(1, name(kind));
  while (rows.step()) each({std::string(rows.text(0)), std::string(rows.text(1))}, rows.text(2));
}

}  // namespace verbund::directory

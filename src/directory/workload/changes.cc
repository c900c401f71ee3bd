// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/changes.h"

#include <unordered_map>
#include <unordered_set>

#include "directory/formats/export_folder.h"
#include "directory/objects/body.h"

namespace verbund::directory::workload {
namespace {

constexpr double changes_at_one = 24'000;
constexpr std::size_t changes_least = 300;

class Stream {
 public:
  Stream(const Stage& stage, ExportFile& out, std::uint64_t seed) : stage_(stage), out_(out), random_(mix(seed, 60)) {}

  std::size_t run(std::size_t wanted) {
    while (lines_ < wanted) {
      const std::size_t kind = random_.below(100);
      if (kind < 40) {
        change_unit();
      } else if (kind < 68) {
        move_responsibility();
      } else if (kind < 80) {
        rewrite_service();
      } else if (kind < 85) {
        rewrite_specialisation();
      } else if (kind < 89) {
        change_online();
      } else if (kind < 93) {
        withdraw_responsibility();
      } else if (kind < 98) {
        new_responsibility();
      } else if (kind < 99) {
        new_unit();
      } else {
        withdraw_or_bring_back_service();
      }
    }
    return lines_;
  }

 private:
  void put(ObjectKind kind, const ObjectId& id, std::string_view body) {
    std::string line = "{\"body\":";
    line.append(body).append(",\"id\":\"").append(external_id(kind, id)).append("\",\"kind\":\"");
    line.append(name(kind)).append("\"}\n");
    out_.write(line);
    ++lines_;
  }
  void withdraw(ObjectKind kind, const ObjectId& id) {
    out_.write("{\"id\":\"" + external_id(kind, id) + "\",\"kind\":\"" + std::string(name(kind)) +
               "\",\"withdrawn\":true}\n");
    ++lines_;
  }
  std::uint32_t any_service() { return static_cast<std::uint32_t>(random_.below(stage_.plan.services().size())); }
  // A later state of an object that was changed before; never the same twice.
  std::uint32_t next_edition(ObjectKind kind, std::uint64_t number) {
    return ++editions_[number << 3 | static_cast<std::uint64_t>(kind)];
  }

  void change_unit() {
    const auto unit = static_cast<std::uint32_t>(random_.below(stage_.country.unit_count()));
    const OrganisationalUnit object = stage_.country.unit(unit, next_edition(ObjectKind::unit, unit));
    put(ObjectKind::unit, object.id, to_body(object));
  }

  // A link of a service with units that is still there; false if there is none at hand.
  bool any_link(std::uint32_t& service, Link& link, std::uint64_t& number) {
    service = any_service();
    const std::vector<Link> links = stage_.plan.links(service);
    if (links.empty()) return false;
    const std::size_t which = random_.below(links.size());
    link = links[which];
    number = stage_.first_link[service] + which;
    return link.role != role_online && !gone_links_.contains(number);
  }

  void move_responsibility() {
    std::uint32_t service = 0;
    Link link;
    std::uint64_t number = 0;
    if (!any_link(service, link, number)) return;
    const auto& authority = stage_.country.authority(stage_.country.area_of_unit(link.holder));
    if (authority.units < 2) return;
    const std::uint32_t step = 1 + (next_edition(ObjectKind::responsibility, number) - 1) % (authority.units - 1);
    link.holder = authority.first_unit + (link.holder - authority.first_unit + step) % authority.units;
    put(ObjectKind::responsibility, stage_.bodies.link_id(service, number),
        stage_.bodies.responsibility(service, link, number));
  }

  void withdraw_responsibility() {
    std::uint32_t service = 0;
    Link link;
    std::uint64_t number = 0;
    if (!any_link(service, link, number)) return;
    gone_links_.insert(number);
    withdraw(ObjectKind::responsibility, stage_.bodies.link_id(service, number));
  }

  // The office of a town takes a matter over.
  void new_responsibility() {
    const std::uint32_t service = any_service();
    const PlannedService& plan = stage_.plan.services()[service];
    const std::uint32_t town =
        random_.pick(stage_.country.of_level(Level::municipality, stage_.country.state_of(plan.publisher)));
    if (stage_.country.authority(town).units == 0) return;
    const char group = stage_.words.things[stage_.plan.object(plan).thing].groups.at(0);
    const Link link{stage_.country.office(town, group, random_.next()), role_competent, {town}};
    const std::uint64_t number = stage_.first_link.back() + 1000 + new_links_++;
    put(ObjectKind::responsibility, stage_.bodies.link_id(service, number),
        stage_.bodies.responsibility(service, link, number));
  }

  void rewrite_service() {
    const std::uint32_t service = any_service();
    if (gone_services_.contains(service)) return;
    const Service object = stage_.bodies.service(service, next_edition(ObjectKind::service, service));
    put(ObjectKind::service, object.id, to_body(object));
  }

  void withdraw_or_bring_back_service() {
    const std::uint32_t service = any_service();
    if (gone_services_.erase(service) > 0) {
      const Service object = stage_.bodies.service(service, next_edition(ObjectKind::service, service));
      put(ObjectKind::service, object.id, to_body(object));
    } else {
      gone_services_.insert(service);
      withdraw(ObjectKind::service, stage_.plan.services()[service].id);
      back_.push_back(service);
    }
    // Most come back soon.
    if (back_.size() > 3) {
      const std::uint32_t first = back_.front();
      back_.erase(back_.begin());
      if (gone_services_.erase(first) == 0) return;
      const Service object = stage_.bodies.service(first, next_edition(ObjectKind::service, first));
      put(ObjectKind::service, object.id, to_body(object));
    }
  }

  void rewrite_specialisation() {
    if (stage_.bodies.specialisations() == 0) return;
    const auto number = static_cast<std::uint32_t>(random_.below(stage_.bodies.specialisations()));
    const auto object =
        stage_.bodies.specialisation(number, next_edition(ObjectKind::specialisation, number));
    put(ObjectKind::specialisation, object.id, to_body(object));
  }

  void change_online() {
    const std::uint32_t service = any_service();
    if (stage_.plan.online_of(service) == 0) return;
    const std::uint32_t number =
        stage_.plan.first_online(service) + static_cast<std::uint32_t>(random_.below(stage_.plan.online_of(service)));
    if (gone_online_.contains(number)) return;
    if (random_.chance(15)) {
      gone_online_.insert(number);
      withdraw(ObjectKind::online_service, stage_.bodies.online_id(service, number));
      return;
    }
    const auto object = stage_.bodies.online(service, number, next_edition(ObjectKind::online_service, number));
    put(ObjectKind::online_service, object.id, to_body(object));
  }

  void new_unit() {
    OrganisationalUnit object =
        stage_.country.unit(static_cast<std::uint32_t>(random_.below(stage_.country.unit_count())), 1);
    object.id.local = std::to_string(800'000'000 + new_units_++);
    object.name[0].text += " – Außenstelle " + std::to_string(new_units_);
    put(ObjectKind::unit, object.id, to_body(object));
  }

  const Stage& stage_;
  ExportFile& out_;
  Random random_;
  std::size_t lines_ = 0;
  std::unordered_map<std::uint64_t, std::uint32_t> editions_;
  std::unordered_set<std::uint64_t> gone_links_;
  std::unordered_set<std::uint32_t> gone_services_, gone_online_;
  std::vector<std::uint32_t> back_;
  std::uint64_t new_links_ = 0, new_units_ = 0;
};

}  // namespace

Result<void> write_changes(const Stage& stage, const std::filesystem::path& folder, std::uint64_t seed, double scale,
                           FileList& files) {
  ExportFile out(folder / "changes.ndjson");
  Stream stream(stage, out, seed);
  const std::size_t lines = stream.run(std::max(changes_least, static_cast<std::size_t>(changes_at_one * scale)));
  files.emplace_back("changes.ndjson", static_cast<std::int64_t>(lines));
  return out.finish();
}

}  // namespace verbund::directory::workload

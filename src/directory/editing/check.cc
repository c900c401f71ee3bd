// SPDX-License-Identifier: EUPL-1.2
// Three readings of the store: ids, who is named by whom, then the rules object by object. Held in memory are ids and
// findings (with the title of each object that has one), never whole objects.
#include "directory/editing/check.h"

#include <algorithm>
#include <tuple>

#include "directory/editing/rules.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/html/html.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

using editing::Facts;
using editing::id_key;

void collect_areas(store::Connection& connection, Facts& facts) {
  AreaStore(connection).each_area([&](const Area& area) {
    facts.areas.insert(area.key);
    if (!area.valid_until.empty()) facts.ended_areas.insert(area.key);
  });
}

void collect_objects(const ObjectStore& objects, Facts& facts) {
  objects.each_body(ObjectKind::service, [&](const ObjectId& id, std::string_view) { facts.services[id_key(id)] = 0; });
  objects.each<OrganisationalUnit>([&](const OrganisationalUnit& unit) {
    facts.units.insert(id_key(unit.id));
    if (unit.parent) facts.parents.insert(id_key(*unit.parent));
  });
  std::unordered_set<std::string> appointments;
  objects.each<OnlineService>([&](const OnlineService& online) {
    facts.online_services.insert(id_key(online.id));
    if (online.purpose == "appointment") appointments.insert(id_key(online.id));
  });
  const auto add = [&](const ObjectId& service, unsigned flags) {
    auto found = facts.services.find(id_key(service));
    if (found != facts.services.end()) found->second = static_cast<std::uint16_t>(found->second | flags);
  };
  objects.each<Specialisation>([&](const Specialisation& one) { add(one.service, editing::flags_of(one.modules)); });
  objects.each<Responsibility>([&](const Responsibility& one) {
    if (editing::is_over(one.validity, facts.now)) return;
    const std::string holder = id_key(one.holder);
    if (one.holder_kind == ObjectKind::unit) {
      facts.holders.insert(holder);
      if (facts.units.contains(holder)) add(one.service, Facts::responsible);
    } else if (facts.online_services.contains(holder) && !appointments.contains(holder)) {
      add(one.service, Facts::online);
    }
  });
}

class Findings {
 public:
  template <typename T>
  void check_all(const ObjectStore& objects, const Facts& facts) {
    objects.each<T>([&](const T& object) {
      titled_ = false;
      const auto tell = [&](std::string_view rule, std::string message) {
        add(kind_of<T>, object.id, [&] { return editing::title_of(object); }, rule, std::move(message));
      };
      editing::check(object, facts, tell);
      if constexpr (std::is_same_v<T, Service>) {
        if (!editing::is_over(object.validity, facts.now)) check_duplicate(object, tell);
      }
    });
  }

  void hand_out(const std::function<void(const QualityFinding&)>& each) {
    std::sort(findings_.begin(), findings_.end(), [](const Finding& a, const Finding& b) {
      return std::tie(a.object.agency, b.rule->weight, a.rule->id, a.object.local, a.kind, a.message) <
             std::tie(b.object.agency, a.rule->weight, b.rule->id, b.object.local, b.kind, b.message);
    });
    for (const auto& one : findings_) {
      each({std::string(one.rule->id), one.kind, one.object, titles_[one.title], one.message, one.rule->weight});
    }
  }

 private:
  struct Finding {
    const editing::Rule* rule;
    ObjectKind kind;
    ObjectId object;
    std::size_t title;
    std::string message;
  };

  template <typename Title>
  void add(ObjectKind kind, const ObjectId& id, const Title& title, std::string_view rule, std::string message) {
    if (!titled_) titles_.push_back(title());
    titled_ = true;
    findings_.push_back({&editing::rule(rule), kind, id, titles_.size() - 1, std::move(message)});
  }

  // Services come ordered by publisher: the titles of one publisher are enough.
  void check_duplicate(const Service& service, const editing::Tell& tell) {
    if (service.id.agency != agency_) {
      agency_ = service.id.agency;
      first_with_title_.clear();
    }
    const std::string title = text::fold(html::to_plain_text(citizen_title(service, "de")));
    if (title.empty()) return;
    const auto [first, fresh] = first_with_title_.try_emplace(title, service.id.local);
    if (fresh) return;
    tell("duplicate_title", "Denselben Titel hat " + external_id(ObjectKind::service, {agency_, first->second}) +
                                ". Sagen Sie im Titel, worin sich beide unterscheiden.");
  }

  std::vector<Finding> findings_;
  std::vector<std::string> titles_;
  bool titled_ = false;                       // the object at hand has its title in titles_
  std::string agency_;
  std::unordered_map<std::string, std::string> first_with_title_;
};

}  // namespace

std::map<std::string, std::string> quality_rules() {
  std::map<std::string, std::string> out;
  for (const auto& rule : editing::all_rules()) out.emplace(rule.id, rule.name);
  return out;
}

void check_quality(store::Connection& connection, const Clock& clock,
                   const std::function<void(const QualityFinding&)>& each) {
  const ObjectStore objects(connection);
  Facts facts;
  facts.now = clock.now();
  collect_areas(connection, facts);
  collect_objects(objects, facts);
  Findings findings;
  findings.check_all<OrganisationalUnit>(objects, facts);
  findings.check_all<Service>(objects, facts);
  findings.check_all<Specialisation>(objects, facts);
  findings.check_all<OnlineService>(objects, facts);
  findings.check_all<Responsibility>(objects, facts);
  findings.hand_out(each);
}

}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
// The fast rule against an obvious slow one: a loop over all responsibilities.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "directory/finder/finder_test_support.h"
#include "directory/finder/responsibility_index.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

// What the contract says, word by word. Areas that ended stand for their successors.
struct Slow {
  std::vector<Responsibility> all;
  std::vector<Specialisation> texts;
  std::set<ObjectId> units, online;
  std::map<AreaKey, AreaKey> successors;

  AreaKey current(AreaKey area) const {
    while (successors.contains(area)) area = successors.at(area);
    return area;
  }

  // Role -> area -> units, only the smallest area of each role.
  std::map<std::string, std::pair<AreaKey, std::set<ObjectId>>> roles(const ObjectId& service,
                                                                      const AreaKey& place) const {
    std::map<std::string, std::pair<AreaKey, std::set<ObjectId>>> out;
    for (const Responsibility& one : all) {
      if (one.service != service || one.holder_kind != ObjectKind::unit || !units.contains(one.holder)) continue;
      std::vector<AreaKey> areas = one.areas;
      if (areas.empty()) areas.emplace_back();
      for (const AreaKey& stored : areas) {
        const AreaKey area = current(stored);
        if (!area.contains(current(place))) continue;
        const std::string role = one.role.empty() ? "01" : one.role;
        auto& best = out.try_emplace(role, std::pair{area, std::set<ObjectId>{}}).first->second;
        if (area.digits().size() > best.first.digits().size()) best = {area, {}};
        if (area == best.first) best.second.insert(one.holder);
      }
    }
    return out;
  }

  std::map<ObjectId, AreaKey> online_services(const ObjectId& service, const AreaKey& place) const {
    std::map<ObjectId, AreaKey> out;
    for (const Responsibility& one : all) {
      if (one.service != service || one.holder_kind != ObjectKind::online_service) continue;
      if (!online.contains(one.holder)) continue;
      std::vector<AreaKey> areas = one.areas;
      if (areas.empty()) areas.emplace_back();
      for (const AreaKey& stored : areas) {
        const AreaKey area = current(stored);
        if (!area.contains(current(place))) continue;
        AreaKey& best = out.try_emplace(one.holder, area).first->second;
        if (area.digits().size() > best.digits().size()) best = area;
      }
    }
    return out;
  }

  std::set<ObjectId> specialisations(const ObjectId& service, const AreaKey& place) const {
    std::set<ObjectId> out;
    for (const Specialisation& text : texts) {
      if (text.service != service) continue;
      for (const AreaKey& area : text.areas) {
        if (current(area).contains(current(place))) out.insert(text.id);
      }
    }
    return out;
  }
};

const std::vector<std::string>& keys() {
  static const std::vector<std::string> list{
      "", "01", "01060", "010600063", "010600063063", "010600099099", "010600005005", "01055", "010550032032", "01002",
      "02", "06", "06412", "065340016016", "07", "071435004053", "09", "091", "09162", "09184", "091840112112",
      "12053"};
  return list;
}

class Agreement : public ::testing::TestWithParam<unsigned> {};

TEST_P(Agreement, TheFastRuleAgreesWithTheSlowOneOnGeneratedData) {
  std::mt19937 random(GetParam());
  const auto below = [&](std::size_t bound) { return static_cast<std::size_t>(random() % bound); };
  const auto any_area = [&] { return key(keys()[below(keys().size())]); };
  const char* roles[] = {"", "01", "02", "03"};

  Slow slow;
  slow.successors[key("010600099099")] = key("010600063063");
  std::vector<ObjectId> services;
  testing::FinderStore store;
  store.areas(testing::some_areas(), testing::some_postal_codes());
  store.write([&](ObjectStore& objects, AreaStore&) {
    for (int i = 0; i < 5; ++i) {
      services.push_back(oid("S", std::to_string(i)));
      objects.put(testing::service(services.back(), "Leistung " + std::to_string(i)), "test", testing::day());
    }
    for (int i = 0; i < 8; ++i) {
      const ObjectId unit = oid("U", std::to_string(i)), online = oid("O", std::to_string(i));
      objects.put(testing::unit(unit, "Amt " + std::to_string(i % 5)), "test", testing::day());
      objects.put(testing::online_service(online, "Antrag " + std::to_string(i % 3), "https://example.org/" +
                                          std::to_string(i)), "test", testing::day());
      slow.units.insert(unit);
      slow.online.insert(online);
    }
    for (std::size_t i = 0; i < 150; ++i) {
      // Holders 8 and 9 and service 5 are not there.
      const bool unit = below(3) != 0;
      Responsibility one = testing::responsibility(
          oid("R", std::to_string(i)), oid(unit ? "U" : "O", std::to_string(below(10))),
          oid("S", std::to_string(below(6))),
          {}, roles[below(4)], unit ? ObjectKind::unit : ObjectKind::online_service);
      for (std::size_t n = below(4); n > 0; --n) one.areas.push_back(any_area());
      objects.put(one, "test", testing::day());
      slow.all.push_back(one);
    }
    for (std::size_t i = 0; i < 20; ++i) {
      Specialisation text;
      text.id = oid("T", std::to_string(i));
      text.service = oid("S", std::to_string(below(6)));
      text.areas = {any_area()};
      if (below(2) == 0) text.areas.push_back(any_area());
      objects.put(text, "test", testing::day());
      slow.texts.push_back(text);
    }
  });

  const auto snapshot = store.snapshot();
  for (const ObjectId& service : services) {
    for (const std::string& digits : keys()) {
      const AreaKey place = key(digits);
      SCOPED_TRACE(service.local + " at \"" + digits + "\", seed " + std::to_string(GetParam()));
      const ServiceAtPlace fast = snapshot->at_place(service, place);

      const auto wanted = slow.roles(service, place);
      ASSERT_EQ(fast.roles.size(), wanted.size());
      auto role = wanted.begin();
      for (const ResponsibleUnits& one : fast.roles) {   // in the order of the roles
        EXPECT_EQ(one.role, role->first);
        EXPECT_EQ(one.area, role->second.first);
        std::set<ObjectId> units;
        for (std::size_t i = 0; i < one.units.size(); ++i) {
          units.insert(one.units[i].id);
          EXPECT_EQ(one.units[i].area, one.area);
          if (i > 0) {
            EXPECT_LE(one.units[i - 1].name, one.units[i].name);
          }
        }
        EXPECT_EQ(units, role->second.second);
        EXPECT_EQ(units.size(), one.units.size()) << "each unit once";
        ++role;
      }

      std::map<ObjectId, AreaKey> online;
      for (std::size_t i = 0; i < fast.online.size(); ++i) {
        online[fast.online[i].id] = fast.online[i].area;
        if (i == 0) continue;
        const auto before = fast.online[i - 1].area.digits().size(), now = fast.online[i].area.digits().size();
        EXPECT_TRUE(before > now || (before == now && fast.online[i - 1].title <= fast.online[i].title));
      }
      EXPECT_EQ(online, slow.online_services(service, place));
      EXPECT_EQ(online.size(), fast.online.size());

      const std::set<ObjectId> texts(fast.specialisations.begin(), fast.specialisations.end());
      EXPECT_EQ(texts, slow.specialisations(service, place));
      EXPECT_EQ(texts.size(), fast.specialisations.size());
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, Agreement, ::testing::Range(1U, 25U));

TEST(ResponsibilityIndex, TellsHowAServiceFitsAPlace) {
  using finder::HolderKind;
  using finder::ResponsibilityIndex;
  using Offer = ResponsibilityIndex::Offer;
  const auto entry = [](std::uint32_t service, std::string_view area) {
    return finder::ResponsibilityBuilder::Entry{service, finder::area_code(key(area)), 0, HolderKind::unit, 0};
  };
  const ResponsibilityIndex index =
      finder::ResponsibilityBuilder::make(4, 1, {entry(0, "010600063063"), entry(1, "01"), entry(2, "")});
  const auto offer = [&](std::uint32_t service, std::string_view area) {
    return index.offer(service, index.place(key(area)));
  };
  EXPECT_EQ(offer(0, "010600063063"), Offer::here);
  EXPECT_EQ(offer(0, "01060"), Offer::within);
  EXPECT_EQ(offer(0, ""), Offer::within);
  EXPECT_EQ(offer(0, "010600005005"), Offer::elsewhere);
  EXPECT_EQ(offer(0, "02"), Offer::elsewhere);
  EXPECT_EQ(offer(1, "010600005005"), Offer::here);
  EXPECT_EQ(offer(1, "02"), Offer::elsewhere);
  EXPECT_EQ(offer(2, "02"), Offer::here);
  EXPECT_EQ(offer(3, "02"), Offer::unknown);
  EXPECT_EQ(index.nearness(1, index.place(key("010600005005"))), 2);
  EXPECT_EQ(index.nearness(1, index.place(key("02"))), -1);
}

TEST(ResponsibilityIndex, AreaCodesReadBack) {
  for (const std::string& digits : keys()) EXPECT_EQ(finder::area_of_code(finder::area_code(key(digits))), key(digits));
}

}  // namespace
}  // namespace verbund::directory

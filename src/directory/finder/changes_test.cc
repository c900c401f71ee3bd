// SPDX-License-Identifier: EUPL-1.2
// A snapshot that took over changes step by step says the same as one that is built anew from the store.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;
using namespace std::chrono_literals;

const std::vector<std::string>& places() {
  static const std::vector<std::string> list{
      "", "01", "01060", "010600063", "010600063063", "010600099099", "010600005005", "01055", "010550032032", "01002",
      "02", "06412", "065340016016", "071435004053", "09", "091", "09162", "091840112112", "12053"};
  return list;
}

std::string told(const ServiceBrief& one) {
  return external_id(ObjectKind::service, one.id) + "|" + one.service_key + "|" + one.title + "|" + one.summary + "|" + one.slug;
}
std::string told(const std::vector<ServiceBrief>& list) {
  std::string out;
  for (const ServiceBrief& one : list) out += told(one) + "\n";
  return out;
}
std::string told(const OnlineBrief& one) {
  return one.id.local + "|" + one.title + "|" + one.url + "|" + one.purpose + "|" + one.area.digits();
}
std::string told(const ServiceAtPlace& at) {
  std::string out;
  for (const ResponsibleUnits& role : at.roles) {
    out += role.role + "@" + role.area.digits() + ":";
    for (const AuthorityBrief& unit : role.units) out += " " + unit.id.local + "|" + unit.name;
    out += "\n";
  }
  for (const OnlineBrief& one : at.online) out += told(one) + "\n";
  for (const ObjectId& id : at.specialisations) out += id.local + "\n";
  return out;
}

// Everything a snapshot says of the services, units and places there can be.
std::map<std::string, std::string> told(const Snapshot& snapshot) {
  std::map<std::string, std::string> out;
  out["sizes"] = std::to_string(snapshot.sizes().services) + " " + std::to_string(snapshot.sizes().units) + " " +
                 std::to_string(snapshot.sizes().online_services) + " " +
                 std::to_string(snapshot.sizes().responsibilities);
  for (const auto& event : snapshot.life_events()) {
    out["life events"] += event.slug + "|" + event.name + "|" + std::to_string(event.services) + "\n";
  }
  for (int i = 0; i < 8; ++i) out["unit " + std::to_string(i)] = told(snapshot.services_of_unit(oid("U", std::to_string(i))));
  for (const std::string& digits : places()) {
    const AreaKey place = key(digits);
    out["at " + digits] = told(snapshot.services_at(place));
    for (const char* slug : {"umzug", "familie"}) {
      out["event " + digits + slug] = told(snapshot.services_of_life_event(slug, place));
    }
    for (const char* number : {"99085001012000", "99085001012001"}) {
      const auto found = snapshot.service_by_key(number, place);
      out["key " + digits + number] = found ? told(*found) : "";
    }
    for (int i = 0; i < 7; ++i) {
      const ObjectId id = oid("S", std::to_string(i));
      const auto brief = snapshot.service(id);
      out["service " + std::to_string(i)] = brief ? told(*brief) : "";
      out["at place " + digits + " " + std::to_string(i)] = told(snapshot.at_place(id, place));
    }
    // Which services have the word, and what is said of each; not how they rank: that follows from all texts together.
    for (const char* word : {"Reisepass", "Hundesteuer", "Sondernutzung"}) {
      std::set<std::string> hits;
      const SearchAnswer answer = snapshot.search({word, place, 100, 0});
      std::vector<OnlineView> online;
      for (const Hit& hit : answer.hits) {
        std::string one = told(snapshot.service_of(hit).brief()) + (hit.offered_here ? "|here" : "");
        if (const auto authority = snapshot.authority_of(hit, answer.place)) {
          one += "|" + std::string(authority->name) + "@" + authority->area.digits();
        }
        snapshot.online_of(hit, answer.place, online);
        for (const OnlineView& way : online) {
          one += "|" + told(OnlineBrief{ObjectId(way.id), std::string(way.title), std::string(way.url),
                                        std::string(way.purpose), way.area});
        }
        hits.insert(one);
      }
      for (const std::string& hit : hits) out["search " + digits + word] += hit + "\n";
    }
  }
  return out;
}

class Writing {
 public:
  Writing(testing::FinderStore& store, unsigned seed) : store_(store), random_(seed) {}

  void some(std::size_t changes) {
    store_.write([&](ObjectStore& objects, AreaStore&) {
      for (std::size_t i = 0; i < changes; ++i) change(objects);
    });
  }

 private:
  unsigned below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }
  std::string number(unsigned bound) { return std::to_string(below(bound)); }
  AreaKey area() { return key(places()[below(static_cast<unsigned>(places().size()))]); }
  std::vector<Period> validity() {
    std::vector<Period> out;
    if (below(4) != 0) return out;
    const char* days[] = {"", "2026-06-01", "2026-06-08", "2026-06-09", "2026-06-10T12:00:00Z", "2026-06-12"};
    out.emplace_back().begin = days[below(4)];
    out.back().end = days[below(6)];
    return out;
  }

  void change(ObjectStore& objects) {
    const Instant now = testing::day();
    switch (below(10)) {
      case 0: {
        const ObjectId id = oid("S", number(6));
        if (below(4) == 0) {
          objects.withdraw(ObjectKind::service, id, now);
          return;
        }
        const char* titles[] = {"Reisepass beantragen", "Hundesteuer anmelden", "Sondernutzung", "Ärger melden"};
        Service one = testing::service(id, titles[below(4)]);
        if (below(2) == 0) one.service_keys = {{"", "", below(2) == 0 ? "99085001012000" : "99085001012001", ""}};
        if (below(3) == 0) one.valid_areas = {area()};
        if (below(2) == 0) {
          Category event;
          event.name = {{"de", below(2) == 0 ? "Umzug" : below(2) == 0 ? "Familie" : "UMZUG"}};
          event.class_name = {{"de", "Lebenslage"}};
          one.categories = {event};
        }
        one.validity = validity();
        objects.put(one, "test", now);
        return;
      }
      case 1: {
        const ObjectId id = oid("U", number(8));
        if (below(3) == 0) {
          objects.withdraw(ObjectKind::unit, id, now);
          return;
        }
        OrganisationalUnit one = testing::unit(id, "Amt " + number(3));
        one.validity = validity();
        objects.put(one, "test", now);
        return;
      }
      case 2: {
        const ObjectId id = oid("O", number(5));
        if (below(3) == 0) {
          objects.withdraw(ObjectKind::online_service, id, now);
          return;
        }
        OnlineService one = testing::online_service(id, "Antrag " + number(3), below(4) == 0 ? "" : "https://example.org/" + number(3));
        one.validity = validity();
        objects.put(one, "test", now);
        return;
      }
      case 3: {
        const ObjectId id = oid("T", number(6));
        if (below(3) == 0) {
          objects.withdraw(ObjectKind::specialisation, id, now);
          return;
        }
        Specialisation one;
        one.id = id;
        one.service = oid("S", number(6));
        one.areas = {area()};
        if (below(2) == 0) one.areas.push_back(area());
        one.validity = validity();
        objects.put(one, "test", now);
        return;
      }
      default: {
        const ObjectId id = oid("R", number(60));
        if (below(4) == 0) {
          objects.withdraw(ObjectKind::responsibility, id, now);
          return;
        }
        const char* roles[] = {"", "01", "02", "03"};
        const bool unit = below(3) != 0;
        Responsibility one = testing::responsibility(id, unit ? oid("U", number(8)) : oid("O", number(5)),
                                                     oid("S", number(7)), {}, roles[below(4)],
                                                     unit ? ObjectKind::unit : ObjectKind::online_service);
        for (unsigned n = below(4); n > 0; --n) one.areas.push_back(area());
        one.validity = validity();
        objects.put(one, "test", now);
      }
    }
  }

  testing::FinderStore& store_;
  std::mt19937 random_;
};

class Steps : public ::testing::TestWithParam<unsigned> {};

TEST_P(Steps, GiveTheSameAsABuild) {
  testing::FinderStore store;
  std::vector<Area> areas = testing::some_areas();
  if (GetParam() % 2 == 0) areas.resize(8);   // most places come with the first change that names them
  store.areas(areas, GetParam() % 2 == 0 ? std::vector<PostalCodeEntry>{} : testing::some_postal_codes());
  Writing writing(store, GetParam());
  if (GetParam() % 3 != 0) writing.some(60);
  Instant now = testing::day();
  Finder finder(store.database(), {}, now);
  const std::int64_t built = finder.status().built_sequence;
  for (int step = 0; step < 25; ++step) {
    SCOPED_TRACE("seed " + std::to_string(GetParam()) + ", step " + std::to_string(step));
    const auto before = finder.snapshot();
    const auto before_told = step % 5 == 0 ? told(*before) : std::map<std::string, std::string>{};
    writing.some(1 + static_cast<std::size_t>(step) % 7);
    if (step % 6 == 5) now += 17h;
    finder.refresh(now);
    const auto wanted = told(*store.snapshot(now)), got = told(*finder.snapshot());
    for (const auto& [what, text] : wanted) ASSERT_EQ(got.at(what), text) << what;
    if (step % 5 == 0) {
      ASSERT_EQ(told(*before), before_told) << "who reads the old one keeps it";
    }
  }
  EXPECT_EQ(finder.status().built_sequence, built) << "without a build";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Steps, ::testing::Range(1U, 9U));

class Kept : public ::testing::Test {
 protected:
  Kept() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-index-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    store_.areas(testing::some_areas(), testing::some_postal_codes());
    writing_.some(80);
  }
  ~Kept() override { std::filesystem::remove_all(folder_); }
  std::filesystem::path file() const { return folder_ / "finder.index"; }

  testing::FinderStore store_;
  Writing writing_{store_, 7};
  std::filesystem::path folder_;
};

TEST_F(Kept, AnIndexIsMappedAtTheNextStartAndCatchesUp) {
  {
    const Finder first(store_.database(), folder_, testing::day());
    EXPECT_TRUE(first.status().mapped) << first.status().trouble;
    EXPECT_GT(first.status().build_seconds, 0);
    EXPECT_EQ(first.status().file_bytes, std::filesystem::file_size(file()));
  }
  writing_.some(20);
  const Finder second(store_.database(), folder_, testing::day());
  EXPECT_TRUE(second.status().mapped);
  EXPECT_EQ(second.status().build_seconds, 0) << "nothing was built";
  EXPECT_GT(second.status().sequence, second.status().built_sequence);
  EXPECT_EQ(told(*second.snapshot()), told(*store_.snapshot()));
}

TEST_F(Kept, AFileThatIsDamagedStaleOrOfAnotherStoreIsBuiltAgain) {
  { const Finder first(store_.database(), folder_, testing::day()); }
  const auto wanted = told(*store_.snapshot());
  const auto size = std::filesystem::file_size(file());
  for (const std::uintmax_t cut : {std::uintmax_t{0}, std::uintmax_t{1}, size / 2, size - 1}) {
    std::filesystem::resize_file(file(), cut);
    const Finder finder(store_.database(), folder_, testing::day());
    EXPECT_GT(finder.status().build_seconds, 0) << cut;
    EXPECT_EQ(told(*finder.snapshot()), wanted);
    EXPECT_EQ(std::filesystem::file_size(file()), size);
  }
  {
    std::fstream damaged(file(), std::ios::in | std::ios::out | std::ios::binary);
    damaged.seekp(static_cast<std::streamoff>(size * 2 / 3));
    damaged.put('\x5a');
    damaged.put('\xa5');
  }
  EXPECT_GT(Finder(store_.database(), folder_, testing::day()).status().build_seconds, 0);
  testing::FinderStore other;
  other.areas(testing::some_areas(), testing::some_postal_codes());
  Writing(other, 8).some(80);
  const Finder another(other.database(), folder_, testing::day());
  EXPECT_GT(another.status().build_seconds, 0) << "the same number of changes, other ones";
  EXPECT_EQ(told(*another.snapshot()), told(*other.snapshot()));
  other.write([&](ObjectStore&, AreaStore& areas) {
    std::vector<PostalCodeEntry> unknown;
    ASSERT_TRUE(areas.replace_postal_codes({{"99999", key("02"), "Hamburg"}}, &unknown).has_value());
  });
  EXPECT_GT(Finder(other.database(), folder_, testing::day()).status().build_seconds, 0) << "other postal codes";
}

TEST_F(Kept, AProgramKilledWhileItSavesOrTakesOverChangesLeavesAUsableNode) {
  for (int round = 0; round < 4; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      auto database = store::Database::open({.path = store_.path()}, directory_migrations());
      if (!database) ::_exit(1);
      Finder finder(**database, folder_, testing::day());
      for (int i = 0;; ++i) {
        const bool written = (*database)->write([&](store::Connection& connection) -> Result<void> {
          ObjectStore(connection).put(testing::unit(oid("U", "9"), "Amt " + std::to_string(i)), "t", testing::day());
          return {};
        }).has_value();
        if (!written) ::_exit(1);
        finder.refresh(testing::day());
        finder.rebuild(testing::day());
      }
    }
    ASSERT_GT(child, 0);
    std::this_thread::sleep_for(std::chrono::milliseconds(60 + 90 * round));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    EXPECT_TRUE(WIFSIGNALED(status));
    const Finder finder(store_.database(), folder_, testing::day());
    EXPECT_EQ(told(*finder.snapshot()), told(*store_.snapshot()));
  }
}

TEST_F(Kept, AFolderThatCannotBeWrittenIsNoReasonNotToAnswer) {
  const Finder finder(store_.database(), "/proc/verbund-no-such-folder", testing::day());
  EXPECT_FALSE(finder.status().mapped);
  EXPECT_FALSE(finder.status().trouble.empty());
  EXPECT_EQ(told(*finder.snapshot()), told(*store_.snapshot()));
}

TEST(Finder, NoticesPostalCodesAndAListOfTheSameDay) {
  testing::FinderStore store;
  store.areas(testing::some_areas(), {});
  Finder finder(store.database());
  EXPECT_TRUE(finder.snapshot()->postal_codes(key("02")).empty());
  store.write([&](ObjectStore&, AreaStore& areas) {
    std::vector<PostalCodeEntry> unknown;
    ASSERT_TRUE(areas.replace_postal_codes(testing::some_postal_codes(), &unknown).has_value());
  });
  const auto settle = [&] {   // a build in the background is taken over by a later refresh
    bool changed = finder.refresh();
    for (int i = 0; i < 1000 && finder.status().building; ++i) std::this_thread::sleep_for(10ms);
    return finder.refresh() || changed;
  };
  EXPECT_TRUE(settle());
  EXPECT_EQ(finder.snapshot()->postal_codes(key("02")), std::vector<std::string>{"20095"});
  std::vector<Area> list = testing::some_areas();
  std::erase_if(list, [](const Area& area) { return !area.valid_until.empty(); });
  list[2].short_name = "Norderstedt am See";
  store.write([&](ObjectStore&, AreaStore& areas) { ASSERT_TRUE(areas.replace_all(list, "2026-01-01").has_value()); });
  EXPECT_TRUE(settle());
  EXPECT_EQ(finder.snapshot()->label(key("010600063063")), "Norderstedt am See");
  store.write([&](ObjectStore&, AreaStore& areas) { ASSERT_TRUE(areas.replace_all(list, "2026-01-01").has_value()); });
  EXPECT_FALSE(settle()) << "the same list again";
}

TEST(Finder, ValidityTurnsWithoutAChangeInTheStore) {
  testing::FinderStore store;
  Service one = testing::service(oid("A", "1"), "Bis heute");
  one.validity = {{"", "2026-06-08", {}}};
  store.put(one);
  Finder finder(store.database(), {}, testing::day());
  EXPECT_TRUE(finder.snapshot()->service(one.id).has_value());
  EXPECT_FALSE(finder.refresh(*parse_time("2026-06-08T21:59:59Z")));
  EXPECT_TRUE(finder.refresh(*parse_time("2026-06-08T22:00:00Z"))) << "midnight in Berlin";
  EXPECT_FALSE(finder.snapshot()->service(one.id).has_value());
  EXPECT_FALSE(finder.refresh(*parse_time("2026-06-09T22:00:00Z")));
}

}  // namespace
}  // namespace verbund::directory

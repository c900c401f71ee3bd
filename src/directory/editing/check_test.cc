// SPDX-License-Identifier: EUPL-1.2
#include "directory/editing/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "directory/editing/rules.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"
#include "kits/store/testing/engine.h"

namespace verbund::directory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class Check : public ::testing::Test {
 protected:
  Check() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-check-XXXXXX").string();
    EXPECT_NE(::mkdtemp(pattern.data()), nullptr);
    folder_ = pattern;
    auto migrations = area_migrations();
    for (auto& one : object_migrations()) migrations.push_back(one);
    store::Options options;
    options.path = store::testing::location(folder_ / "node.db");
    auto opened = store::Database::open(options, migrations);
    EXPECT_TRUE(opened);
    if (opened) database_ = std::move(*opened);
  }
  ~Check() override {
    database_.reset();
    std::filesystem::remove_all(folder_);
  }

  template <typename T>
  void put(const T& object) {
    auto done = database_->write([&](store::Connection& connection) -> Result<void> {
      ObjectStore(connection).put(object, "test", clock_.now());
      return {};
    });
    EXPECT_TRUE(done);
  }

  std::vector<QualityFinding> findings() {
    std::vector<QualityFinding> out;
    database_->read([&](store::Connection& connection) {
      check_quality(connection, clock_, [&](const QualityFinding& finding) { out.push_back(finding); });
    });
    return out;
  }
  // "rule local", of one rule or all.
  std::vector<std::string> told(std::string_view rule = {}) {
    std::vector<std::string> out;
    for (const auto& one : findings()) {
      if (rule.empty() || one.rule == rule) out.push_back(one.rule + " " + one.object.local);
    }
    return out;
  }

  // Everything there is to ask for.
  static Service whole_service(const std::string& local = "s", const std::string& title = "Hund anmelden") {
    Service service;
    service.id = {"A1", local};
    const auto text = [&](std::string_view code, LocalisedTexts content) {
      TextModule module;
      module.code = code;
      module.content = std::move(content);
      service.modules.texts.push_back(std::move(module));
    };
    text("03", {{"de", title}, {"en", title}, {"de-simple", title}});
    text("05", {{"de", "Kurz"}});
    text("07", {{"de", "Gesetz"}});
    text("08", {{"de", "Ausweis"}});
    FeeModule fee;
    fee.description = {{"de", "5 Euro"}};
    service.modules.fees.push_back(fee);
    DeadlineModule time;
    time.description = {{"de", "2 Wochen"}};
    service.modules.processing_times.push_back(time);
    SearchTermModule terms;
    terms.terms = {{"de", "Hundesteuer", "001"}};
    service.modules.search_terms.push_back(terms);
    service.service_keys = {{"", "", "99102013060000", ""}};
    service.version.changed_at = "2026-01-01T00:00:00Z";
    return service;
  }
  static OrganisationalUnit whole_unit(const std::string& local = "u") {
    OrganisationalUnit unit;
    unit.id = {"A1", local};
    unit.name = {{"de", "Steueramt"}};
    Address address;
    address.street = "Markt";
    address.city = "Musterstadt";
    unit.addresses = {address};
    unit.contacts = {{"phone", "0123", {}}};
    unit.hours_text = {{"de", "nach Vereinbarung"}};
    return unit;
  }
  static OnlineService whole_online(const std::string& local = "o") {
    OnlineService online;
    online.id = {"A1", local};
    online.purpose = "apply";
    online.title = {{"de", "Anmelden"}};
    online.links = {{"", "de", "https://a.example/x", ""}};
    return online;
  }
  static Responsibility responsibility(const std::string& local, ObjectKind kind, const std::string& holder,
                                       const std::string& service = "s") {
    Responsibility out;
    out.id = {"A1", local};
    out.holder_kind = kind;
    out.holder = {"A1", holder};
    out.service = {"A1", service};
    return out;
  }
  void put_whole() {
    put(whole_service());
    put(whole_unit());
    put(whole_online());
    put(responsibility("r", ObjectKind::unit, "u"));
    put(responsibility("ro", ObjectKind::online_service, "o"));
  }

  std::filesystem::path folder_;
  FixedClock clock_{*parse_time("2026-06-08T10:00:00Z")};
  std::unique_ptr<store::Database> database_;
};

TEST_F(Check, FindsNothingWhereNothingIsMissing) {
  EXPECT_THAT(told(), IsEmpty());
  put_whole();
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Check, FindsEachGapOfAService) {
  Service bare;
  bare.id = {"A1", "bare"};
  put(bare);
  EXPECT_THAT(told(), ElementsAre("service_without_responsible bare", "service_without_text bare",
                                  "service_without_title bare", "documents_missing bare", "fee_missing bare",
                                  "processing_time_missing bare", "legal_basis_missing bare", "no_online_service bare",
                                  "no_search_terms bare", "service_without_key bare"));
  EXPECT_EQ(findings()[0].title, "Leistung ohne Titel");
}

TEST_F(Check, TakesWhatASpecialisationHas) {
  put_whole();
  auto service = whole_service();
  const auto fees = service.modules.fees;
  service.modules.fees.clear();
  put(service);
  EXPECT_THAT(told(), ElementsAre("fee_missing s"));
  Specialisation local;
  local.id = {"A1", "sp"};
  local.service = service.id;
  local.areas = {*AreaKey::parse("01")};
  local.modules.fees = fees;
  put(local);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Check, AnAppointmentIsNoOnlineService) {
  put_whole();
  auto online = whole_online();
  online.purpose = "appointment";
  put(online);
  EXPECT_THAT(told(), ElementsAre("no_online_service s"));
}

TEST_F(Check, FindsEachGapOfAUnit) {
  put_whole();
  auto unit = whole_unit();
  unit.addresses.clear();
  unit.contacts = {{"fax", "0123", {}}};
  unit.hours_text.clear();
  put(unit);
  EXPECT_THAT(told(), ElementsAre("unit_without_address u", "unit_without_contact u", "unit_without_hours u"));
}

TEST_F(Check, DoesNotAskAnAuthorityThatOnlyStandsAboveForHours) {
  put_whole();
  auto above = whole_unit("above");
  above.addresses.clear();
  above.contacts.clear();
  above.hours_text.clear();
  put(above);
  EXPECT_THAT(told("unit_without_hours"), ElementsAre("unit_without_hours above"));
  auto unit = whole_unit();
  unit.parent = above.id;
  put(unit);
  EXPECT_THAT(told(), IsEmpty());
}

TEST_F(Check, FindsLinksToWhatIsNotThere) {
  put_whole();
  auto service = whole_service();
  service.related_services = {{.value = "gone", .agency = {}, .agency_name = {}, .data_uri = {}, .scheme = {},
                               .scheme_name = {}, .scheme_uri = {}, .scheme_version = {}}};
  put(service);
  auto unit = whole_unit();
  unit.parent = ObjectId{"A1", "gone"};
  put(unit);
  auto online = whole_online();
  online.unit = ObjectId{"A1", "gone"};
  put(online);
  put(responsibility("r2", ObjectKind::unit, "gone", "gone-as-well"));
  Specialisation orphan;
  orphan.id = {"A1", "sp"};
  orphan.service = {"A1", "gone"};
  orphan.areas = {*AreaKey::parse("01")};
  put(orphan);
  EXPECT_THAT(told(), ElementsAre("link_dead o", "link_dead r2", "link_dead r2", "link_dead s", "link_dead sp",
                                  "link_dead u"));
}

TEST_F(Check, AResponsibilityOfNobodyIsNoResponsibility) {
  put(whole_service());
  put(responsibility("r", ObjectKind::unit, "gone"));
  EXPECT_THAT(told("service_without_responsible"), ElementsAre("service_without_responsible s"));
}

TEST_F(Check, FindsAddressesThatCannotWork) {
  put_whole();
  auto service = whole_service();
  service.modules.texts[1].links = {{"de", "www.a.example", "", "", {}}, {"de", "https://a.example/gut", "", "", {}}};
  put(service);
  auto online = whole_online();
  online.links = {{"", "de", "https://kaputt", ""}};
  put(online);
  EXPECT_THAT(told(), ElementsAre("link_dead o", "link_dead s"));
  online.links.clear();
  put(online);
  EXPECT_THAT(told(), Contains("online_service_without_link o"));
}

TEST_F(Check, FindsWhatIsOverOrOldAndThenNothingElse) {
  put_whole();
  auto service = whole_service("old");
  service.modules = {};
  service.validity = {{"", "2026-06-07", {}}};
  put(service);
  EXPECT_THAT(told(), ElementsAre("validity_over old"));
  service = whole_service();
  service.validity = {{"", "2026-06-08", {}}};  // today is still in
  service.version.changed_at = "2024-06-01T00:00:00Z";
  put(service);
  EXPECT_THAT(told(), ElementsAre("validity_over old", "not_changed_for_two_years s"));
  EXPECT_THAT(findings()[1].message, HasSubstr("1.6.2024"));
}

TEST_F(Check, FindsMissingLanguagesAndTheSameTitleTwice) {
  put_whole();
  auto twin = whole_service("twin", "HUND  anmelden");
  twin.modules.texts[0].content.resize(2);
  put(twin);
  put(responsibility("r2", ObjectKind::unit, "u", "twin"));
  put(responsibility("ro2", ObjectKind::online_service, "o", "twin"));
  EXPECT_THAT(told("language_incomplete"), ElementsAre("language_incomplete twin"));
  auto other_agency = whole_service("s");
  other_agency.id.agency = "B2";
  put(other_agency);
  twin.modules.texts[0].content = {{"de", "Hund anmelden"}, {"en", "x"}, {"de-simple", "x"}};
  put(twin);
  EXPECT_THAT(told("duplicate_title"), ElementsAre("duplicate_title twin"));
}

TEST_F(Check, FindsAreasThatTheListDoesNotHave) {
  put_whole();
  auto one = responsibility("r", ObjectKind::unit, "u");
  one.areas = {*AreaKey::parse("010600063"), *AreaKey::parse("")};
  put(one);
  EXPECT_THAT(told(), IsEmpty());  // without a list of areas nobody can tell
  Area town;
  town.key = *AreaKey::parse("010600063063");
  town.name = town.short_name = "Stadt";
  auto done = database_->write([&](store::Connection& connection) -> Result<void> {
    auto outcome = AreaStore(connection).replace_all({town}, "2023-11-30");
    return outcome ? Result<void>() : Result<void>(std::unexpected(outcome.error()));
  });
  ASSERT_TRUE(done);
  EXPECT_THAT(told(), IsEmpty());  // stands above the town
  one.areas = {*AreaKey::parse("02")};
  put(one);
  EXPECT_THAT(told(), ElementsAre("responsibility_area_unknown r"));
}

TEST_F(Check, IsOrderedByPublisherAndWeight) {
  for (const char* agency : {"B2", "A1"}) {
    for (const char* local : {"2", "1"}) {
      Service bare;
      bare.id = {agency, local};
      put(bare);
    }
  }
  const auto all = findings();
  ASSERT_EQ(all.size(), 40u);
  const auto by_order = [](const QualityFinding& a, const QualityFinding& b) {
    return std::tuple(a.object.agency, -a.weight, a.rule, a.object.local) <
           std::tuple(b.object.agency, -b.weight, b.rule, b.object.local);
  };
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), by_order));
  EXPECT_EQ(all.front().object, (ObjectId{"A1", "1"}));
}

TEST(CheckRules, HaveNamesAndWeights) {
  const auto names = quality_rules();
  EXPECT_EQ(names.size(), editing::all_rules().size());
  EXPECT_GE(names.size(), 15u);
  for (const auto& rule : editing::all_rules()) {
    EXPECT_THAT(std::string(rule.name), Not(IsEmpty()));
    EXPECT_TRUE(rule.weight >= 1 && rule.weight <= 3) << rule.id;
  }
}

TEST(CheckRules, TellAddressesThatCouldWork) {
  for (const char* good :
       {"https://a.example", "http://a.example:80/x?y#z", "mailto:a@b.example", "tel:+49123", "HTTPS://a.b"}) {
    EXPECT_TRUE(editing::is_address(good)) << good;
  }
  for (const char* bad : {"", "www.a.example", "https://", "https:///x", "https://a", "https://.a", "https://a..b",
                          "https://a b.example", "javascript:x", "mailto:x", "tel:", "ftp://a.b", "https:/a.b"}) {
    EXPECT_FALSE(editing::is_address(bad)) << bad;
  }
}

TEST(CheckRules, PeriodsEndWithTheirDay) {
  const Instant noon = *parse_time("2026-06-08T10:00:00Z");
  const auto ends = [&](const std::string& end) { return editing::is_over({{"", end, {}}}, noon); };
  EXPECT_FALSE(editing::is_over({}, noon));
  EXPECT_FALSE(ends(""));
  EXPECT_FALSE(ends("2026-06-08"));
  EXPECT_TRUE(ends("2026-06-07"));
  EXPECT_TRUE(ends("2026-06-08T09:59:59Z"));
  EXPECT_FALSE(ends("no time"));
  EXPECT_FALSE(editing::is_over({{"", "2020-01-01", {}}, {"", "", {}}}, noon));
}

}  // namespace
}  // namespace verbund::directory

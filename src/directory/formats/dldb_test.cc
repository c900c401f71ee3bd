// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <map>

#include "directory/formats/formats.h"
#include "directory/formats/testing/test_node.h"
#include "kits/html/html.h"

namespace verbund::directory {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::read_file;
using testing::TestNode;

const std::string data = VERBUND_SOURCE_DIR "/src/directory/formats/testdata/dldb/";

Result<ImportSummary> import(TestNode& node, const std::string& services, const std::string& locations,
                             const std::string& agency = "M1", const std::string& area = "091620000000") {
  return import_dldb(node.database(), node.clock(), services, locations, agency, *AreaKey::parse(area), {});
}

class Dldb : public ::testing::Test {
 protected:
  Dldb() {
    auto done = import(node, data + "services.json", data + "locations.json");
    EXPECT_TRUE(done) << done.error().text();
    if (done) summary = *done;
  }
  std::string text(const Service& service, std::string_view code) {
    const auto* module = find_text(service.modules, code);
    return module ? std::string(pick(module->content, "de")) : "none";
  }
  TestNode node;
  ImportSummary summary;
};

TEST_F(Dldb, MapsTheTextsOfAService) {
  const auto animal = node.get<Service>("M1", "100");
  ASSERT_TRUE(animal);
  EXPECT_EQ(html::to_plain_text(citizen_title(*animal, "de")), "Hund & Katze anmelden");
  EXPECT_EQ(service_key(*animal), "99102013060000");
  EXPECT_THAT(text(*animal, "06"), HasSubstr("Melden Sie Ihr Tier"));
  EXPECT_THAT(text(*animal, "06"), ::testing::Not(HasSubstr("x()")));
  EXPECT_EQ(animal->version.changed_at, "2026-06-08T07:41:01");
  std::vector<std::string> terms;
  for (const auto& term : animal->modules.search_terms.at(0).terms) terms.push_back(term.term);
  EXPECT_THAT(terms, ElementsAre("Hundesteuer", "Hund", "Katze"));
  ASSERT_TRUE(animal->publisher);
  EXPECT_EQ(animal->publisher->name, "Stadt Musterstadt");
}

TEST_F(Dldb, MapsTheFieldsThatBerlinHas) {
  const auto advance = node.get<Service>("M1", "200");
  ASSERT_TRUE(advance);
  EXPECT_THAT(text(*advance, "06"), HasSubstr("<p>Erste Zeile</p>"));
  EXPECT_THAT(text(*advance, "08"), HasSubstr("<li>Ausweis</li>"));
  EXPECT_THAT(text(*advance, "08"), HasSubstr("im Original"));
  EXPECT_THAT(text(*advance, "08"), HasSubstr("http://a.example/?x=1&amp;y=2"));
  EXPECT_THAT(text(*advance, "09"), HasSubstr("Wohnsitz"));
  EXPECT_THAT(text(*advance, "07"), HasSubstr("https://gesetz.example/"));
  EXPECT_THAT(text(*advance, "22"), HasSubstr("Das Amt des Wohnorts"));
  EXPECT_EQ(pick(advance->modules.processing_times.at(0).description, "de"), "etwa 2 Wochen");
  EXPECT_EQ(advance->modules.fees.at(0).fees.at(0).choice, Fee::Choice::free);
  EXPECT_EQ(advance->modules.source_portals.at(0).uri, "https://service.example/dienstleistung/200/");
  EXPECT_THAT(advance->service_keys, IsEmpty());  // "123" is none, and told
  EXPECT_THAT(summary.to_text(), HasSubstr("LeiKa-Schlüssel \"123\""));
}

TEST_F(Dldb, SortsLinksThatStandInBothLists) {
  const auto animal = node.get<Service>("M1", "100");
  ASSERT_TRUE(animal);
  const auto* forms = find_text(animal->modules, "14");
  const auto* more = find_text(animal->modules, "15");
  ASSERT_TRUE(forms && more);
  ASSERT_EQ(forms->links.size(), 1u);
  EXPECT_EQ(forms->links[0].uri, "https://stadt.example/antrag.pdf");
  EXPECT_EQ(more->links.size(), 2u);
}

TEST_F(Dldb, TellsAppointmentsFromApplications) {
  const auto booking = node.get<OnlineService>("M1", "100-termin");
  ASSERT_TRUE(booking);
  EXPECT_EQ(booking->purpose, "appointment");
  EXPECT_EQ(booking->links.at(0).uri, "https://stadt.example/termin#/services/100");
  const auto listed = node.get<OnlineService>("M1", "100-online");
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->purpose, "apply");
  EXPECT_EQ(listed->links.at(0).uri, "https://formular.example/ab");
  EXPECT_EQ(pick(listed->title, "de"), "Hund online abmelden");
  const auto in_text = node.get<OnlineService>("M1", "100-online-2");
  ASSERT_TRUE(in_text);
  EXPECT_EQ(in_text->links.at(0).uri, "https://formular.example/hund");
  EXPECT_FALSE(node.get<OnlineService>("M1", "100-online-7"));  // that is the appointment page again
  EXPECT_EQ(node.get<OnlineService>("M1", "200-online")->links.at(0).uri, "https://online.example/vorschuss");
  EXPECT_FALSE(node.get<OnlineService>("M1", "200-termin"));    // no office allows it
  EXPECT_EQ(node.get<OnlineService>("M1", "300-online-8")->unit->local, "8");
}

TEST_F(Dldb, MapsAnOffice) {
  const auto office = node.get<OrganisationalUnit>("M1", "7");
  ASSERT_TRUE(office);
  EXPECT_EQ(pick(office->name, "de"), "Bürgerbüro Mitte");
  EXPECT_THAT(office->other_names, ElementsAre("Bürgerbüro Mitte (A-1)", "Rathaus"));
  EXPECT_EQ(pick(office->description, "de"), "Ordnungsreferat, Stadt Musterstadt");
  const Address* address = visiting_address(*office);
  ASSERT_TRUE(address);
  EXPECT_EQ(address->street + " " + address->house_number + ", " + address->postal_code, "Markt 1, 12345");
  EXPECT_EQ(address->latitude, 48.1373);
  ASSERT_EQ(office->contacts.size(), 2u);
  EXPECT_EQ(office->contacts[0].channel, "phone");
  EXPECT_EQ(office->contacts[1].value, "amt@stadt.example");
  ASSERT_EQ(office->hours.size(), 3u);
  EXPECT_EQ(office->hours[1].opens + office->hours[1].closes, "14:0018:00");
  EXPECT_EQ(office->hours[2].weekday, 2);
  EXPECT_EQ(pick(office->hours_text, "de"), "<p>Am 24.12. geschlossen</p>");
  EXPECT_EQ(office->links.at(0).uri, "https://stadt.example/termin#/locations/7");
  ASSERT_TRUE(office->parent);
  EXPECT_EQ(pick(node.get<OrganisationalUnit>("M1", office->parent->local)->name, "de"), "Stadt Musterstadt");
}

TEST_F(Dldb, DropsPlaceholdersAndFalseAddresses) {
  const auto office = node.get<OrganisationalUnit>("M1", "8");
  ASSERT_TRUE(office);
  EXPECT_EQ(office->kind, "Jugendamt");
  EXPECT_THAT(office->addresses, IsEmpty());
  EXPECT_THAT(office->hours, IsEmpty());
  EXPECT_THAT(std::string(pick(office->hours_text, "de")), HasSubstr("Freitag: nach Vereinbarung"));
  EXPECT_EQ(office->parent->local, "behoerde-2");
}

TEST_F(Dldb, MakesEachOfferAResponsibilityForTheArea) {
  const auto both = node.get<Responsibility>("M1", "100-7");  // named by both files, one responsibility
  ASSERT_TRUE(both);
  EXPECT_EQ(both->holder.local, "7");
  EXPECT_EQ(both->role, "01");
  EXPECT_EQ(both->areas.at(0).digits(), "09162");
  EXPECT_TRUE(node.get<Responsibility>("M1", "300-8"));           // named by the office only
  EXPECT_EQ(node.get<Responsibility>("M1", "300-behoerde-1")->holder.local, "behoerde-1");  // no office in its file
  EXPECT_EQ(node.get<Responsibility>("M1", "100-termin")->holder_kind, ObjectKind::online_service);
  EXPECT_FALSE(node.get<Responsibility>("M1", "901-7"));
}

TEST_F(Dldb, TellsWhatItLeftOut) {
  EXPECT_EQ(summary.kinds.at("service").added, 3);
  EXPECT_EQ(summary.kinds.at("service").skipped, 3);
  EXPECT_EQ(summary.kinds.at("unit").added, 4);
  EXPECT_EQ(summary.kinds.at("unit").skipped, 1);
  const std::string text = summary.to_text();
  EXPECT_THAT(text, HasSubstr("nennt 2 Leistungen, die in der Leistungsdatei nicht stehen: 901, 902"));
  EXPECT_THAT(text, HasSubstr("nennt einen Standort, der in der Standortdatei nicht steht: 404"));
  EXPECT_THAT(text, HasSubstr("400: Der Leistung fehlt der Name"));
  EXPECT_THAT(text, HasSubstr("kommt zweimal vor"));
  EXPECT_THAT(text, HasSubstr("Dem Standort fehlt die id"));
}

TEST_F(Dldb, HasNoEffectTheSecondTime) {
  const std::string before = node.state();
  const auto again = import(node, data + "services.json", data + "locations.json");
  ASSERT_TRUE(again);
  for (const auto& [kind, count] : again->kinds) EXPECT_EQ(count.added + count.changed + count.withdrawn, 0) << kind;
  EXPECT_EQ(node.state(), before);
}

TEST_F(Dldb, WithdrawsWhatIsNoLongerInTheFiles) {
  const auto one = node.folder().file("s.json", R"({"data":[{"id":"100","name":"Hund"}]})");
  const auto less = import(node, one, data + "locations.json");
  ASSERT_TRUE(less) << less.error().text();
  EXPECT_EQ(less->kinds.at("service").withdrawn, 2);
  EXPECT_EQ(less->kinds.at("service").changed, 1);
}

TEST_F(Dldb, ChangesNothingOnHostileInput) {
  const std::string before = node.state();
  const std::string good = read_file(data + "services.json");
  std::string utf16;
  for (char c : good) utf16 += {c, '\0'};
  std::string with_nul = good;
  with_nul[200] = '\0';
  const std::map<std::string, std::string> hostile = {
      {"empty", ""},
      {"no array", R"({"data":{"1":{}}})"},
      {"no data", R"({"meta":{}})"},
      {"nothing in it", R"({"data":[]})"},
      {"only what cannot be used", R"({"data":[1,"x",null,[],{}]})"},
      {"truncated", good.substr(0, good.size() / 2)},
      {"cut before the end", good.substr(0, good.size() - 3)},
      {"broken UTF-8", R"({"data":[{"id":"1","name":")" "\xFF\xFE" R"("}]})"},
      {"ISO-8859-1", R"({"data":[{"id":"1","name":"K)" "\xF6" R"(ln"}]})"},
      {"UTF-16", utf16},
      {"null bytes", with_nul},
      {"a million levels", R"({"data":[)" + std::string(1'000'000, '[')},
      {"a million levels elsewhere", R"({"meta":)" + std::string(1'000'000, '[')},
      {"a huge number", R"({"data":[{"id":1e999999,"name":"x"}]})"},
      {"one gigantic text", R"({"data":[{"id":"1","name":")" + std::string(20'000'000, 'x')},
      {"XML", "<?xml version=\"1.0\"?><data/>"},
  };
  for (const auto& [what, content] : hostile) {
    const auto file = node.folder().file("hostile.json", content);
    const auto as_services = import(node, file, data + "locations.json");
    ASSERT_FALSE(as_services) << what;
    EXPECT_THAT(as_services.error().where, HasSubstr("hostile.json")) << what;
    EXPECT_EQ(node.state(), before) << what;
    ASSERT_FALSE(import(node, data + "services.json", file)) << what;
    EXPECT_EQ(node.state(), before) << what;
  }
}

TEST_F(Dldb, SkipsIdsThatBreakTheRules) {
  const auto file = node.folder().file("s.json", R"({"data":[{"id":"a b","name":"x"},{"id":"\u0007","name":"x"},)"
      R"({"id":{"$":1},"name":"x"},{"id":")" + std::string(300, 'i') + R"(","name":"x"},{"id":"ok","name":"gut"}]})");
  const auto done = import(node, file, data + "locations.json", "M2");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->kinds.at("service").skipped, 4);
  EXPECT_EQ(done->kinds.at("service").added, 1);
}

TEST(DldbImport, RefusesAnAgencyThatIsNone) {
  TestNode node;
  const auto bad = import(node, data + "services.json", data + "locations.json", "L 100");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().code, ErrorCode::usage);
}

TEST(DldbImport, ReadsMunichAndBerlin) {
  const std::string folder = VERBUND_SOURCE_DIR "/../shared/reference/kataloge/";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: reference data is not there";
  TestNode node;
  const std::string munich = folder + "muenchen-2026-06/", berlin = folder + "berlin-2016/";
  auto done = import(node, munich + "services_de.json", munich + "locations_de.json", "muenchen", "09162");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->kinds.at("service").added, 196);
  EXPECT_EQ(done->kinds.at("unit").added, 108 + 1);  // and the authority
  EXPECT_EQ(done->kinds.at("service").skipped + done->kinds.at("unit").skipped, 0);
  EXPECT_EQ(pick(node.get<OnlineService>("muenchen", "1064305-online")->title, "de"),
            "Fahrzeug online außer Betrieb setzen");
  EXPECT_FALSE(node.get<OnlineService>("muenchen", "1063441-online"));  // only brochures about the online function
  const std::string after = node.state();
  ASSERT_TRUE(import(node, munich + "services_de.json", munich + "locations_de.json", "muenchen", "09162"));
  EXPECT_EQ(node.state(), after);

  done = import(node, berlin + "services_de.json", berlin + "locations_de.json", "L100108", "11");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->kinds.at("service").added, 560);
  EXPECT_EQ(done->kinds.at("unit").added, 496 + 4);  // four authorities have a name
  EXPECT_EQ(done->kinds.at("responsibility").added, 5330);
  std::int64_t appointments = 0, applications = 0;
  node.database().read([&](store::Connection& connection) {
    ObjectStore(connection).each<OnlineService>([&](const OnlineService& online) {
      (online.purpose == "apply" ? applications : appointments) += 1;
    });
  });
  EXPECT_EQ(appointments, 108);  // Munich's public services
  EXPECT_GE(applications, 20);
  EXPECT_LE(applications, 40);
}

}  // namespace
}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
// What programs get: the search service over the demonstration against golden answers, and over Munich's catalogue.
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "app/demo/demo.h"
#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/formats/testing/test_node.h"
#include "faces/fit_connect/routing.h"
#include "faces/pvog/suchdienst.h"
#include "kits/crypto/digest.h"
#include "kits/http/test_request.h"
#include "kits/json/json.h"

namespace verbund::app {
namespace {

using directory::testing::TestNode;

class Interfaces {
 public:
  explicit Interfaces(TestNode& node) : finder_(node.database(), "", node.clock().now()) {
    pvog::add_routes(router_, reading::PublicReading({}, nullptr), finder_, node.database());
    fit_connect::add_routes(router_, reading::PublicReading({}, nullptr), finder_, node.database());
  }
  http::Response get(const std::string& target) const {
    http::Request request = http::get_request(target);
    request.headers["user-agent"] = "test/1.0";
    return router_.route(request);
  }
  Json json(const std::string& target) const {
    const auto response = get(target);
    EXPECT_EQ(response.status, 200) << target << " " << *response.body;
    return parse_json(*response.body, target).value_or(Json());
  }

 private:
  directory::Finder finder_;
  http::Router router_;
};

// Compares with golden/NAME; INTERFACES_UPDATE_GOLDEN=1 writes it.
void expect_golden(const std::string& name, const std::string& text) {
  const std::string path = VERBUND_SOURCE_DIR "/src/app/demo/golden/" + name;
  if (std::getenv("INTERFACES_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  EXPECT_EQ(text, directory::testing::read_file(path)) << name << ": if this is meant: INTERFACES_UPDATE_GOLDEN=1";
}

TEST(Interfaces, AnswerForTheDemonstrationAsTheGoldenFilesSay) {
  TestNode node;
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  const Interfaces interfaces(node);
  const std::string base = "/suchdienst/api";
  for (const auto& [name, target] : std::initializer_list<std::pair<const char*, const char*>>{
           {"locations", "/v2/locations?q=22846"},
           {"locations-v3", "/v3/locations?q=Norderstedt&limit=1&filterBy=ORT"},
           {"locations-ars", "/v3/locations/ars?q=Norderstedt"},
           {"locations-suggestions", "/v2/locations/suggestions?q=Norder"},
           {"search-v7", "/v7/servicedescriptions/010600063063?q=Perso+verloren&size=5"},
           {"organisations",
            "/v1beta2/onlineservices/demo-norderstedt.OD.hund-anmelden/organisations?ars=010600063063"},
           {"onlineservice", "/v2/onlineservices/detail?q=demo-norderstedt.OD.hund-anmelden"},
           {"search", "/v8beta1/servicedescriptions?ars=010600063063&q=Perso+verloren&size=5"},
           {"leikaid", "/v3/servicedescriptions/leikaid?ars=010600063063&leikaIds=99008001012000"},
           {"leikahierarchy", "/v2/servicedescriptions/leikahierarchy?ars=010600063063&leikaIds=99008001012000"},
           {"detail", "/v6/servicedescriptions/demo-bund.LB.ausweis-verlust/detail?ars=010600063063"},
           {"detail-v5", "/v5/servicedescriptions/010600063063/detail?q=demo-bund.LB.ausweis-verlust"},
           {"titles", "/v2/organisationunits/titles?ars=010600063063&lbId=demo-bund.LB.ausweis-verlust"},
           {"unit", "/v5/organisationunits/detail?q=demo-norderstedt.OE.stadt&ars=010600063063"},
           {"onlineservices", "/v1beta2/onlineservices?ars=010600063063&leikaIds=99008001014002,99049001001000"}}) {
    expect_golden(std::string("pvog-") + name + ".json", interfaces.json(base + target).to_pretty() + "\n");
  }
  expect_golden("pvog-csv.csv", *interfaces.get(base + "/v5/servicedescriptions/csv?ars=010600063063").body);
  const Json online = interfaces.json(base + "/v1beta2/onlineservices?ars=010600063063");
  for (const Json& each : *online["onlineServices"].if_array()) {  // every online service of the place, whole
    const std::string id(each.text_or("id"));
    EXPECT_FALSE(each["links"].if_array()->empty()) << id;
    EXPECT_EQ(interfaces.json(base + "/v2/onlineservices/detail?q=" + id).text_or("id"), id);
    const int status =
        interfaces.get(base + "/v1beta2/onlineservices/" + id + "/organisations?ars=010600063063").status;
    EXPECT_TRUE(status == 200 || status == 404) << id;
  }
}

// What a client of the search service does for each of the services it looks for, for every service of the catalogue.
TEST(Interfaces, AnswerForMunich) {
  const std::string folder = "../shared/reference/kataloge/muenchen-2026-06";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no reference data beside the checkout";
  TestNode node;
  ASSERT_TRUE(load_geography(node.database(), node.clock()));
  const auto taken =
      directory::import_dldb(node.database(), node.clock(), folder + "/services_de.json", folder + "/locations_de.json",
                             "muenchen", directory::AreaKey::parse("09162").value(), {});
  ASSERT_TRUE(taken) << taken.error().text();
  const Interfaces interfaces(node);
  const std::string base = "/suchdienst/api";
  const Json place = interfaces.json(base + "/v2/locations?q=80331");
  ASSERT_FALSE(place.if_array()->empty());
  const std::string ars((*place.if_array())[0].text_or("ars"));
  EXPECT_EQ(ars, "091620000000");

  const std::string table = *interfaces.get(base + "/v5/servicedescriptions/csv?ars=" + ars).body;
  std::map<std::string, std::string> keys;  // by id
  for (std::string_view row : split(table, '\n')) {
    const auto cells = split(row, '|');
    if (cells.size() > 3 && cells[0] != "ID-LB") keys[std::string(cells[0])] = std::string(cells[2]);
  }
  EXPECT_GE(keys.size(), 190u);
  int by_key = 0, with_office = 0, with_fee = 0;
  for (const auto& [id, key] : keys) {
    const Json detail =
        interfaces.json(base + "/v6/servicedescriptions/" + http::percent_encode(id) + "/detail?ars=" + ars);
    EXPECT_EQ(detail.text_or("id"), id);
    EXPECT_FALSE(detail.text_or("name").empty()) << id;
    EXPECT_EQ(detail["ars"].to_canonical(), "[\"091620000000\"]") << id;
    for (const Json& unit : *detail["organisations"].if_array()) {
      EXPECT_EQ(interfaces.get(base + "/v5/organisationunits/detail?q=" + std::string(unit.text_or("id"))).status, 200);
    }
    with_office += detail["organisations"].if_array()->empty() ? 0 : 1;
    for (const Json& module : *detail["details"].if_array()) with_fee += module.text_or("code") == "98" ? 1 : 0;
    if (key.empty()) continue;
    const Json found =
        interfaces.json(base + "/v3/servicedescriptions/leikaid?ars=" + ars + "&size=1000&leikaIds=" + key);
    bool there = false;
    for (const Json& each : *found["content"].if_array()) there |= each.text_or("id") == id;
    EXPECT_TRUE(there) << id << " " << key;
    ++by_key;
  }
  EXPECT_GE(by_key, 85);
  EXPECT_GE(with_office, 100);
  std::cout << keys.size() << " services, " << by_key << " found by key, " << with_office << " with an office, "
            << with_fee << " with fees\n";
  EXPECT_EQ(interfaces.json("/fit-connect/routing/v2/routes?leikaKey=99008001000000&ars=" + ars)["count"], Json(0));
}

// Each path over Munich's catalogue. The texts are Munich's and stay where they are: kept here are the digests of the
// answers, so that a change of any of them is seen.
TEST(Interfaces, AnswerForMunichOnEachPathAsTheGoldenDigestsSay) {
  const std::string folder = "../shared/reference/kataloge/muenchen-2026-06";
  if (!std::filesystem::exists(folder)) GTEST_SKIP() << "skipped: no reference data beside the checkout";
  TestNode node;
  ASSERT_TRUE(load_geography(node.database(), node.clock()));
  ASSERT_TRUE(directory::import_dldb(node.database(), node.clock(), folder + "/services_de.json",
                                     folder + "/locations_de.json", "muenchen",
                                     directory::AreaKey::parse("09162").value(), {}));
  const Interfaces interfaces(node);
  const std::string base = "/suchdienst/api", ars = "091620000000";
  const Json found = interfaces.json(base + "/v8beta1/servicedescriptions?ars=" + ars + "&q=Reisepass&size=5");
  const Json& service = (*found["serviceDescriptions"]["content"].if_array())[0];
  const std::string id = http::percent_encode(service.text_or("id"));
  const std::string key(*(*service["leikakeys"].if_array())[0].if_string());
  const Json offices = interfaces.json(base + "/v2/organisationunits/titles?ars=" + ars + "&lbId=" + id);
  const std::string office = http::percent_encode((*offices.if_array())[0].text_or("id"));
  const Json online = interfaces.json(base + "/v1beta2/onlineservices?ars=" + ars);
  const std::string form = http::percent_encode((*online["onlineServices"].if_array())[0].text_or("id"));
  std::string digests;
  for (const std::string& target :
       {std::string("/v2/locations?q=80331"), std::string("/v3/locations?q=M%C3%BCnchen&limit=3&filterBy=ORT"),
        std::string("/v2/locations/suggestions?q=M%C3%BCnch"), std::string("/v3/locations/ars?q=80331"),
        "/v8beta1/servicedescriptions?ars=" + ars + "&q=Reisepass&size=5",
        "/v7/servicedescriptions/" + ars + "?q=Reisepass&size=5",
        "/v3/servicedescriptions/leikaid?ars=" + ars + "&leikaIds=" + key,
        "/v2/servicedescriptions/leikahierarchy?ars=" + ars + "&leikaIds=" + key,
        "/v6/servicedescriptions/" + id + "/detail?ars=" + ars, "/v5/servicedescriptions/" + ars + "/detail?q=" + id,
        "/v5/servicedescriptions/csv?ars=" + ars, "/v2/organisationunits/titles?ars=" + ars + "&lbId=" + id,
        "/v5/organisationunits/detail?q=" + office + "&ars=" + ars, "/v1beta2/onlineservices?ars=" + ars,
        "/v1beta2/onlineservices/" + form + "/organisations?ars=" + ars, "/v2/onlineservices/detail?q=" + form}) {
    const auto response = interfaces.get(base + target);
    EXPECT_EQ(response.status, 200) << target;
    digests += target + "\t" + crypto::sha256_hex(*response.body) + "\n";
  }
  expect_golden("pvog-munich.tsv", digests);
}

// Facts of real answers: what a client reads there must be where it looks.
TEST(Interfaces, HaveTheFieldsThatRealAnswersHave) {
  TestNode node;
  ASSERT_TRUE(load_demo(node.database(), node.clock()));
  const Interfaces interfaces(node);
  const Json detail =
      interfaces.json("/suchdienst/api/v6/servicedescriptions/demo-bund.LB.ausweis-verlust/detail?ars=010600063063");
  for (const char* field :
       {"id", "name", "leikakeys", "ars", "details", "organisations", "onlineServiceLinks", "sourcePortals",
        "languages", "validity", "release", "lastUpdate", "externalLastUpdate", "organisationIds"}) {
    EXPECT_NE(detail.find(field), nullptr) << field;
  }
  const std::string samples = "../shared/reference/leistungen/pvog-beispiele-2026-06.json";
  if (!std::filesystem::exists(samples)) GTEST_SKIP() << "skipped: no reference data beside the checkout";
  const Json real = parse_json(directory::testing::read_file(samples), "samples").value();
  for (const Json& service : *real["leistungen"].if_array()) {  // the forms of ids, keys and areas are ours too
    EXPECT_TRUE(directory::parse_external_id(directory::ObjectKind::service, service.text_or("id")))
        << service.text_or("id");
    EXPECT_EQ(service.text_or("leika").size(), (*detail["leikakeys"].if_array())[0].if_string()->size());
    EXPECT_EQ(service.text_or("gueltigkeitsgebiet").size(), (*detail["ars"].if_array())[0].if_string()->size());
  }
}

}  // namespace
}  // namespace verbund::app

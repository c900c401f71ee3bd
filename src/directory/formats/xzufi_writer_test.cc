// SPDX-License-Identifier: EUPL-1.2
// What is written reads back as it was: for any object of the model.
#include "directory/formats/xzufi_test_support.h"
#include "directory/objects/testing/random_object.h"

namespace verbund::directory::xzufi {
namespace {

using namespace testing;
namespace random = verbund::directory::testing;

template <typename T>
std::string write_message(const T& object) {
  std::string bytes;
  MessageWriter writer([&](std::string_view piece) { bytes += piece; }, "00000000-0000-8000-a000-000000000000");
  writer.write(object);
  writer.end();
  return bytes;
}

template <typename T>
Kept read_back(const T& object, const std::string& bytes) {
  Kept kept;
  auto read = read_message_from_memory(bytes, "written.xml", kept);
  EXPECT_TRUE(read.has_value()) << read.error().text();
  for (const auto& skip : kept.skips) ADD_FAILURE() << external_id(kind_of<T>, object.id) << ": " << skip.reason;
  return kept;
}

template <typename T, typename Make>
void check_round_trip(Make make, std::vector<T> Kept::* where, int count) {
  random::Random seed(20260301);
  for (int i = 0; i < count && !::testing::Test::HasFailure(); ++i) {
    const T object = make(seed);
    const std::string bytes = write_message(object);
    const Kept kept = read_back(object, bytes);
    ASSERT_EQ((kept.*where).size(), 1u);
    EXPECT_EQ(to_body((kept.*where)[0]), to_body(object)) << bytes;
    EXPECT_TRUE((kept.*where)[0] == object);
    EXPECT_EQ(write_message((kept.*where)[0]), bytes);
  }
}

TEST(XzufiWriter, EveryServiceSurvives) { check_round_trip(random::random_service, &Kept::services, 300); }
TEST(XzufiWriter, EverySpecialisationSurvives) {
  check_round_trip(random::random_specialisation, &Kept::specialisations, 200);
}
TEST(XzufiWriter, EveryUnitSurvives) { check_round_trip(random::random_unit, &Kept::units, 300); }
TEST(XzufiWriter, EveryOnlineServiceSurvives) {
  check_round_trip(random::random_online_service, &Kept::online_services, 300);
}
TEST(XzufiWriter, EveryResponsibilitySurvives) {
  check_round_trip(random::random_responsibility, &Kept::responsibilities, 300);
}

TEST(XzufiWriter, ObjectsWithNothingButAnIdSurvive) {
  const ObjectId id{"T1", "leer"};
  Service service;
  service.id = id;
  EXPECT_EQ(read_back(service, write_message(service)).services, std::vector<Service>{service});
  OrganisationalUnit unit;
  unit.id = id;
  EXPECT_EQ(read_back(unit, write_message(unit)).units, std::vector<OrganisationalUnit>{unit});
  OnlineService online;
  online.id = id;
  EXPECT_EQ(read_back(online, write_message(online)).online_services, std::vector<OnlineService>{online});
}

TEST(XzufiWriter, UnusualValuesSurvive) {
  Service service;
  service.id = {"T1", "a/b%&<>\"'é"};
  TextModule text;
  text.code = "02";
  text.content = {{"de", "A &amp; B &lt; C"}, {"de-simple", "<p>x<br>y</p>"}};
  text.content[1].text = "<p>" + std::string(100'000, 'x') + "</p>";
  service.modules.texts = {text};
  FeeModule fees;
  Fee odd;  // choice unknown, but with an amount
  odd.fixed = Amount{"3.00", "CHF"};
  odd.reason = {{"de", "wer weiß"}};
  fees.fees = {odd, Fee{}};
  service.modules.fees = {fees};
  service.structure.object_id.value = "nur-das";  // kind not given
  service.nationalities = {{"urn:staat", "1", "000", ""}, {"urn:staatengruppe", "1", "02", "EU"}};
  EXPECT_EQ(read_back(service, write_message(service)).services, std::vector<Service>{service});

  OrganisationalUnit unit;
  unit.id = {"T1", "u"};
  unit.name = {{"de", "Amt"}};
  Address address;
  address.latitude = -0.1 + 0.3;  // not a short decimal
  address.longitude = 1e-7;
  Address half;
  half.latitude = 53.5;
  unit.addresses = {address, half, Address{}};
  unit.contacts = {{"05", "x", {}}, {"contact_form", "https://example.org", {}}, {"", "", {}}};
  unit.hours = {{1, "08:00", "12:00", "phone", {}}, {1, "08:00", "12:00", "", {}}, {7, "00:00", "24:00", "", {}}};
  EXPECT_EQ(read_back(unit, write_message(unit)).units, std::vector<OrganisationalUnit>{unit});

  OnlineService online;
  online.id = {"T1", "o"};
  online.title = {{"de", "Antrag"}};
  online.purpose = "appointment";
  online.parameters = {{"leer", ""}, {"", "wert"}};
  EXPECT_EQ(read_back(online, write_message(online)).online_services, std::vector<OnlineService>{online});
}

TEST(XzufiWriter, WritesTheNamesOf231) {
  Kept kept;
  ASSERT_TRUE(read_message(test_file("transfer-2.2.0.xml"), kept));
  const std::string bytes = write_message(kept.services.at(0));
  for (const char* expected :
       {"xmlns:xzufi=\"http://xoev.de/schemata/xzufi/2_3_1\"", "xzufiVersion=\"2.3.1\"", "<xzufi:nachrichtUUID>",
        "<xzufi:referenzLeistungsschluessel ", "<xzufi:verrichtungLeika ", "<code>104</code>",
        "<xzufi:kennzeichenFormularSchriftformerfordernis>false<", "<xzufi:informationsbereichSDG1>",
        "<xzufi:leistungImKontextID ", "<xzufi:durchfuehrbarEinheitlicheStelle>", "<xzufi:versionsinformationen>",
        "xsi:type=\"xzufi:KostenFix\"", "currencyCode=\"EUR\"", "xsi:type=\"xzufi:FristStichtag\"",
        "schemeID=\"ARS\">010000000000<"}) {
    EXPECT_NE(bytes.find(expected), std::string::npos) << expected;
  }
  for (const char* old : {"referenzLeiKa", "kennzeichenEA", "idProzess", "verrichtungLeiKa"}) {
    EXPECT_EQ(bytes.find(old), std::string::npos) << old;
  }
}

}  // namespace
}  // namespace verbund::directory::xzufi

// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/body.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "directory/objects/testing/random_object.h"

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;
using testing::Random;

// A hundred random objects: body and back, and the body of what came back, are the same.
template <typename T>
void check_round_trip(T (*make)(Random&)) {
  Random random(20240216);
  for (int i = 0; i < 100; ++i) {
    SCOPED_TRACE("object " + std::to_string(i));
    const T object = make(random);
    const std::string body = to_body(object);
    const auto back = from_body<T>(body);
    ASSERT_TRUE(back) << back.error().text() << "\n" << body;
    if constexpr (std::equality_comparable<T>) {
      ASSERT_TRUE(*back == object) << body;
    }
    ASSERT_EQ(to_body(*back), body);
    ASSERT_TRUE(from_json<T>(to_json(object)));
  }
}

TEST(Bodies, OfServicesComeBackEqual) { check_round_trip(testing::random_service); }
TEST(Bodies, OfSpecialisationsComeBackEqual) { check_round_trip(testing::random_specialisation); }
TEST(Bodies, OfUnitsComeBackEqual) { check_round_trip(testing::random_unit); }
TEST(Bodies, OfOnlineServicesComeBackEqual) { check_round_trip(testing::random_online_service); }
TEST(Bodies, OfResponsibilitiesComeBackEqual) { check_round_trip(testing::random_responsibility); }
TEST(Bodies, OfAreasComeBackEqual) { check_round_trip(testing::random_area); }
TEST(Bodies, OfPostalCodesComeBackEqual) { check_round_trip(testing::random_postal_code); }

// Names of fields by the path of structs that leads to them, without list positions.
void collect(const Json& json, const std::string& path, std::set<std::string>& out) {
  if (const auto* object = json.if_object()) {
    for (const auto& [name, value] : *object) {
      out.insert(path + "." + name);
      collect(value, path + "." + name, out);
    }
  } else if (const auto* array = json.if_array()) {
    for (const Json& item : *array) collect(item, path, out);
  }
}

TEST(RandomObjects, FillEveryField) {
  Random random(1);
  std::set<std::string> paths;
  for (int i = 0; i < 300; ++i) {
    collect(to_json(testing::random_service(random)), "service", paths);
    collect(to_json(testing::random_specialisation(random)), "specialisation", paths);
    collect(to_json(testing::random_unit(random)), "unit", paths);
    collect(to_json(testing::random_online_service(random)), "online_service", paths);
    collect(to_json(testing::random_responsibility(random)), "responsibility", paths);
  }
  // Counted from the structs: top-level fields of each object (a responsibility's holder_kind is inside holder).
  const std::pair<const char*, int> expected[] = {
      {"service.", 30}, {"specialisation.", 8}, {"unit.", 19}, {"online_service.", 13}, {"responsibility.", 8}};
  for (const auto& [prefix, fields] : expected) {
    const std::string start = prefix;
    int found = 0;
    for (const std::string& path : paths)
      if (path.starts_with(start) && path.find('.', start.size()) == path.npos) ++found;
    EXPECT_EQ(found, fields) << prefix;
  }
  for (const char* path : {"service.modules.fees.fees.most.currency", "service.modules.documents.outgoing.is_trigger",
                           "service.modules.texts.head.validity.note.text", "service.structure.detail.language",
                           "service.modules.processing_times.deadlines.span.until", "unit.addresses.geo_source",
                           "service.modules.source_portals.parameters.name", "service.publisher.short_name",
                           "service.languages.version.changed_by", "unit.hours.kind",
                           "service.categories.parent.value"})
    EXPECT_TRUE(paths.contains(path)) << path;
}

TEST(RandomObjects, AreTheSameForTheSameSeed) {
  Random one(7);
  Random two(7);
  EXPECT_EQ(to_body(testing::random_service(one)), to_body(testing::random_service(two)));
  EXPECT_NE(to_body(testing::random_service(one)), to_body(testing::random_unit(two)));
}

TEST(Bodies, LeaveOutWhatIsEmpty) {
  Service service;
  service.id = {"L100012", "1"};
  EXPECT_EQ(to_body(service), R"({"id":"L100012.LB.1"})");
  service.publisher.emplace();
  service.written_form = false;
  service.modules.fees.resize(1);
  EXPECT_EQ(to_body(service), R"({"id":"L100012.LB.1","modules":{"fees":[{}]},"publisher":{},"written_form":false})");
  EXPECT_EQ(from_body<Service>(to_body(service)).value(), service);
}

TEST(Bodies, NameTheHolderWithItsKind) {
  Responsibility responsibility;
  responsibility.id = {"a", "1"};
  responsibility.holder = {"a", "2"};
  responsibility.service = {"b", "3"};
  responsibility.holder_kind = ObjectKind::online_service;
  responsibility.areas = {AreaKey(), AreaKey::parse("01").value()};
  EXPECT_EQ(to_body(responsibility), R"({"areas":["","01"],"holder":"a.OD.2","id":"a.ZS.1","service":"b.LB.3"})");
}

TEST(Bodies, RefuseWhatDoesNotFitAndSayWhere) {
  struct Case {
    const char* body;
    const char* where;
  };
  const Case cases[] = {
      {R"({})", "id"},
      {R"([])", ""},
      {R"({"id":7})", "id"},
      {R"({"id":"a.OE.1"})", "id"},
      {R"({"id":"a.LB.1","colour":"red"})", "colour"},
      {R"({"id":"a.LB.1","sdg":"1"})", "sdg"},
      {R"({"id":"a.LB.1","sdg":[1]})", "sdg[0]"},
      {R"({"id":"a.LB.1","sdg":null})", "sdg"},
      {R"({"id":"a.LB.1","written_form":"yes"})", "written_form"},
      {R"({"id":"a.LB.1","valid_areas":["01","010"]})", "valid_areas[1]"},
      {R"({"id":"a.LB.1","valid_areas":["xx"]})", "valid_areas[0]"},
      {R"({"id":"a.LB.1","modules":{"fees":[{"fees":[{"choice":"cheap"}]}]}})", "modules.fees[0].fees[0].choice"},
      {R"({"id":"a.LB.1","modules":{"fees":[{},{"fee":[]}]}})", "modules.fees[1].fee"},
      {R"({"id":"a.LB.1","modules":{"texts":[{"head":{"position":1.5}}]}})", "modules.texts[0].head.position"},
      {R"({"id":"a.LB.1","modules":{"deadlines":[{"deadlines":[{"span":{"amount":-1}}]}]}})",
       "modules.deadlines[0].deadlines[0].span.amount"},
  };
  for (const Case& each : cases) {
    const auto json = parse_json(each.body, "test");
    ASSERT_TRUE(json) << each.body;
    const auto refused = from_json<Service>(*json);
    ASSERT_FALSE(refused) << each.body;
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_EQ(refused.error().where, each.where) << each.body;
  }
}

TEST(Bodies, RefuseNumbersOutOfRangeFromOutsideOnly) {
  const std::string body = R"({"addresses":[{"latitude":95}],"hours":[{"weekday":8}],"id":"a.OE.1"})";
  const auto json = parse_json(body, "test").value();
  const auto refused = from_json<OrganisationalUnit>(json);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().where, "addresses[0].latitude");
  // The store gives back what it was given.
  const auto kept = from_body<OrganisationalUnit>(body);
  ASSERT_TRUE(kept);
  EXPECT_EQ(to_body(*kept), body);
}

TEST(Bodies, RefuseAHolderThatIsNoUnitAndNoOnlineService) {
  for (const char* holder : {"a.LB.2", "2", ""}) {
    const Json json = Json::object({{"id", "a.ZS.1"}, {"service", "a.LB.1"}, {"holder", holder}});
    const auto refused = from_json<Responsibility>(json);
    ASSERT_FALSE(refused) << holder;
    EXPECT_EQ(refused.error().where, "holder");
  }
}

TEST(Bodies, LeaveOutWhatIsNoNumber) {
  OrganisationalUnit unit;
  unit.id = {"a", "1"};
  unit.addresses.resize(1);
  unit.addresses[0].latitude = std::numeric_limits<double>::quiet_NaN();
  unit.addresses[0].longitude = 10.0;
  EXPECT_EQ(to_body(unit), R"({"addresses":[{"longitude":10}],"id":"a.OE.1"})");
  EXPECT_EQ(from_body<OrganisationalUnit>(to_body(unit)).value().addresses[0].longitude, 10.0);
}

TEST(Bodies, RefuseTextThatIsNoJson) {
  const auto refused = from_body<Service>(R"({"id":"a.LB.1")");
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().text(), HasSubstr("body"));
}

}  // namespace
}  // namespace verbund::directory

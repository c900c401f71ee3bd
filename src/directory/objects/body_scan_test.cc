// SPDX-License-Identifier: EUPL-1.2
#include "directory/objects/body_scan.h"

#include <gtest/gtest.h>

#include <random>

#include "directory/objects/body.h"

namespace verbund::directory {
namespace {

ObjectId oid(std::string agency, std::string local) { return *make_object_id(agency, local); }

// Where the scanner answers, it says what from_body says.
void expect_same(const Responsibility& wanted, const std::string& body) {
  SCOPED_TRACE(body);
  ResponsibilityScan scan;
  if (!scan_responsibility(body, scan)) return;
  EXPECT_EQ(scan.holder_kind, wanted.holder_kind);
  EXPECT_EQ(scan.holder_agency, wanted.holder.agency);
  EXPECT_EQ(scan.holder_local, wanted.holder.local);
  EXPECT_EQ(scan.service_agency, wanted.service.agency);
  EXPECT_EQ(scan.service_local, wanted.service.local);
  EXPECT_EQ(scan.role, wanted.role);
  ASSERT_EQ(scan.areas.size(), wanted.areas.size());
  for (std::size_t i = 0; i < scan.areas.size(); ++i) EXPECT_EQ(scan.areas[i], wanted.areas[i].digits());
  std::vector<Period> periods;
  if (!scan_periods(scan.validity, periods)) return;
  ASSERT_EQ(periods.size(), wanted.validity.size());
  for (std::size_t i = 0; i < periods.size(); ++i) {
    EXPECT_EQ(periods[i].begin, wanted.validity[i].begin);
    EXPECT_EQ(periods[i].end, wanted.validity[i].end);
  }
}

class Scans : public ::testing::TestWithParam<unsigned> {};

TEST_P(Scans, AgreeWithTheGeneralReaderOnGeneratedResponsibilities) {
  std::mt19937 random(GetParam());
  const auto below = [&](unsigned bound) { return static_cast<unsigned>(random() % bound); };
  std::size_t plain = 0;
  for (int round = 0; round < 200; ++round) {
    Responsibility one;
    one.id = oid("R1", std::to_string(round));
    one.holder_kind = below(2) == 0 ? ObjectKind::unit : ObjectKind::online_service;
    const char* locals[] = {"1", "a.b.c", "x\"y", "ü", "a\\b", "OE.1"};
    one.holder = oid("L1-x_2", locals[below(6)]);
    one.service = oid("S", locals[below(6)]);
    const char* areas[] = {"", "01", "091", "01060", "010600063063", "01001", "071435004"};
    for (unsigned n = below(4); n > 0; --n) one.areas.push_back(*AreaKey::parse(areas[below(7)]));
    const char* roles[] = {"", "01", "03", "a\nb"};
    one.role = roles[below(4)];
    for (unsigned n = below(3); n > 0; --n) {
      Period period;
      if (below(2) == 0) period.begin = "2020-01-01";
      if (below(2) == 0) period.end = "2027-01-01T10:00:00Z";
      if (below(4) == 0) period.note = {{"de", "bis ]}\" auf Weiteres"}};
      one.validity.push_back(period);
    }
    if (below(3) == 0) one.note = {{"de", "mit \"}],[{ und \\"}};
    if (below(3) == 0) one.secondary_ids = {{"v", "", "", "", "", "", "", ""}};
    const std::string body = to_body(one);
    ASSERT_EQ(*from_body<Responsibility>(body), one);
    expect_same(one, body);
    ResponsibilityScan scan;
    plain += scan_responsibility(body, scan) ? 1 : 0;
  }
  EXPECT_GT(plain, 30U) << "the plain case is not left to the general reader";
}

INSTANTIATE_TEST_SUITE_P(Seeds, Scans, ::testing::Range(1U, 6U));

TEST(Scans, GiveTheNameOfAUnitAsPickDoes) {
  const std::vector<LocalisedTexts> names = {
      {},
      {{"de", "Bürgeramt"}},
      {{"en", "Citizens' office"}, {"de", "Bürgeramt"}},
      {{"en", "Citizens' office"}, {"tr", "x"}},
      {{"de", ""}, {"en", "Office"}},
      {{"de", "Amt \"Mitte\""}}};
  for (const LocalisedTexts& name : names) {
    OrganisationalUnit unit;
    unit.id = oid("U", "1");
    unit.name = name;
    unit.description = {{"de", "<p>name\":[{ }</p>"}};
    unit.addresses.emplace_back().city = "Kiel";
    unit.hours.push_back({1, "08:00", "12:00", "", {}});
    const std::string body = to_body(unit);
    UnitScan scan;
    if (!scan_unit(body, scan)) {
      EXPECT_NE(body.find('\\'), std::string::npos) << "only escapes are unusual here: " << body;
      continue;
    }
    EXPECT_EQ(scan.name, pick(from_body<OrganisationalUnit>(body)->name, "de")) << body;
  }
}

TEST(Scans, LeaveWhatIsUnusualToTheGeneralReader) {
  ResponsibilityScan scan;
  const char* good = R"({"areas":["01"],"holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1"})";
  EXPECT_TRUE(scan_responsibility(good, scan));
  const std::string text = good;
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(scan_responsibility(text.substr(0, length), scan)) << length;
  }
  const char* unusual[] = {
      R"({"areas":["01"],"holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1","surprise":1})",
      R"({"areas":["0100"],"holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"areas":["01000"],"holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"areas":["0x"],"holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"holder":"A.LB.1","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"holder":"A.OE.1","id":"R.ZS.1","service":"S.OE.1"})",
      R"({"holder":"AOE1","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"holder":"A.OE.1","id":"R.ZS.1"})",
      R"({"holder":"A.OE.\u0031","id":"R.ZS.1","service":"S.LB.1"})",
      R"({"areas":"01","holder":"A.OE.1","id":"R.ZS.1","service":"S.LB.1"})",
      R"([])", "", "{}", "null"};
  for (const char* body : unusual) EXPECT_FALSE(scan_responsibility(body, scan)) << body;
}

}  // namespace
}  // namespace verbund::directory

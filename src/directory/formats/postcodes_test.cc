// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "directory/formats/formats.h"
#include "directory/formats/testing/gv_lines.h"
#include "directory/formats/testing/test_node.h"

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;
using testing::gv_line;
using testing::TestNode;

const std::string header = "osm_id,ags,ort,plz,landkreis,bundesland\n";

class Postcodes : public ::testing::Test {
 protected:
  Postcodes() {
    const std::string areas = gv_line({.kind = "10", .key = "01", .name = "Nordland"}) + "\n" +
                              gv_line({.key = "010010000000", .name = "Köhl, Stadt", .population = 1}) + "\n" +
                              gv_line({.key = "010600015005", .name = "Dorf", .population = 1}) + "\n";
    auto done = import_gv100ad(node.database(), node.clock(), node.folder().file("gv.txt", areas), {});
    EXPECT_TRUE(done) << done.error().text();
  }
  Result<ImportSummary> import(const std::string& content) {
    return import_postcodes(node.database(), node.clock(), node.folder().file("plz.csv", content), {});
  }
  TestNode node;
};

TEST_F(Postcodes, TakesManyToMany) {
  const auto done = import(header + "1,01001000,Köhl,24937,Köhl,Nordland\n1,01001000,Köhl,24939,Köhl,Nordland\n"
                                    "2,01060001,\"Dorf, am See\",24939,Seekreis,Nordland\n");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_EQ(done->kinds.at("postal_code").added, 3);
  EXPECT_THAT(node.state(), HasSubstr("Dorf, am See"));
  EXPECT_THAT(node.state(), HasSubstr("010605005001"));
}

TEST_F(Postcodes, ReplacesTheListAndRepeatsWithoutEffect) {
  ASSERT_TRUE(import(header + "1,01001000,Köhl,24937,,\n1,01001000,Köhl,24939,,\n"));
  const auto fewer = import(header + "1,01001000,Köhl,24939,,\n");
  ASSERT_TRUE(fewer);
  EXPECT_EQ(fewer->kinds.at("postal_code").withdrawn, 1);
  const std::string before = node.state();
  const auto again = import(header + "1,01001000,Köhl,24939,,\n");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->kinds.at("postal_code").unchanged, 1);
  EXPECT_EQ(node.state(), before);
}

TEST_F(Postcodes, GivesBackTheZeroThatATableCalculationAte) {
  const auto done = import(header + "1,1001000,Köhl,1067,,\n");
  ASSERT_TRUE(done) << done.error().text();
  EXPECT_THAT(node.state(), HasSubstr("\"postal_code\":\"01067\""));
}

TEST_F(Postcodes, TellsUnknownMunicipalitiesOnceEach) {
  const auto done = import(header + "1,01001000,Köhl,24937,,\n9,09999999,Weg,80331,,\n9,09999999,Weg,80333,,\n");
  ASSERT_TRUE(done);
  EXPECT_EQ(done->kinds.at("postal_code").skipped, 2);
  ASSERT_EQ(done->findings.size(), 1u);
  EXPECT_EQ(done->findings[0].object, "AGS 09999999");
  EXPECT_EQ(done->findings[0].line, 3u);
  EXPECT_THAT(done->findings[0].reason, HasSubstr("Weg mit 2 Postleitzahlen"));
}

TEST_F(Postcodes, NeedsTheMunicipalitiesFirst) {
  TestNode empty;
  const auto early = import_postcodes(empty.database(), empty.clock(),
                                      empty.folder().file("p.csv", header + "1,01001000,K,24937,,\n"), {});
  ASSERT_FALSE(early);
  EXPECT_THAT(early.error().hint, HasSubstr("gv100ad"));
}

TEST_F(Postcodes, ChangesNothingOnHostileInput) {
  ASSERT_TRUE(import(header + "1,01001000,Köhl,24937,,\n"));
  const std::string before = node.state();
  const std::map<std::string, std::string> hostile = {
      {"empty", ""},
      {"only a header", header},
      {"another header", "a,b,c\n1,2,3\n"},
      {"semicolons", "osm_id;ags;ort;plz;landkreis;bundesland\n1;01001000;K;24937;;\n"},
      {"a field too few", header + "1,01001000,Köhl,24937,\n"},
      {"letters for digits", header + "1,0100100x,Köhl,24937,,\n"},
      {"a postal code too long", header + "1,01001000,Köhl,249370,,\n"},
      {"a huge number", header + "1,99999999999999999999,Köhl,24937,,\n"},
      {"broken UTF-8", header + "1,01001000,K\xFFhl,24937,,\n"},
      {"ISO-8859-1", header + "1,01001000,K\xF6hl,24937,,\n"},
      {"null bytes", header + std::string("1,01001000,K\0hl,24937,,\n", 24)},
      {"an open quote", header + "1,01001000,\"Köhl,24937,,\n"},
      {"a line without end", header + std::string(20'000'000, 'x')},
      {"nothing but commas", std::string(1'000'000, ',')},
      {"only unknown municipalities", header + "1,09999999,Weg,80331,,\n"},
      {"cut in a row", header + "1,01001000,Köhl,24937,,\n1,0100"},
  };
  for (const auto& [what, content] : hostile) {
    const auto result = import(content);
    ASSERT_FALSE(result) << what;
    EXPECT_THAT(result.error().where, HasSubstr("plz.csv")) << what;
    EXPECT_EQ(node.state(), before) << what;
  }
}

TEST_F(Postcodes, SaysWhenThereIsNoFile) {
  const auto none = import_postcodes(node.database(), node.clock(), node.folder().path("none"), {});
  ASSERT_FALSE(none);
  EXPECT_EQ(none.error().code, ErrorCode::unavailable);
}

}  // namespace
}  // namespace verbund::directory

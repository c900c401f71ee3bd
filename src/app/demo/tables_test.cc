// SPDX-License-Identifier: EUPL-1.2
#include "app/demo/tables.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::app {
namespace {

using ::testing::HasSubstr;

constexpr std::string_view town =
    "010600063063\tmunicipality\tmunicipality\t63\tNorderstedt, Stadt\tNorderstedt\t81880\t5810\t\t22846\n";

TEST(Tables, ReadsAnAreaAndTheDay) {
  auto table = read_area_table("# day\t2023-11-30\n# key\tlevel\n" + std::string(town), "areas.tsv");
  ASSERT_TRUE(table) << table.error().text();
  EXPECT_EQ(table->day, "2023-11-30");
  ASSERT_EQ(table->areas.size(), 1u);
  const directory::Area& area = table->areas[0];
  EXPECT_EQ(area.key.digits(), "010600063063");
  EXPECT_EQ(area.level, directory::AreaLevel::municipality);
  EXPECT_EQ(area.name, "Norderstedt, Stadt");
  EXPECT_EQ(area.short_name, "Norderstedt");
  EXPECT_EQ(area.population, 81880);
  EXPECT_EQ(area.hectares, 5810);
  EXPECT_EQ(area.seat_postal_code, "22846");
}

TEST(Tables, ReadsAPostalCode) {
  auto entries = read_postal_code_table("# head\n22844\t010600063063\tNorderstedt\n", "postal-codes.tsv");
  ASSERT_TRUE(entries) << entries.error().text();
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_EQ((*entries)[0].postal_code, "22844");
  EXPECT_EQ((*entries)[0].area.digits(), "010600063063");
  EXPECT_EQ((*entries)[0].place, "Norderstedt");
}

TEST(Tables, NamesTheLineThatIsWrong) {
  struct Case { std::string text; const char* message; };
  const Case cases[] = {
      {"01\tstate\n", "10 fields"},
      {"0x\tstate\tstate\t\tA\tA\t0\t0\t\t\n", "digit"},
      {"0100\tstate\tstate\t\tA\tA\t0\t0\t\t\n", "shortest form"},
      {"01\tmoon\tstate\t\tA\tA\t0\t0\t\t\n", "unknown level"},
      {"01\tstate\tstate\t\tA\tA\tmany\t0\t\t\n", "whole numbers"},
  };
  for (const auto& [text, message] : cases) {
    auto table = read_area_table("# day\t2023-11-30\n" + text, "areas.tsv");
    ASSERT_FALSE(table) << text;
    EXPECT_EQ(table.error().where, "areas.tsv:2");
    EXPECT_THAT(table.error().message, HasSubstr(message)) << text;
  }
  auto entries = read_postal_code_table("2284\t01\tOrt\n", "postal-codes.tsv");
  ASSERT_FALSE(entries);
  EXPECT_EQ(entries.error().where, "postal-codes.tsv:1");
}

TEST(Tables, AListWithoutItsDayIsRefused) {
  auto table = read_area_table(town, "areas.tsv");
  ASSERT_FALSE(table);
  EXPECT_THAT(table.error().message, HasSubstr("day"));
}

}  // namespace
}  // namespace verbund::app

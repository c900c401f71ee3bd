// SPDX-License-Identifier: EUPL-1.2
#include "directory/organisation/unit.h"

#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

OrganisationalUnit unit_with(std::initializer_list<const char*> kinds) {
  OrganisationalUnit out;
  for (const char* kind : kinds) out.addresses.emplace_back().kind = kind;
  return out;
}

TEST(Units, AreVisitedAtTheVisitorsAddressElseTheHouseElseTheFirst) {
  const auto all = unit_with({"003", "001", "002", "002"});
  EXPECT_EQ(visiting_address(all), &all.addresses[2]);
  const auto house = unit_with({"003", "001"});
  EXPECT_EQ(visiting_address(house), &house.addresses[1]);
  const auto box = unit_with({"003", "006"});
  EXPECT_EQ(visiting_address(box), &box.addresses[0]);
  EXPECT_EQ(visiting_address(unit_with({})), nullptr);
}

}  // namespace
}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/orientation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "directory/objects/object_store.h"
#include "faces/portal/testing/fixture.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

TEST(Beside, KnowsDistanceAndDirection) {
  struct Case { double latitude, longitude; double km; int direction; };
  // From the town hall of Norderstedt; distances as the crow flies.
  for (const Case& c : {Case{53.7076, 9.9942, 0, 0}, Case{53.936, 10.308, 32.7, 1}, Case{54.069, 9.985, 40.2, 0},
                        Case{53.55, 9.99, 17.5, 4}, Case{53.7076, 10.1, 7.0, 2}, Case{53.7076, 9.9, 6.2, 6},
                        Case{53.6, 9.85, 15.3, 5}, Case{53.8, 9.83, 14.9, 7}, Case{53.62, 10.15, 14.1, 3}}) {
    const Beside at = beside(53.7076, 9.9942, c.latitude, c.longitude);
    EXPECT_NEAR(at.distance_km(), c.km, 0.3) << c.latitude << " " << c.longitude;
    EXPECT_EQ(at.direction(), c.direction) << c.latitude << " " << c.longitude;
  }
}

TEST(Scale, HasRoundLengths) {
  struct Case { double most, length; };
  for (const Case& c : {Case{7.3, 5}, Case{4.9, 2}, Case{1.99, 1}, Case{0.6, 0.5}, Case{1000, 1000}, Case{33, 20}}) {
    EXPECT_DOUBLE_EQ(scale_length_km(c.most), c.length) << c.most;
  }
}

TEST(Map, IsThereOnlyWhereItHelps) {
  const store::testing::Folder folder;
  portal::testing::Fixture fixture(folder.path());
  EXPECT_THAT(*fixture.get("/behoerden/buergeramt-norderstedt").body, Not(HasSubstr("class=\"vb-map"))) << "no other coordinates";
  ASSERT_TRUE(fixture.database().write([](store::Connection& connection) -> Result<void> {
    directory::ObjectStore objects(connection);
    auto justice = objects.get<directory::OrganisationalUnit>({"T100001", "12"});
    directory::Address address;
    address.street = "Weg";
    address.city = "Bad Segeberg";
    address.latitude = 53.936;
    address.longitude = 10.308;
    justice->addresses = {address};
    objects.put(*justice, "fixture", Instant{});
    return {};
  }));
  fixture.finder().refresh();
  const std::string html = *fixture.get("/behoerden/buergeramt-norderstedt").body;
  EXPECT_THAT(html, HasSubstr("<svg class=\"vb-map\""));
  EXPECT_THAT(html, HasSubstr("Bundesamt für Justiz"));
  EXPECT_THAT(html, HasSubstr("33 km nordöstlich"));
  EXPECT_THAT(*fixture.get("/behoerden/buergeramt-norderstedt?lang=en").body, HasSubstr("33 km north-east"));
  EXPECT_THAT(*fixture.get("/behoerden/stadt-norderstedt").body, Not(HasSubstr("class=\"vb-map"))) << "without coordinates";
}

}  // namespace
}  // namespace verbund::portal

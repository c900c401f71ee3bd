// SPDX-License-Identifier: EUPL-1.2
// Queries of citizens on the catalogue of Munich. The catalogue is reference data beside the checkout.
#include <filesystem>

#include "directory/finder/finder_test_support.h"
#include "directory/formats/formats.h"

namespace verbund::directory {
namespace {

using testing::key;
using testing::oid;

const std::string reference = VERBUND_SOURCE_DIR "/../shared/reference/";

class MunichCatalogue : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(reference + "kataloge/muenchen-2026-06/services_de.json")) {
      GTEST_SKIP() << "skipped: the catalogue of Munich is not beside this checkout";
    }
    std::vector<Area> areas = testing::some_areas();
    store_.areas(areas, testing::some_postal_codes());
    const std::string folder = reference + "kataloge/muenchen-2026-06/";
    const auto done = import_dldb(store_.database(), FixedClock(testing::day()), folder + "services_de.json",
                                  folder + "locations_de.json", "muenchen", key("09162"), [](auto, auto, auto) {});
    ASSERT_TRUE(done.has_value()) << done.error().text();
    snapshot_ = store_.snapshot();
  }

  testing::FinderStore store_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(MunichCatalogue, AnswersTheJudgedQueriesFirst) {
  std::ifstream in(reference + "portal/made/search/queries-muenchen.tsv");
  std::string line;
  std::getline(in, line);
  std::size_t judged = 0, first = 0;
  while (std::getline(in, line)) {
    const auto cells = split(line, '\t');
    ASSERT_EQ(cells.size(), 2U);
    std::vector<ObjectId> wanted;
    for (const std::string_view id : split(cells[1], ',')) {
      if (snapshot_->service(oid("muenchen", id))) wanted.push_back(oid("muenchen", id));
    }
    if (wanted.empty()) continue;   // the catalogue is a selection
    ++judged;
    const SearchAnswer answer = snapshot_->search({cells[0], key("09162"), 3, 0});
    std::size_t rank = 0;
    for (std::size_t i = 0; i < answer.hits.size() && rank == 0; ++i) {
      const auto id = ObjectId(snapshot_->service_of(answer.hits[i]).id);
      if (std::find(wanted.begin(), wanted.end(), id) != wanted.end()) rank = i + 1;
    }
    EXPECT_NE(rank, 0U) << cells[0] << " is not in the first three";
    first += rank == 1 ? 1 : 0;
  }
  EXPECT_EQ(judged, 15U);
  EXPECT_GE(first * 10, judged * 9) << first << " of " << judged << " first";
}

TEST_F(MunichCatalogue, DeregistersACarAtAPostalCode) {
  const auto place = snapshot_->place("80331");
  ASSERT_TRUE(place.has_value());
  const SearchAnswer answer = snapshot_->search({"Auto abmelden", place->key, 5, 0});
  ASSERT_FALSE(answer.hits.empty());
  EXPECT_EQ(ObjectId(snapshot_->service_of(answer.hits[0]).id), oid("muenchen", "1064305"));
  EXPECT_TRUE(answer.hits[0].offered_here);
  EXPECT_TRUE(snapshot_->authority_of(answer.hits[0], answer.place).has_value());
}

TEST_F(MunichCatalogue, IsNotOfferedInNorderstedt) {
  const SearchAnswer answer = snapshot_->search({"Auto abmelden", key("010600063063"), 5, 0});
  for (const Hit& hit : answer.hits) {
    EXPECT_FALSE(hit.offered_here) << snapshot_->service_of(hit).title;
    EXPECT_FALSE(snapshot_->authority_of(hit, answer.place).has_value()) << snapshot_->service_of(hit).title;
  }
  EXPECT_TRUE(snapshot_->services_at(key("010600063063")).empty());
}

}  // namespace
}  // namespace verbund::directory

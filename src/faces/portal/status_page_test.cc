// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/status_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commons/incidents/uptime_store.h"
#include "faces/portal/status_words.h"
#include "faces/portal/testing/fixture.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

const Instant now = *parse_time("2026-06-08T10:00:00Z");   // of the fixture

class StatusPage : public ::testing::Test {
 protected:
  static Look look(const commons::OpenIncidents* incidents) {
    Look out = portal::testing::Fixture::demonstration_look();
    out.incidents = incidents;
    return out;
  }
  std::string get(const std::string& target) { return *fixture_.get(target).body; }
  std::int64_t open(commons::Incident incident) {
    std::int64_t number = 0;
    EXPECT_TRUE(fixture_.database().write([&](store::Connection& c) -> Result<void> {
      auto opened = commons::IncidentStore(c).open(incident);
      if (!opened) return pass(opened);
      number = *opened;
      return {};
    }));
    refresh();
    return number;
  }
  void refresh() {
    fixture_.database().read([&](store::Connection& c) { incidents_.refresh(c, now); });
  }

  store::testing::Folder folder_;
  commons::OpenIncidents incidents_;
  portal::testing::Fixture fixture_{folder_.path(), look(&incidents_)};
};

commons::Incident broken() {
  commons::Incident out;
  out.part = "online";
  out.begins = now - std::chrono::minutes{5};
  out.titles = {{"de", "Online-Anträge <gehen> nicht"}, {"en", "Online services are down"}};
  out.updates = {{out.begins, {{"de", "Wir suchen den Grund."}}}};
  return out;
}

TEST_F(StatusPage, SaysThatAllIsWellAndAsOfWhen) {
  const std::string html = get("/status");
  EXPECT_THAT(html, HasSubstr("Alles funktioniert."));
  EXPECT_THAT(html, HasSubstr("8. Juni 2026, 12:00 Uhr"));
  EXPECT_THAT(html, HasSubstr("In den letzten 90 Tagen ist nichts gemeldet."));
  EXPECT_THAT(html, Not(HasSubstr("class=\"vb-banner")));
  EXPECT_THAT(get("/status.json"), HasSubstr("{\"count\":93,\"good\":true,\"name\":\"search\"}"));
}

TEST_F(StatusPage, AnIncidentIsToldOnEveryPageUntilItIsOver) {
  const std::string before = get("/norderstedt");
  EXPECT_THAT(before, Not(HasSubstr("class=\"vb-banner")));
  const std::int64_t number = open(broken());
  const std::string page = get("/norderstedt");   // although it was kept before
  EXPECT_THAT(page, HasSubstr("Online-Anträge &lt;gehen&gt; nicht"));
  EXPECT_THAT(page, HasSubstr("/status#vorfall-1"));
  EXPECT_THAT(get("/?lang=en"), HasSubstr("Online services are down"));
  EXPECT_THAT(get("/?lang=uk"), HasSubstr("<span lang=\"de\">Online-Anträge"));
  const std::string status = get("/status");
  EXPECT_THAT(status, HasSubstr("Etwas ist gestört."));
  EXPECT_THAT(status, HasSubstr("Wir suchen den Grund."));
  EXPECT_THAT(get("/status/stoerungen.atom"), HasSubstr("<title>Störung: Online-Anträge &lt;gehen&gt; nicht</title>"));
  ASSERT_TRUE(fixture_.database().write([&](store::Connection& c) {
    return commons::IncidentStore(c).close(number, {{"de", "Behoben."}}, now);
  }));
  refresh();
  EXPECT_EQ(get("/norderstedt"), before);
  EXPECT_THAT(get("/status"), HasSubstr("Behoben."));
  EXPECT_THAT(get("/status"), HasSubstr("Alles funktioniert."));
}

TEST_F(StatusPage, APlannedMaintenanceStandsThereAndIsNoTrouble) {
  commons::Incident planned = broken();
  planned.maintenance = true;
  planned.begins = now + std::chrono::hours{10};
  planned.ends = now + std::chrono::hours{11};
  open(planned);
  EXPECT_THAT(get("/status"), HasSubstr("8. Juni 2026, 22:00 Uhr bis 8. Juni 2026, 23:00 Uhr"));
  EXPECT_THAT(get("/status"), HasSubstr("Alles funktioniert."));
  EXPECT_THAT(get("/"), Not(HasSubstr("class=\"vb-banner")));
}

TEST_F(StatusPage, ShowsHowManyMinutesOfTheDayItWorked) {
  ASSERT_TRUE(fixture_.database().write([&](store::Connection& c) -> Result<void> {
    for (int minute = 9; minute >= 0; --minute) {
      commons::UptimeStore(c).add(now - std::chrono::minutes{minute}, {{"search", minute != 3}, {"network", true}});
    }
    return {};
  }));
  const std::string html = get("/status");
  EXPECT_THAT(html, HasSubstr("Suche <strong>90,00 %</strong>"));
  EXPECT_THAT(html, HasSubstr("Netz <strong>100 %</strong>"));
}

TEST(Percent, IsNotRoundedUpToAll) {
  EXPECT_EQ(percent(1439, 1440, "de"), "99,93 %");
  EXPECT_EQ(percent(129599, 129600, "en"), "99.99 %");
  EXPECT_EQ(percent(0, 5, "de"), "0,00 %");
  EXPECT_EQ(percent(5, 5, "de"), "100 %");
}

}  // namespace
}  // namespace verbund::portal

// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/calendar.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "faces/portal/testing/fixture.h"
#include "kits/http/test_request.h"
#include "kits/store/testing/folder.h"

namespace verbund::portal {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::vector<directory::OpeningHours> hours() {
  return {{1, "14:00", "16:00", "", {}}, {1, "08:00", "12:00", "", {}}, {2, "07:30", "13:00", "phone", {}},
          {4, "08:00", "18:00", "appointment", {}}, {5, "08:00", "12:00", "", {}}, {3, "12:00", "08:00", "", {}},
          {9, "08:00", "12:00", "", {}}, {2, "", "", "", {}}};
}

TEST(NextOpening, IsTheNextTimeAnybodyMayCome) {
  struct Case { const char* now; const char* begins; };
  for (const Case& c : {Case{"2026-06-08T05:59:00Z", "20260608T080000"},    // Monday, 7:59 in Berlin
                        Case{"2026-06-08T06:00:00Z", "20260608T140000"}, Case{"2026-06-08T12:00:00Z", "20260612T080000"},
                        Case{"2026-06-12T09:00:00Z", "20260615T080000"}, Case{"2026-12-31T23:30:00Z", "20270101T080000"},
                        Case{"2026-10-23T12:00:00Z", "20261026T080000"}}) {
    const auto opening = next_opening(hours(), *parse_time(c.now));
    ASSERT_TRUE(opening) << c.now;
    EXPECT_EQ(opening->begins, c.begins) << c.now;
    EXPECT_FALSE(opening->with_appointment);
  }
  const auto only = next_opening({{4, "08:00", "18:00", "appointment", {}}}, *parse_time("2026-06-08T06:00:00Z"));
  ASSERT_TRUE(only && only->with_appointment);
  EXPECT_EQ(only->ends, "20260611T180000");
  EXPECT_FALSE(next_opening({{4, "08:00", "18:00", "phone", {}}}, *parse_time("2026-06-08T06:00:00Z")));
  EXPECT_FALSE(next_opening({}, *parse_time("2026-06-08T06:00:00Z")));
}

TEST(Calendar, APageOffersAnEntryWithAddressAndDocuments) {
  const store::testing::Folder folder;
  const portal::testing::Fixture fixture(folder.path());
  const std::string page = *fixture.get("/norderstedt/personalausweis-beantragen").body;
  EXPECT_THAT(page, HasSubstr("/kalender/buergeramt-norderstedt.ics?dienst=personalausweis-beantragen&amp;ort=norderstedt"));
  const auto response = fixture.get("/kalender/buergeramt-norderstedt.ics?dienst=personalausweis-beantragen&ort=norderstedt");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(http::header_of(response, "Content-Type"), "text/calendar; charset=utf-8");
  std::string file = *response.body;
  for (std::size_t at = 0; (at = file.find("\r\n ", at)) != std::string::npos;) file.erase(at, 3);   // unfolded
  EXPECT_THAT(file, HasSubstr("DTSTART;TZID=Europe/Berlin:20260608T140000"));
  EXPECT_THAT(file, HasSubstr("LOCATION:Rathausallee 50\\, 22846 Norderstedt"));
  EXPECT_THAT(file, HasSubstr("Altes Ausweisdokument\\n- Digitales Lichtbild"));
  EXPECT_THAT(file, HasSubstr("URL:https://portal.example/norderstedt/personalausweis-beantragen"));
  EXPECT_THAT(*fixture.get("/behoerden/buergeramt-norderstedt").body, HasSubstr("/kalender/buergeramt-norderstedt.ics\""));
  EXPECT_THAT(*fixture.get("/kalender/buergeramt-norderstedt.ics?lang=en").body, HasSubstr("LANGUAGE=en"));
  for (const char* missing : {"/kalender/gibt-es-nicht.ics", "/kalender/stadt-norderstedt.ics", "/kalender/buergeramt-norderstedt"}) {
    EXPECT_EQ(fixture.get(missing).status, 404) << missing;
  }
}

}  // namespace
}  // namespace verbund::portal

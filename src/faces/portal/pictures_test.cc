// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/pictures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::portal {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

TEST(Pictures, AreDrawingsForThePageThatScreenReadersSkip) {
  for (const char* slug : {"umzug-und-wohnen", "ausweise-und-dokumente", "geburt", "arbeit-und-beruf", "gewerbe",
                           "auto-und-verkehr", "heirat", "sterbefall", "gesundheit", "schule", "hund", "bauen",
                           "steuern", "ehrenamt", "einwanderung", "rente"}) {
    const std::string picture(life_event_picture(slug));
    EXPECT_THAT(picture, StartsWith("<svg class=\"vb-picture\"")) << slug;
    EXPECT_THAT(picture, EndsWith("</svg>")) << slug;
    EXPECT_THAT(picture, HasSubstr("aria-hidden=\"true\"")) << slug;
    EXPECT_THAT(picture, Not(HasSubstr("http"))) << slug << ": nothing from elsewhere";
    EXPECT_LT(picture.size(), 600U) << slug;
  }
}

TEST(Pictures, FollowTheWordsOfTheSlug) {
  EXPECT_EQ(life_event_picture("umzug"), life_event_picture("wohnen-und-umzug"));
  EXPECT_EQ(life_event_picture("das-auto"), life_event_picture("fahrzeug-abmelden"));
  EXPECT_NE(life_event_picture("umzug"), life_event_picture("auto"));
  EXPECT_NE(life_event_picture("heirat"), life_event_picture("sterbefall"));
}

TEST(Pictures, ThereIsOneForEverything) {
  for (const char* slug : {"", "x", "-", "irgendwas-anderes", "\xFF"}) {
    EXPECT_EQ(life_event_picture(slug), life_event_picture("ausweise")) << slug;
  }
}

}  // namespace
}  // namespace verbund::portal

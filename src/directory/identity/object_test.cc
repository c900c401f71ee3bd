// SPDX-License-Identifier: EUPL-1.2
#include "directory/identity/object.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

using ::testing::HasSubstr;

TEST(ObjectIdentity, WritesAndReadsTheExternalForm) {
  for (const ObjectKind kind : all_object_kinds) {
    const ObjectId id = make_object_id("L100002", "121345242").value();
    const std::string text = external_id(kind, id);
    EXPECT_EQ(text, "L100002." + std::string(letters(kind)) + ".121345242");
    const auto back = parse_external_id(text);
    ASSERT_TRUE(back);
    EXPECT_EQ(back->first, kind);
    EXPECT_EQ(back->second, id);
  }
}

TEST(ObjectIdentity, LeavesDotsToTheLocalPart) {
  const auto id = parse_external_id(ObjectKind::unit, "a-b_1.OE.amt.süd.LB.7");
  ASSERT_TRUE(id) << id.error().text();
  EXPECT_EQ(id->agency, "a-b_1");
  EXPECT_EQ(id->local, "amt.süd.LB.7");
}

TEST(ObjectIdentity, RefusesWhatIsNoIdentifier) {
  for (const char* text : {"", "L100002", "L100002.LB", "L100002.LB.", ".LB.1", "L100002.XX.1", "L100002.lb.1",
                           "L 1.LB.1", "-a.LB.1", "ä.LB.1", "a.LB.1 2", "a.LB.1\t"})
    EXPECT_FALSE(parse_external_id(text)) << text;
}

TEST(ObjectIdentity, RefusesAnotherKindAndSaysWhich) {
  const auto id = parse_external_id(ObjectKind::service, "L100002.OE.1");
  ASSERT_FALSE(id);
  EXPECT_THAT(id.error().text(), HasSubstr("letters LB"));
}

TEST(ObjectIdentity, HoldsTheLimitsOfBothParts) {
  EXPECT_TRUE(make_object_id(std::string(64, 'a'), std::string(200, 'b')));
  EXPECT_FALSE(make_object_id(std::string(65, 'a'), "b"));
  EXPECT_FALSE(make_object_id("a", std::string(201, 'b')));
  EXPECT_FALSE(make_object_id("a", ""));
  EXPECT_FALSE(make_object_id("", "b"));
}

TEST(ObjectIdentity, RefusesSpacesAndControlCharactersOfEveryAlphabet) {
  for (const char* space : {"\x01", "\x7F", "\u0085", "\u00A0", "\u2003", "\u2028", "\u202F", "\u3000"})
    EXPECT_FALSE(make_object_id("a", "x" + std::string(space) + "y")) << testing::PrintToString(space);
  for (const char* letter : {"ä", "Ł", "\u200B", "日", "𝒳"}) EXPECT_TRUE(make_object_id("a", letter)) << letter;
  EXPECT_FALSE(make_object_id("a", "\xC3"));
}

TEST(ObjectIdentity, KnowsKindsByName) {
  for (const ObjectKind kind : all_object_kinds) EXPECT_EQ(object_kind_from_name(name(kind)).value(), kind);
  EXPECT_FALSE(object_kind_from_name("Service"));
}

}  // namespace
}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kits/page/page.h"

namespace verbund::page {
namespace {

TEST(Messages, ReadsKeysAndTexts) {
  auto messages = Messages::parse("# Texte\n\nstart.title = Was suchen Sie?\r\nformula = a = b\nempty =\n", "de.txt");
  ASSERT_TRUE(messages) << messages.error().text();
  EXPECT_EQ(*messages->text("start.title"), "Was suchen Sie?");
  EXPECT_EQ(*messages->text("formula"), "a = b");
  EXPECT_EQ(*messages->text("empty"), "");
  EXPECT_EQ(messages->all().size(), 3u);
}

TEST(Messages, NamesTheLineOfAMistake) {
  struct Case { const char* source; const char* where; };
  for (const Case& c : std::vector<Case>{{"a = 1\nb\n", "de.txt:2"},
                                         {"a = 1\n\na = 2", "de.txt:3"},
                                         {"= x", "de.txt:1"},
                                         {"a b = x", "de.txt:1"},
                                         {"a = \xc3", "de.txt"}}) {
    auto messages = Messages::parse(c.source, "de.txt");
    ASSERT_FALSE(messages) << c.source;
    EXPECT_EQ(messages.error().code, ErrorCode::invalid);
    EXPECT_EQ(messages.error().where, c.where);
  }
}

TEST(Messages, FillsPlacesOnce) {
  auto messages = Messages::parse("hits = {count} Treffer in {place}\nbrace = {} { {a b} {", "de.txt");
  ASSERT_TRUE(messages);
  EXPECT_EQ(*messages->text("hits", {{"count", "3"}, {"place", "{count}"}}), "3 Treffer in {count}");
  EXPECT_EQ(*messages->text("brace", {}), "{} { {a b} {");
}

TEST(Messages, RefusesAMissingKeyOrPlace) {
  auto messages = Messages::parse("hits = {count} Treffer", "de.txt");
  ASSERT_TRUE(messages);
  EXPECT_EQ(messages->text("gone").error().code, ErrorCode::not_found);
  EXPECT_EQ(messages->text("gone", {}).error().code, ErrorCode::not_found);
  EXPECT_EQ(messages->text("hits", {{"place", "x"}}).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace verbund::page

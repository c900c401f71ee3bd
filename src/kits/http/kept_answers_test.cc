// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/kept_answers.h"

#include <gtest/gtest.h>

#include "kits/http/representations.h"

namespace verbund::http {
namespace {

Response page(std::string body) {
  Response response = html(200, std::move(body));
  response.header("ETag", "\"1\"").header("Vary", "Accept-Encoding");
  return response;
}

// Asked for a second time.
void keep(KeptAnswers& kept, std::uint64_t generation, const std::string& key, const Response& response) {
  kept.offer(generation, key, response);
  kept.find(generation, key);
}

TEST(KeptAnswers, KeepWhatIsAskedFor) {
  KeptAnswers kept(1 << 20);
  EXPECT_EQ(kept.find(1, "a"), nullptr);
  kept.offer(1, "a", page("A"));
  const auto found = kept.find(1, "a");
  ASSERT_NE(found, nullptr);
  EXPECT_EQ(*found->body, "A");
  EXPECT_EQ(found->tag, "\"1\"");
  EXPECT_EQ(kept.find(1, "b"), nullptr);
}

TEST(KeptAnswers, WhatIsAskedOnceDoesNotPushOutWhatIsAskedOften) {
  constexpr std::size_t limit = 256 * 1024;
  KeptAnswers kept(limit);
  kept.offer(1, "often", page("A"));
  ASSERT_NE(kept.find(1, "often"), nullptr);
  for (int i = 0; i < 2000; ++i) {
    kept.offer(1, "once " + std::to_string(i), page(std::string(1000, 'x')));
    ASSERT_LE(kept.bytes(), limit);
  }
  EXPECT_EQ(kept.find(1, "once 0"), nullptr);
  EXPECT_NE(kept.find(1, "once 1999"), nullptr);
  EXPECT_NE(kept.find(1, "often"), nullptr);
}

TEST(KeptAnswers, ForgetEverythingInANewGeneration) {
  KeptAnswers kept(1 << 20);
  keep(kept, 1, "a", page("old"));
  EXPECT_EQ(kept.find(2, "a"), nullptr);
  EXPECT_EQ(kept.find(1, "a"), nullptr) << "an older request gets nothing either";
  keep(kept, 2, "a", page("new"));
  keep(kept, 1, "a", page("late: begun before the change"));
  EXPECT_EQ(kept.find(1, "a"), nullptr) << "and does not empty what is new";
  ASSERT_NE(kept.find(2, "a"), nullptr);
  EXPECT_EQ(*kept.find(2, "a")->body, "new");
}

TEST(KeptAnswers, StayWithinTheirBytes) {
  constexpr std::size_t limit = 256 * 1024;
  KeptAnswers kept(limit);
  for (int i = 0; i < 2000; ++i) {
    keep(kept, 1, "key " + std::to_string(i), page(std::string(1000, 'x')));
    ASSERT_LE(kept.bytes(), limit);
  }
  EXPECT_GT(kept.bytes(), limit / 3);
  EXPECT_NE(kept.find(1, "key 1999"), nullptr);
  EXPECT_EQ(kept.find(1, "key 0"), nullptr);
  keep(kept, 1, "large", page(std::string(limit / 16, 'x')));
  EXPECT_EQ(kept.find(1, "large"), nullptr);
}

TEST(KeptAnswers, KeepNothingThatCannotBeSent) {
  KeptAnswers kept(1 << 20);
  Response split = page("x");
  split.header("X", "a\r\nSet-Cookie: b");
  keep(kept, 1, "a", split);
  EXPECT_EQ(kept.find(1, "a"), nullptr);
}

TEST(KeptAnswers, HaveAHeadForUnchanged) {
  KeptAnswers kept(1 << 20);
  keep(kept, 1, "a", page("A"));
  const std::string head = kept.find(1, "a")->not_modified.text;
  EXPECT_TRUE(head.starts_with("HTTP/1.1 304 Not Modified\r\n"));
  EXPECT_NE(head.find("ETag: \"1\"\r\n"), std::string::npos);
  EXPECT_NE(head.find("Vary: Accept-Encoding\r\n"), std::string::npos);
  EXPECT_EQ(head.find("Content-"), std::string::npos);
}

}  // namespace
}  // namespace verbund::http

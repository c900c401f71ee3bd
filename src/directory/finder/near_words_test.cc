// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/near_words.h"

#include <gmock/gmock.h>

#include "directory/finder/finder_test_support.h"

namespace verbund::directory {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::key;

class NearWords : public ::testing::Test {
 protected:
  NearWords() {
    testing::put_test_services(store_);
    snapshot_ = store_.snapshot();
  }
  SearchAnswer search(std::string query) { return snapshot_->search({std::move(query), key("010600063063"), 10, 0}); }

  testing::FinderStore store_;
  std::shared_ptr<const Snapshot> snapshot_;
};

TEST_F(NearWords, OfAWordNobodyKnowsBeginLikeIt) {
  const SearchAnswer answer = search("Oktobexxq ");
  ASSERT_EQ(answer.words.size(), 1U);
  EXPECT_TRUE(answer.hits.empty());
  EXPECT_EQ(answer.words[0].how, UnderstoodWord::How::unknown);
  EXPECT_THAT(answer.words[0].near, Contains("Oktoberfest"));
  EXPECT_LE(answer.words[0].near.size(), 3U);
}

TEST_F(NearWords, AreNoneWhereNothingBeginsLikeIt) {
  const SearchAnswer answer = search("Xyzzyq ");
  ASSERT_EQ(answer.words.size(), 1U);
  EXPECT_THAT(answer.words[0].near, IsEmpty());
}

TEST_F(NearWords, AreNotLookedForWhereThereAreHits) {
  const SearchAnswer answer = search("Personalausweis Reisepqqq ");
  ASSERT_FALSE(answer.hits.empty());
  for (const UnderstoodWord& word : answer.words) EXPECT_THAT(word.near, IsEmpty());
}

TEST_F(NearWords, APieceIsShownAsAWord) {
  const SearchAnswer answer = search("Hundesteuerxyzzyq ");
  ASSERT_EQ(answer.words.size(), 1U);
  EXPECT_FALSE(answer.hits.empty());
  EXPECT_EQ(answer.words[0].how, UnderstoodWord::How::piece);
  EXPECT_EQ(answer.words[0].as, "Hundesteuer");
}

TEST_F(NearWords, EndureAnything) {
  for (const std::string& query : {std::string(200, 'a'), std::string("Reise\xD1\x88\xD1\x88\xD1\x88\xD1\x88"),
                                   std::string("\xD8\xA7\xD9\x84\xD9\x85\xD8\xAD"), std::string("re"), std::string()}) {
    search(query);
  }
}

}  // namespace
}  // namespace verbund::directory

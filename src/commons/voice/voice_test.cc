// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"
#include "commons/voice/said_text.h"
#include "kits/store/testing/folder.h"

namespace verbund::commons {
namespace {

using directory::ObjectKind;

const Instant now = *parse_time("2026-06-08T10:00:00Z");

class VoiceTest : public ::testing::Test {
 protected:
  template <typename Work>
  auto write(Work work) {
    std::optional<decltype(work(std::declval<store::Connection&>()))> out;
    auto done = database_->write([&](store::Connection& connection) -> Result<void> {
      out = work(connection);
      return {};
    });
    EXPECT_TRUE(done);
    return std::move(*out);
  }
  Feedback said(std::string id, std::string service, bool helpful, std::string day = "2026-06-08") {
    return {std::move(id), std::move(day), ObjectKind::service, {"stadt", std::move(service)}, "01", "de", helpful, "", ""};
  }
  Result<void> add(const Feedback& one) {
    return write([&](store::Connection& c) { return FeedbackStore(c).add(one, now); });
  }
  Result<void> add_text(std::string_view id, std::string_view text, Instant at = now) {
    return write([&](store::Connection& c) { return FeedbackStore(c).add_text(id, text, at); });
  }
  std::vector<Feedback> rows(const FeedbackFilter& filter = {}) {
    std::vector<Feedback> out;
    database_->read([&](store::Connection& c) {
      FeedbackStore(c).each(filter, [&](const Feedback& one) { out.push_back(one); });
    });
    return out;
  }

  store::testing::Folder folder_;
  std::unique_ptr<store::Database> database_ =
      std::move(store::Database::open({.path = folder_.store("voice.sqlite")}, voice_migrations()).value());
};

TEST(SaidText, IsPlainAndBounded) {
  struct Case { const char* typed; const char* kept; };
  for (const Case& c : {Case{"  gut \r\n so\r\n", "gut \n so"}, Case{"a\n\n\n\n\nb", "a\n\nb"}, Case{"a\x01\x1b[31m\tb", "a[31m b"},
                        Case{"\xC2\x85x\xC2\xA0", "x\xC2\xA0"}, Case{"\r", ""}, Case{"ä\xF0\x9F\x98\x80", "ä\xF0\x9F\x98\x80"}}) {
    EXPECT_EQ(said_text(c.typed), c.kept) << c.typed;
  }
  EXPECT_EQ(code_points("ä\xF0\x9F\x98\x80x"), 3u);
}

TEST_F(VoiceTest, ATextIsAddedOnceAndWithinItsTime) {
  ASSERT_TRUE(add(said("a1", "1", false)));
  ASSERT_TRUE(add(said("a2", "1", true)));
  EXPECT_EQ(add_text("a1", " \n ").error().code, ErrorCode::invalid);
  EXPECT_EQ(add_text("a1", std::string(1001, 'x')).error().code, ErrorCode::too_large);
  EXPECT_EQ(add_text("zz", "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(add_text("", "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(add_text("a2", "zu spät", now + std::chrono::hours{2}).error().code, ErrorCode::not_found);
  EXPECT_TRUE(add_text("a1", "Die Gebühr fehlt."));
  EXPECT_EQ(add_text("a1", "noch einmal").error().code, ErrorCode::not_found);
  ASSERT_EQ(rows().size(), 2u);
  EXPECT_EQ(rows({.only_texts = true}).at(0).text, "Die Gebühr fehlt.");
  EXPECT_EQ(rows({.only_texts = true}).at(0).id, "") << "nothing is left that says who it was";
}

TEST_F(VoiceTest, CountsFiltersForwardsAndDeletes) {
  ASSERT_TRUE(add(said("a1", "1", true, "2026-06-01")));
  ASSERT_TRUE(add(said("a2", "2", false)));
  ASSERT_TRUE(add(said("a3", "2", false)));
  Feedback other = said("a4", "9", false);
  other.subject.agency = "land";
  other.kind = ObjectKind::unit;
  ASSERT_TRUE(add(other));
  std::vector<FeedbackCount> counts;
  database_->read([&](store::Connection& c) { counts = FeedbackStore(c).counts({}); });
  ASSERT_EQ(counts.size(), 3u);
  EXPECT_EQ(counts[0].subject.local, "2");
  EXPECT_EQ(counts[0].unhelpful, 2);
  EXPECT_EQ(rows({.agency = "land"}).size(), 1u);
  EXPECT_EQ(rows({.first_day = "2026-06-02"}).size(), 3u);
  EXPECT_EQ(rows({.last_day = "2026-06-07"}).size(), 1u);
  EXPECT_EQ(rows({.only_unhelpful = true}).size(), 3u);
  const FeedbackFilter two{.subject = std::pair{ObjectKind::service, directory::ObjectId{"stadt", "2"}}};
  EXPECT_EQ(write([&](store::Connection& c) { return FeedbackStore(c).forward(two, "2026-06-09"); }), 2);
  EXPECT_EQ(write([&](store::Connection& c) { return FeedbackStore(c).forward(two, "2026-06-10"); }), 0);
  EXPECT_EQ(rows({.only_waiting = true}).size(), 2u);
  EXPECT_EQ(write([&](store::Connection& c) { return FeedbackStore(c).close(now + std::chrono::hours{2}); }), 4);
  EXPECT_EQ(write([&](store::Connection& c) { return FeedbackStore(c).remove_before("2026-06-08"); }), 1);
  EXPECT_EQ(rows().size(), 3u);
}

TEST_F(VoiceTest, AFloodOfFeedbackEndsAtItsLimit) {
  const bool full = write([&](store::Connection& c) {
    FeedbackStore store(c);
    for (std::int64_t i = 0; i < FeedbackStore::most_rows_a_day; ++i) {
      if (!store.add(said(std::to_string(i), "1", true), now)) return false;
    }
    return store.add(said("x", "1", true), now).error().code == ErrorCode::unavailable &&
           store.add(said("x", "1", true, "2026-06-09"), now).has_value();
  });
  EXPECT_TRUE(full);
}

TEST(BarrierNumber, IsReadAsPeopleWriteIt) {
  struct Case { const char* typed; const char* number; };
  for (const Case& c : {Case{"B-7K3QF-9MZ2T", "B-7K3QF-9MZ2T"}, Case{" b 7k3qf9mz2t ", "B-7K3QF-9MZ2T"},
                        Case{"7k3qf-9mz2t", "B-7K3QF-9MZ2T"}, Case{"B-OIL00-00000", "B-01100-00000"}, Case{"B-7K3QF", ""},
                        Case{"", ""}, Case{"B-7K3QF-9MZ2TT", ""}, Case{"ÄÖÜ", ""}}) {
    EXPECT_EQ(barrier_number(c.typed), c.number) << c.typed;
  }
}

TEST_F(VoiceTest, AReportIsTakenAnsweredClosedAndDeleted) {
  const auto add_report = [&](BarrierReport report) {
    return write([&](store::Connection& c) { return BarrierStore(c).add(std::move(report)); });
  };
  const auto find = [&](const std::string& number) {
    std::optional<BarrierReport> out;
    database_->read([&](store::Connection& c) { out = BarrierStore(c).find(number); });
    return out;
  };
  BarrierReport report;
  report.received = "2026-06-08";
  report.delete_on = "2026-12-05";
  EXPECT_EQ(add_report(report).error().where, "text");
  report.text = "Der Knopf lässt sich mit der Tastatur nicht drücken.";
  report.contact = std::string(201, 'x');
  EXPECT_EQ(add_report(report).error().where, "contact");
  report.contact = "erika@example.org";
  const auto number = add_report(report);
  ASSERT_TRUE(number);
  EXPECT_EQ(barrier_number(*number), *number);
  EXPECT_EQ(find(*number)->state, "open");
  EXPECT_EQ(find("B-00000-00000"), std::nullopt);

  const auto answer = [&](std::string_view of, std::string_view text) {
    return write([&](store::Connection& c) { return BarrierStore(c).answer(of, text, "2026-06-09"); });
  };
  EXPECT_EQ(answer("B-00000-00000", "x").error().code, ErrorCode::not_found);
  EXPECT_EQ(answer(*number, " ").error().code, ErrorCode::invalid);
  EXPECT_TRUE(answer(*number, "Ist repariert."));
  EXPECT_EQ(find(*number)->contact, "erika@example.org");
  EXPECT_TRUE(write([&](store::Connection& c) { return BarrierStore(c).close(*number); }));
  EXPECT_EQ(find(*number)->contact, "") << "its purpose is over";
  EXPECT_EQ(answer(*number, "x").error().code, ErrorCode::conflict);
  EXPECT_EQ(write([&](store::Connection& c) { return BarrierStore(c).remove_due("2026-12-04"); }), 0);
  EXPECT_EQ(write([&](store::Connection& c) { return BarrierStore(c).remove_due("2026-12-05"); }), 1);
  EXPECT_EQ(find(*number), std::nullopt);
}

TEST_F(VoiceTest, AFloodOfReportsClosesTheFormForADayOnlyAndDropsNobodyWhoLeftAContact) {
  write([&](store::Connection& c) {
    BarrierStore store(c);
    const auto report = [&](int day, std::string contact) {
      BarrierReport out;
      out.received = "2026-06-" + std::to_string(day);
      out.delete_on = "2026-12-05";
      out.text = "x";
      out.contact = std::move(contact);
      return store.add(std::move(out));
    };
    std::vector<std::string> kept;
    for (int day = 10; day < 12; ++day) kept.push_back(*report(day, ""));             // quiet days
    for (int day = 20; day < 25; ++day) {                                               // the flood
      kept.push_back(*report(day, "erika@example.org"));
      for (std::int64_t i = 1; i < BarrierStore::most_a_day; ++i) EXPECT_TRUE(report(day, ""));
      EXPECT_EQ(report(day, "").error().code, ErrorCode::unavailable) << day;
    }
    EXPECT_EQ(static_cast<std::int64_t>(store.list("open").size()), BarrierStore::most_open);
    for (int i = 0; i < 50; ++i) kept.push_back(report(28, "max@example.org").value());
    EXPECT_EQ(static_cast<std::int64_t>(store.list("open").size()), BarrierStore::most_open) << "full: others give way";
    for (const auto& number : kept) EXPECT_TRUE(store.find(number)) << number;
    return true;
  });
}

}  // namespace
}  // namespace verbund::commons

// SPDX-License-Identifier: EUPL-1.2
#include "commons/voice/feedback_store.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/text.h"
#include "commons/voice/said_text.h"

namespace verbund::commons {
namespace {

constexpr std::string_view page_kind = "page";   // in the column kind; local_id is the path

std::int64_t seconds(Instant at) { return at.time_since_epoch().count(); }

bool matches(const FeedbackFilter& filter, const Feedback& one) {
  if (!filter.agency.empty() && one.subject.agency != filter.agency) return false;
  if (filter.subject && (!one.page.empty() || filter.subject->first != one.kind || filter.subject->second != one.subject)) return false;
  if (filter.only_unhelpful && one.helpful) return false;
  if (filter.only_waiting && !one.forwarded.empty()) return false;
  return !filter.only_texts || !one.text.empty();
}

}  // namespace

std::vector<store::Migration> voice_migrations() {
  return {{"voice", 1,
           "CREATE TABLE feedback(number BIGINT NOT NULL PRIMARY KEY, id TEXT NOT NULL, day TEXT NOT NULL,"
           " kind TEXT NOT NULL, agency TEXT NOT NULL, local_id TEXT NOT NULL, area TEXT NOT NULL,"
           " language TEXT NOT NULL, helpful BIGINT NOT NULL, body TEXT NOT NULL, forwarded TEXT NOT NULL,"
           " open_until BIGINT NOT NULL);"
           "CREATE INDEX feedback_day ON feedback(day);"
           "CREATE INDEX feedback_id ON feedback(id);"
           "CREATE TABLE barrier_report(number TEXT NOT NULL PRIMARY KEY, received TEXT NOT NULL, page TEXT NOT NULL,"
           " language TEXT NOT NULL, body TEXT NOT NULL, contact TEXT NOT NULL, state TEXT NOT NULL,"
           " answer TEXT NOT NULL, answered TEXT NOT NULL, delete_on TEXT NOT NULL)"}};
}

namespace {

// What a row is about: false if we know no such kind.
bool read_subject(std::string_view kind, std::string_view agency, std::string_view local, Feedback& out) {
  if (kind == page_kind) {
    out.page = local;
    return true;
  }
  const auto known = directory::object_kind_from_name(kind);
  if (!known) return false;
  out.kind = *known;
  out.subject = {std::string(agency), std::string(local)};
  return true;
}

}  // namespace

Result<void> FeedbackStore::add(const Feedback& feedback, Instant now) {
  auto rows = connection_.prepare("SELECT (SELECT count(*) FROM feedback WHERE day = $1),"
                                  " (SELECT coalesce(max(number), 0) FROM feedback)");
  rows.bind(1, feedback.day).step();
  if (rows.number(0) >= most_rows_a_day) {
    return fail(ErrorCode::unavailable, "too much feedback on one day", feedback.day, "tomorrow it is taken again");
  }
  const std::int64_t number = rows.number(1) + 1;
  auto insert = connection_.prepare(
      "INSERT INTO feedback(number, id, day, kind, agency, local_id, area, language, helpful, body, forwarded,"
      " open_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, '', '', $10)");
  insert.bind(1, number)
      .bind(2, feedback.id)
      .bind(3, feedback.day)
      .bind(4, feedback.page.empty() ? directory::name(feedback.kind) : page_kind)
      .bind(5, feedback.page.empty() ? feedback.subject.agency : std::string())
      .bind(6, feedback.page.empty() ? feedback.subject.local : feedback.page)
      .bind(7, feedback.area)
      .bind(8, feedback.language)
      .bind(9, std::int64_t{feedback.helpful})
      .bind(10, seconds(now + open_for))
      .run_later();
  return {};
}

Result<void> FeedbackStore::add_text(std::string_view id, std::string_view typed, Instant now) {
  const std::string text = said_text(typed);
  if (text.empty()) return fail(ErrorCode::invalid, "nothing is said");
  if (code_points(text) > longest_text) return fail(ErrorCode::too_large, "the text is too long");
  if (id.empty()) return fail(ErrorCode::not_found, "nothing to add to");
  auto update = connection_.prepare(
      "UPDATE feedback SET body = $2, open_until = 0, id = '' WHERE id = $1 AND open_until > $3 AND body = ''");
  update.bind(1, id).bind(2, text).bind(3, seconds(now)).run();
  if (update.changes() == 0) return fail(ErrorCode::not_found, "nothing to add to, or its time is over");
  return {};
}

void FeedbackStore::each(const FeedbackFilter& filter, const std::function<void(const Feedback&)>& each) const {
  auto rows = connection_.prepare(
      "SELECT id, day, kind, agency, local_id, area, language, helpful, body, forwarded FROM feedback"
      " WHERE day >= $1 AND day <= $2 ORDER BY day DESC, kind, agency, local_id, number");
  rows.bind(1, filter.first_day).bind(2, filter.last_day.empty() ? std::string("9999") : filter.last_day);
  while (rows.step()) {
    Feedback one;
    if (!read_subject(rows.text(2), rows.text(3), rows.text(4), one)) continue;
    one.id = rows.text(0);
    one.day = rows.text(1);
    one.area = rows.text(5);
    one.language = rows.text(6);
    one.helpful = rows.number(7) != 0;
    one.text = rows.text(8);
    one.forwarded = rows.text(9);
    if (matches(filter, one)) each(one);
  }
}

std::vector<FeedbackCount> FeedbackStore::counts(const FeedbackFilter& filter) const {
  std::map<std::tuple<std::string, directory::ObjectKind, directory::ObjectId>, FeedbackCount> by_subject;
  each(filter, [&](const Feedback& one) {
    FeedbackCount& count = by_subject.try_emplace({one.page, one.kind, one.subject},
                                                 FeedbackCount{one.kind, one.subject, one.page}).first->second;
    (one.helpful ? count.helpful : count.unhelpful) += 1;
    count.texts += one.text.empty() ? 0 : 1;
    count.waiting += one.forwarded.empty() ? 1 : 0;
  });
  std::vector<FeedbackCount> out;
  for (auto& [subject, count] : by_subject) out.push_back(std::move(count));
  std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair(a.unhelpful, a.texts) > std::pair(b.unhelpful, b.texts);
  });
  return out;
}

std::int64_t FeedbackStore::forward(const FeedbackFilter& filter, std::string_view day) {
  FeedbackFilter waiting = filter;
  waiting.only_waiting = true;
  auto rows = connection_.prepare("SELECT number, kind, agency, local_id, helpful, body FROM feedback"
                                  " WHERE day >= $1 AND day <= $2 AND forwarded = ''");
  rows.bind(1, filter.first_day).bind(2, filter.last_day.empty() ? std::string("9999") : filter.last_day);
  std::vector<std::int64_t> numbers;
  while (rows.step()) {
    Feedback one;
    if (!read_subject(rows.text(1), rows.text(2), rows.text(3), one)) continue;
    one.helpful = rows.number(4) != 0;
    one.text = rows.text(5);
    if (matches(waiting, one)) numbers.push_back(rows.number(0));
  }
  auto update = connection_.prepare("UPDATE feedback SET forwarded = $2 WHERE number = $1");
  for (const std::int64_t number : numbers) update.bind(1, number).bind(2, day).run();
  return static_cast<std::int64_t>(numbers.size());
}

std::int64_t FeedbackStore::remove_before(std::string_view day) {
  auto statement = connection_.prepare("DELETE FROM feedback WHERE day < $1");
  statement.bind(1, day).run();
  return statement.changes();
}

std::int64_t FeedbackStore::close(Instant now) {
  auto statement = connection_.prepare("UPDATE feedback SET open_until = 0, id = '' WHERE open_until > 0 AND open_until <= $1");
  statement.bind(1, seconds(now)).run();
  return statement.changes();
}

}  // namespace verbund::commons

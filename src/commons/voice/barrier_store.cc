// SPDX-License-Identifier: EUPL-1.2
#include "commons/voice/barrier_store.h"

#include "commons/voice/said_text.h"
#include "kits/crypto/digest.h"

namespace verbund::commons {
namespace {

// Source: Crockford's base 32: no I, L, O, U.
constexpr std::string_view letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t number_length = 10;

std::string written(std::string_view digits) {
  return "B-" + std::string(digits.substr(0, 5)) + "-" + std::string(digits.substr(5));
}

std::string new_number() {
  const std::string random = crypto::random_hex(number_length);   // two digits for each letter
  std::string digits;
  for (std::size_t i = 0; i < number_length; ++i) {
    const auto value = static_cast<std::size_t>(std::stoi(random.substr(2 * i, 2), nullptr, 16));
    digits += letters[value % letters.size()];
  }
  return written(digits);
}

BarrierReport row(const store::Statement& rows) {
  BarrierReport out;
  std::string* const fields[] = {&out.number, &out.received, &out.page,   &out.language, &out.text,
                                 &out.contact, &out.state,   &out.answer, &out.answered, &out.delete_on};
  int column = 0;
  for (std::string* field : fields) *field = rows.text(column++);
  return out;
}

constexpr std::string_view columns =
    "SELECT number, received, page, language, body, contact, state, answer, answered, delete_on FROM barrier_report";

Result<void> bounded(std::string& text, std::size_t most, std::string_view field) {
  text = said_text(text);
  if (code_points(text) > most) return fail(ErrorCode::too_large, "the text is too long", std::string(field));
  return {};
}

}  // namespace

std::string barrier_number(std::string_view typed) {
  std::string digits;
  for (char c : typed) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    if (c == ' ' || c == '-' || c == '.' || c == '\t') continue;
    if (c == 'O') c = '0';
    if (c == 'I' || c == 'L') c = '1';
    if (letters.find(c) == std::string_view::npos) return {};
    digits += c;
  }
  if (digits.size() == number_length + 1 && digits[0] == 'B') digits.erase(0, 1);
  return digits.size() == number_length ? written(digits) : std::string();
}

Result<std::string> BarrierStore::add(BarrierReport report) {
  if (auto good = bounded(report.text, longest_text, "text"); !good) return pass(good);
  if (auto good = bounded(report.page, longest_page, "page"); !good) return pass(good);
  if (auto good = bounded(report.contact, longest_contact, "contact"); !good) return pass(good);
  if (report.text.empty()) return fail(ErrorCode::invalid, "nothing is said", "text");
  auto today = connection_.prepare("SELECT count(*) FROM barrier_report WHERE received = $1");
  today.bind(1, report.received);
  if (today.step() && today.number(0) >= most_a_day) {
    return fail(ErrorCode::unavailable, "too many reports on one day", "barrier_report", "tomorrow again");
  }
  if (!make_room()) return fail(ErrorCode::unavailable, "too many open reports", "barrier_report", "answer or close some");
  report.number = new_number();
  auto insert = connection_.prepare(
      "INSERT INTO barrier_report(number, received, page, language, body, contact, state, answer, answered, delete_on)"
      " VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '', $7)");
  insert.bind(1, report.number)
      .bind(2, report.received)
      .bind(3, report.page)
      .bind(4, report.language)
      .bind(5, report.text)
      .bind(6, report.contact)
      .bind(7, report.delete_on)
      .run();
  return report.number;
}

bool BarrierStore::make_room() {
  auto open = connection_.prepare("SELECT count(*) FROM barrier_report WHERE state = 'open'");
  if (!open.step() || open.number(0) < most_open) return true;
  std::string day, number;
  {
    auto fullest = connection_.prepare(
        "SELECT received, count(*) FROM barrier_report WHERE state = 'open' AND contact = '' GROUP BY received"
        " ORDER BY count(*) DESC, received DESC LIMIT 1");
    if (!fullest.step()) return false;
    day = fullest.text(0);
    auto newest = connection_.prepare(
        "SELECT number FROM barrier_report WHERE state = 'open' AND contact = '' AND received = $1 ORDER BY number LIMIT 1");
    newest.bind(1, day);
    if (!newest.step()) return false;
    number = newest.text(0);
  }
  connection_.prepare("DELETE FROM barrier_report WHERE number = $1").bind(1, number).run();
  return true;
}

std::optional<BarrierReport> BarrierStore::find(std::string_view number) const {
  auto rows = connection_.prepare(std::string(columns) + " WHERE number = $1");
  rows.bind(1, number);
  if (!rows.step()) return std::nullopt;
  return row(rows);
}

std::vector<BarrierReport> BarrierStore::list(std::string_view state) const {
  auto rows = connection_.prepare(std::string(columns) + " ORDER BY received, number");
  std::vector<BarrierReport> out;
  while (rows.step()) {
    BarrierReport one = row(rows);
    if (state.empty() || one.state == state) out.push_back(std::move(one));
  }
  return out;
}

Result<void> BarrierStore::answer(std::string_view number, std::string_view typed, std::string_view day) {
  std::string text(typed);
  if (auto good = bounded(text, longest_text, "text"); !good) return good;
  if (text.empty()) return fail(ErrorCode::invalid, "the answer is empty");
  const auto report = find(number);
  if (!report) return fail(ErrorCode::not_found, "there is no report " + std::string(number));
  if (report->state == "closed") return fail(ErrorCode::conflict, "the report is closed", std::string(number));
  auto update = connection_.prepare(
      "UPDATE barrier_report SET answer = $2, answered = $3, state = 'answered' WHERE number = $1");
  update.bind(1, number).bind(2, text).bind(3, day).run();
  return {};
}

Result<void> BarrierStore::close(std::string_view number) {
  auto update = connection_.prepare("UPDATE barrier_report SET state = 'closed', contact = '' WHERE number = $1");
  update.bind(1, number).run();
  if (update.changes() == 0) return fail(ErrorCode::not_found, "there is no report " + std::string(number));
  return {};
}

std::int64_t BarrierStore::remove_due(std::string_view today) {
  auto statement = connection_.prepare("DELETE FROM barrier_report WHERE delete_on <= $1");
  statement.bind(1, today).run();
  return statement.changes();
}

}  // namespace verbund::commons

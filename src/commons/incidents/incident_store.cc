// SPDX-License-Identifier: EUPL-1.2
#include "commons/incidents/incident_store.h"

#include <algorithm>

#include "base/text.h"

namespace verbund::commons {
namespace {

constexpr std::string_view all_columns =
    "SELECT number, maintenance, part, citizens, begins, ends FROM incident";

Result<void> check_texts(const IncidentTexts& texts, std::size_t most) {
  const auto german = texts.find("de");
  if (german == texts.end() || trim(german->second).empty()) return fail(ErrorCode::invalid, "the German text is missing");
  for (const auto& [language, text] : texts) {
    if (text.size() > most) return fail(ErrorCode::invalid, "the text is too long", language);
    if (!is_utf8(text)) return fail(ErrorCode::invalid, "the text is not UTF-8", language);
  }
  return {};
}

}  // namespace

bool is_incident_part(std::string_view part) {
  return std::find(std::begin(incident_parts), std::end(incident_parts), part) != std::end(incident_parts);
}

Instant Incident::changed() const { return updates.empty() ? begins : updates.back().at; }

std::vector<store::Migration> incident_migrations() {
  return {{"incidents", 1,
           "CREATE TABLE incident(number BIGINT NOT NULL PRIMARY KEY, maintenance BIGINT NOT NULL, part TEXT NOT NULL,"
           " citizens BIGINT NOT NULL, begins TEXT NOT NULL, ends TEXT NOT NULL);"
           "CREATE TABLE incident_text(incident BIGINT NOT NULL REFERENCES incident(number), step BIGINT NOT NULL,"
           " language TEXT NOT NULL, at TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (incident, step, language));"
           "CREATE TABLE uptime(day TEXT NOT NULL, part TEXT NOT NULL, first_minute BIGINT NOT NULL,"
           " last_minute BIGINT NOT NULL, good BIGINT NOT NULL, PRIMARY KEY (day, part))"}};
}

Result<std::int64_t> IncidentStore::open(const Incident& incident) {
  if (auto good = check_texts(incident.titles, longest_title); !good) return pass(good);
  if (!is_incident_part(incident.part)) return fail(ErrorCode::invalid, "unknown part " + incident.part);
  if (incident.ends && *incident.ends <= incident.begins) {
    return fail(ErrorCode::invalid, "it ends before it begins");
  }
  for (const IncidentUpdate& told : incident.updates) {
    if (auto good = check_texts(told.texts, longest_text); !good) return pass(good);
  }
  auto last = connection_.prepare("SELECT coalesce(max(number), 0) FROM incident");
  const std::int64_t number = last.step() ? last.number(0) + 1 : 1;
  auto insert = connection_.prepare("INSERT INTO incident(number, maintenance, part, citizens, begins, ends)"
                                    " VALUES ($1, $2, $3, $4, $5, $6)");
  insert.bind(1, number)
      .bind(2, std::int64_t{incident.maintenance})
      .bind(3, incident.part)
      .bind(4, std::int64_t{incident.citizens})
      .bind(5, to_rfc3339(incident.begins))
      .bind(6, incident.ends ? to_rfc3339(*incident.ends) : std::string())
      .run();
  if (auto added = add_texts(number, 0, incident.begins, incident.titles); !added) return pass(added);
  for (std::size_t i = 0; i < incident.updates.size(); ++i) {
    auto added = add_texts(number, static_cast<std::int64_t>(i) + 1, incident.updates[i].at, incident.updates[i].texts);
    if (!added) return pass(added);
  }
  return number;
}

Result<void> IncidentStore::add_texts(std::int64_t number, std::int64_t step, Instant at, const IncidentTexts& texts) {
  auto insert = connection_.prepare(
      "INSERT INTO incident_text(incident, step, language, at, body) VALUES ($1, $2, $3, $4, $5)");
  for (const auto& [language, text] : texts) {
    insert.bind(1, number).bind(2, step).bind(3, language).bind(4, to_rfc3339(at)).bind(5, trim(text)).run();
  }
  return {};
}

Result<void> IncidentStore::update(std::int64_t number, const IncidentTexts& texts, Instant at) {
  const auto incident = find(number);
  if (!incident) return fail(ErrorCode::not_found, "there is no incident " + std::to_string(number));
  if (incident->over(at)) return fail(ErrorCode::conflict, "the incident is closed", std::to_string(number));
  if (auto good = check_texts(texts, longest_text); !good) return good;
  auto last = connection_.prepare("SELECT max(step) FROM incident_text WHERE incident = $1");
  last.bind(1, number);
  const std::int64_t step = last.step() ? last.number(0) + 1 : 1;
  return add_texts(number, step, at, texts);
}

Result<void> IncidentStore::close(std::int64_t number, const IncidentTexts& texts, Instant at) {
  const auto incident = find(number);
  if (!incident) return fail(ErrorCode::not_found, "there is no incident " + std::to_string(number));
  if (incident->over(at)) return fail(ErrorCode::conflict, "the incident is closed", std::to_string(number));
  if (!texts.empty()) {
    if (auto updated = update(number, texts, at); !updated) return updated;
  }
  auto statement = connection_.prepare("UPDATE incident SET ends = $2 WHERE number = $1");
  statement.bind(1, number).bind(2, to_rfc3339(at)).run();
  return {};
}

std::vector<Incident> IncidentStore::read(store::Statement rows) const {
  std::vector<Incident> out;
  while (rows.step()) {
    Incident one;
    one.number = rows.number(0);
    one.maintenance = rows.number(1) != 0;
    one.part = rows.text(2);
    one.citizens = rows.number(3) != 0;
    one.begins = parse_time(rows.text(4)).value_or(Instant{});
    one.ends = parse_time(rows.text(5));
    out.push_back(std::move(one));
  }
  for (Incident& one : out) {
    auto texts = connection_.prepare(
        "SELECT step, language, at, body FROM incident_text WHERE incident = $1 ORDER BY step, language");
    texts.bind(1, one.number);
    std::int64_t step = 0;
    while (texts.step()) {
      if (texts.number(0) == 0) {
        one.titles.emplace(texts.text(1), texts.text(3));
        continue;
      }
      if (texts.number(0) != step) one.updates.push_back({parse_time(texts.text(2)).value_or(Instant{}), {}});
      step = texts.number(0);
      one.updates.back().texts.emplace(texts.text(1), texts.text(3));
    }
  }
  return out;
}

std::optional<Incident> IncidentStore::find(std::int64_t number) const {
  auto rows = connection_.prepare(std::string(all_columns) + " WHERE number = $1");
  rows.bind(1, number);
  auto found = read(std::move(rows));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<Incident> IncidentStore::list(Instant since) const {
  auto all = read(connection_.prepare(std::string(all_columns) + " ORDER BY begins DESC, number DESC"));
  std::erase_if(all, [&](const Incident& one) { return one.ends && *one.ends < since; });
  return all;
}

}  // namespace verbund::commons

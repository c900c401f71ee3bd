// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/search_count_store.h"

#include <map>

namespace verbund::directory {

std::vector<store::Migration> learning_migrations() {
  return {{"learning", 1,
           "CREATE TABLE search_count(day TEXT NOT NULL, query TEXT NOT NULL, found BIGINT NOT NULL,"
           " without_result BIGINT NOT NULL, clicked BIGINT NOT NULL, PRIMARY KEY (day, query))"}};
}

std::int64_t SearchCountStore::add(const std::vector<SearchCount>& counts) {
  auto update = connection_.prepare(
      "UPDATE search_count SET found = found + $3, without_result = without_result + $4, clicked = clicked + $5"
      " WHERE day = $1 AND query = $2");
  auto insert = connection_.prepare(
      "INSERT INTO search_count(day, query, found, without_result, clicked) VALUES ($1, $2, $3, $4, $5)");
  auto rows = connection_.prepare("SELECT count(*) FROM search_count WHERE day = $1");
  const auto bind = [](store::Statement& statement, const SearchCount& one) -> store::Statement& {
    return statement.bind(1, one.day).bind(2, one.query).bind(3, one.found).bind(4, one.without_result).bind(5, one.clicked);
  };
  std::map<std::string_view, std::int64_t> rows_of_day;
  std::int64_t dropped = 0;
  for (const SearchCount& one : counts) {
    bind(update, one).run();
    if (update.changes() > 0) continue;
    const auto [day, fresh] = rows_of_day.try_emplace(one.day, 0);
    if (fresh) {
      rows.reset();
      rows.bind(1, one.day);
      if (rows.step()) day->second = rows.number(0);
    }
    if (day->second >= most_rows_a_day) {
      ++dropped;
      continue;
    }
    bind(insert, one).run();
    ++day->second;
  }
  return dropped;
}

void SearchCountStore::each(std::string_view first_day, std::string_view last_day,
                            const std::function<void(const SearchCount&)>& each) const {
  auto rows = connection_.prepare(
      "SELECT day, query, found, without_result, clicked FROM search_count WHERE day >= $1 AND day <= $2"
      " ORDER BY day, query");
  rows.bind(1, first_day).bind(2, last_day);
  while (rows.step()) {
    each({std::string(rows.text(0)), std::string(rows.text(1)), rows.number(2), rows.number(3), rows.number(4)});
  }
}

std::int64_t SearchCountStore::remove_before(std::string_view day) {
  auto statement = connection_.prepare("DELETE FROM search_count WHERE day < $1");
  statement.bind(1, day).run();
  return statement.changes();
}

}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/tables.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "base/check.h"

namespace verbund::store {
namespace {

using Words = std::vector<std::string_view>;

// Names and signs; what stands in quotes is one word.
Words words_of(std::string_view sql) {
  Words out;
  while (!sql.empty()) {
    const auto letter = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; };
    std::size_t length = 1;
    if (letter(sql.front())) {
      while (length < sql.size() && letter(sql[length])) ++length;
    } else if (sql.front() == '\'') {
      const std::size_t end = sql.find('\'', 1);
      VERBUND_CHECK(end != sql.npos);
      length = end + 1;
    }
    if (std::isspace(static_cast<unsigned char>(sql.front())) == 0) out.push_back(sql.substr(0, length));
    sql.remove_prefix(length);
  }
  return out;
}

// The words between commas that no bracket encloses.
std::vector<Words> parts(const Words& words, std::size_t from, std::size_t until) {
  std::vector<Words> out(1);
  int depth = 0;
  for (; from < until; ++from) {
    if (words[from] == "(") ++depth;
    if (words[from] == ")") --depth;
    if (words[from] == "," && depth == 0) out.emplace_back();
    else out.back().push_back(words[from]);
  }
  return out;
}

std::string name(std::string_view word) {
  VERBUND_CHECK(!word.empty() && word.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == word.npos);
  return std::string(word);
}

// "key TEXT NOT NULL PRIMARY KEY", "area TEXT REFERENCES area(key)"
void add_column(Table& table, const Words& words) {
  VERBUND_CHECK(words.size() >= 2 && (words[1] == "TEXT" || words[1] == "BIGINT"));
  table.columns.push_back({name(words[0]), words[1] == "BIGINT"});
  for (std::size_t i = 2; i + 1 < words.size(); ++i) {
    if (words[i] == "PRIMARY") table.key.push_back(name(words[0]));
    if (words[i] == "REFERENCES") table.parents.push_back(name(words[i + 1]));
  }
}

Table create(const Words& words) {
  VERBUND_CHECK(words.size() > 4 && words[3] == "(" && words.back() == ")");
  Table out;
  out.name = name(words[2]);
  for (const Words& part : parts(words, 4, words.size() - 1)) {
    VERBUND_CHECK(!part.empty());
    if (part[0] == "PRIMARY") {
      for (std::size_t i = 3; i + 1 < part.size(); ++i) {
        if (part[i] != ",") out.key.push_back(name(part[i]));
      }
    } else if (part[0] == "FOREIGN") {
      const auto references = std::ranges::find(part, "REFERENCES");
      VERBUND_CHECK(references != part.end() && references + 1 != part.end());
      out.parents.push_back(name(references[1]));
    } else if (part[0] != "UNIQUE" && part[0] != "CHECK") {
      add_column(out, part);
    }
  }
  VERBUND_CHECK(!out.key.empty());
  return out;
}

void run(const Words& words, std::vector<Table>& tables) {
  if (words.empty()) return;
  VERBUND_CHECK(words.size() > 2);
  if (words[0] == "CREATE" && words[1] == "TABLE") {
    tables.push_back(create(words));
  } else if (words[0] == "ALTER") {
    const auto table = std::ranges::find(tables, words[2], &Table::name);
    VERBUND_CHECK(table != tables.end() && words.size() > 6 && words[3] == "ADD" && words[4] == "COLUMN");
    add_column(*table, Words(words.begin() + 5, words.end()));
  } else {
    const bool index = words[0] == "CREATE" && (words[1] == "INDEX" || words[1] == "UNIQUE");
    VERBUND_CHECK(index || (words[0] == "INSERT" && words[1] == "INTO"));
  }
}

}  // namespace

std::vector<Table> tables_of(const std::vector<Migration>& migrations) {
  std::vector<Table> made;
  for (const Migration& step : migrations) {
    Words statement;
    for (const std::string_view word : words_of(step.sql)) {
      if (word != ";") {
        statement.push_back(word);
        continue;
      }
      run(statement, made);
      statement.clear();
    }
    run(statement, made);
  }
  // Each behind its parents; otherwise in the order in which they are made.
  std::vector<Table> out;
  const auto placed = [&](const std::string& wanted) {
    return std::ranges::find(out, wanted, &Table::name) != out.end();
  };
  while (out.size() < made.size()) {
    const std::size_t before = out.size();
    for (const Table& table : made) {
      const bool ready = std::ranges::all_of(
          table.parents, [&](const std::string& parent) { return parent == table.name || placed(parent); });
      if (ready && !placed(table.name)) out.push_back(table);
    }
    VERBUND_CHECK(out.size() > before);  // tables that name each other in a ring
  }
  return out;
}

}  // namespace verbund::store

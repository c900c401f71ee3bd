// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/judged_queries.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>

#include "base/text.h"

namespace verbund::directory {
namespace {

struct Row {
  std::vector<std::string> cells;
  std::size_t line = 0;
};

// One line of a table with commas from `at` on; moves `at` behind it and `line` to the next line. False: a quote never
// ends.
bool read_comma_row(std::string_view text, std::size_t& at, std::size_t& line, Row& row) {
  row = {{std::string()}, line};
  bool quoted = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') ++line;
    if (quoted) {
      if (c != '"') {
        row.cells.back() += c;
      } else if (at + 1 < text.size() && text[at + 1] == '"') {
        row.cells.back() += text[++at];
      } else {
        quoted = false;
      }
    } else if (c == '"' && trim(row.cells.back()).empty()) {
      row.cells.back().clear();
      quoted = true;
    } else if (c == ',') {
      row.cells.emplace_back();
    } else if (c == '\n') {
      ++at;
      return true;
    } else {
      row.cells.back() += c;
    }
  }
  ++line;
  return !quoted;
}

void read_tab_row(std::string_view text, std::size_t& at, std::size_t& line, Row& row) {
  const std::size_t end = std::min(text.find('\n', at), text.size());
  row = {{}, line++};
  for (const std::string_view cell : split(text.substr(at, end - at), '\t')) row.cells.emplace_back(cell);
  at = end == text.size() ? end : end + 1;
}

struct Columns {
  std::size_t query = 0, services = 1;
  std::optional<std::size_t> area = 2, kind = 3;
};

std::optional<std::size_t> find_column(const Row& row, std::initializer_list<std::string_view> names) {
  for (const std::string_view name : names) {
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (to_lower_ascii(trim(row.cells[i])) == name) return i;
    }
  }
  return std::nullopt;
}

std::optional<Columns> read_header(const Row& row) {
  const auto query = find_column(row, {"query", "anfrage", "suchbegriff", "anliegen"});
  const auto services = find_column(row, {"relevant", "relevant_service_ids", "relevant_ids", "service_id",
                                          "service_ids", "leistung", "leistungen", "leika", "key"});
  if (!query || !services) return std::nullopt;
  return Columns{*query, *services, find_column(row, {"area", "gebiet", "ort", "ars", "plz"}),
                 find_column(row, {"kind", "art", "set"})};
}

}  // namespace

Result<std::vector<JudgedQuery>> read_judged_queries(std::string_view text) {
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (text.starts_with(mark)) text.remove_prefix(mark.size());
  std::vector<JudgedQuery> out;
  std::map<std::tuple<std::string, std::string, std::string>, std::size_t> known;
  std::optional<Columns> columns;
  std::optional<bool> tabs;
  Row row;
  for (std::size_t at = 0, line = 1; at < text.size();) {
    if (const char c = text[at]; c == '#' || c == '\n' || c == '\r') {
      at = std::min(text.find('\n', at), text.size());
      if (at < text.size()) ++at;
      ++line;
      continue;
    }
    if (!tabs) tabs = text.substr(at, std::min(text.find('\n', at), text.size()) - at).find('\t') != std::string::npos;
    const std::string where = "line " + std::to_string(line);
    if (*tabs) {
      read_tab_row(text, at, line, row);
    } else if (!read_comma_row(text, at, line, row)) {
      return fail(ErrorCode::invalid, "a cell begins with a quote that never ends", where);
    }
    for (const std::string& cell : row.cells) {
      if (!is_utf8(cell)) return fail(ErrorCode::invalid, "the line is not UTF-8", where);
    }
    if (!columns) {
      columns = read_header(row);
      if (columns) continue;
      columns = Columns();
    }
    const auto cell = [&](std::optional<std::size_t> column) -> std::string_view {
      return column && *column < row.cells.size() ? trim(row.cells[*column]) : std::string_view();
    };
    if (row.cells.size() == 1 && cell(0).empty()) continue;
    if (row.cells.size() <= std::max(columns->query, columns->services)) {
      return fail(ErrorCode::invalid, "the line has no column with the relevant services", where,
                  "columns: query, relevant services separated by commas, area");
    }
    if (cell(columns->query).empty()) return fail(ErrorCode::invalid, "the query is empty", where);
    JudgedQuery query{std::string(cell(columns->query)), {}, std::string(cell(columns->area)),
                      std::string(cell(columns->kind)), row.line};
    const auto [place, added] = known.try_emplace({query.query, query.area, query.kind}, out.size());
    if (added && out.size() == most_judged_queries) {
      return fail(ErrorCode::too_large, "more than " + std::to_string(most_judged_queries) + " queries", where);
    }
    if (added) out.push_back(std::move(query));
    std::vector<std::string>& relevant = out[place->second].relevant;
    for (std::string_view id : split(cell(columns->services), ',')) {
      id = trim(id);
      if (!id.empty() && std::find(relevant.begin(), relevant.end(), id) == relevant.end()) relevant.emplace_back(id);
    }
  }
  return out;
}

}  // namespace verbund::directory

// SPDX-License-Identifier: EUPL-1.2
#include "directory/learning/search_report.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "base/check.h"
#include "directory/learning/search_counter.h"
#include "kits/text/text.h"

namespace verbund::directory {
namespace {

std::string cell(std::string_view text) {
  std::string out;
  if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos) out += '\'';
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  return out;
}

void add_lines(std::string& out, std::string_view outcome, const std::vector<SearchedWords>& rows) {
  for (const SearchedWords& row : rows) {
    out += std::string(outcome) + "\t" + cell(row.query) + "\t" + std::to_string(row.searches) + "\t" +
           std::to_string(row.clicks_least) + "\t" + std::to_string(row.clicks_most) + "\t" + std::to_string(row.days) + "\t" +
           (row.nearest ? cell(external_id(ObjectKind::service, row.nearest->id)) + "\t" + cell(row.nearest->title) : "\t") + "\n";
  }
}

}  // namespace

std::optional<ServiceBrief> nearest_service(const Snapshot& snapshot, std::string_view words) {
  const auto best = [&](std::string_view query) -> std::optional<ServiceBrief> {
    const SearchAnswer answer = snapshot.search({query, AreaKey(), 1, 0});
    if (answer.hits.empty()) return std::nullopt;
    return snapshot.service_of(answer.hits.front()).brief();
  };
  if (auto hit = best(words)) return hit;
  std::vector<std::string> single = text::words(words);
  if (single.size() < 2) return std::nullopt;
  std::stable_sort(single.begin(), single.end(), [](const auto& a, const auto& b) { return a.size() > b.size(); });
  for (const std::string& word : single) {
    if (auto hit = best(word)) return hit;
  }
  return std::nullopt;
}

SearchReport report_searches(store::Connection& connection, const Snapshot& snapshot, std::string_view last_day,
                             std::int64_t days) {
  VERBUND_CHECK(days >= 1);
  SearchReport report;
  report.last_day = last_day;
  report.first_day = day_before(last_day, days - 1);
  std::map<std::string, SearchedWords> nothing, found;
  SearchCountStore(connection).each(report.first_day, report.last_day, [&](const SearchCount& one) {
    if (one.without_result > 0) {
      SearchedWords& row = nothing[one.query];
      row.searches += one.without_result;
      ++row.days;
    }
    if (one.found > 0) {
      SearchedWords& row = found[one.query];
      row.searches += one.found;
      row.clicks_least += one.clicked;
      row.clicks_most += one.clicked > 0 ? one.clicked : SearchCounter::threshold - 1;
      ++row.days;
    }
  });
  const auto take = [&](std::map<std::string, SearchedWords>& rows, std::vector<SearchedWords>& out, auto wanted) {
    for (auto& [query, row] : rows) {
      if (!wanted(row)) continue;
      row.query = query;
      row.nearest = nearest_service(snapshot, query);
      out.push_back(std::move(row));
    }
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.searches > b.searches; });
  };
  take(nothing, report.without_result, [](const SearchedWords&) { return true; });
  take(found, report.seldom_clicked, [](const SearchedWords& row) { return row.clicks_least * 2 < row.searches; });
  return report;
}

std::string to_tsv(const SearchReport& report) {
  std::string out = "outcome\twords\tsearches\tclicks_least\tclicks_most\tdays\tservice\ttitle\n";
  add_lines(out, "without_result", report.without_result);
  add_lines(out, "seldom_clicked", report.seldom_clicked);
  return out;
}

}  // namespace verbund::directory

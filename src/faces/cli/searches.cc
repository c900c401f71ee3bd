// SPDX-License-Identifier: EUPL-1.2
#include "faces/cli/searches.h"

#include <algorithm>

#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/learning/search_counter.h"
#include "directory/learning/search_report.h"
#include "faces/cli/run.h"

namespace verbund::cli {
namespace {

using directory::SearchedWords;

std::string right(std::string text, std::size_t width) { return text.size() >= width ? text : std::string(width - text.size(), ' ') + text; }

// Columns are counted in code points.
std::string left(const std::string& text, std::size_t width) {
  const auto points = static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
  return points >= width ? text : text + std::string(width - points, ' ');
}

std::string nearest(const SearchedWords& row) {
  if (!row.nearest) return "keine";
  return row.nearest->title + "  [" + directory::external_id(directory::ObjectKind::service, row.nearest->id) + "]";
}

std::string table(const std::string& title, const std::vector<SearchedWords>& rows, bool clicks) {
  if (rows.empty()) return title + ": keine\n";
  std::string out = title + "\n  Suchen" + (clicks ? "  Aufrufe" : "") + "  Tage  " + left("Suchwörter", 32) + "  " +
                    (clicks ? "bester Treffer" : "nächste Leistung") + "\n";
  for (const SearchedWords& row : rows) {
    out += right(std::to_string(row.searches), 8);
    if (clicks) {
      const std::string least = std::to_string(row.clicks_least);
      out += right(row.clicks_most > row.clicks_least ? least + "-" + std::to_string(row.clicks_most) : least, 9);
    }
    out += right(std::to_string(row.days), 6) + "  " + left(row.query, 32) + "  " + nearest(row) + "\n";
  }
  return out;
}

Json items(const std::vector<SearchedWords>& rows) {
  Json list = Json(Json::Array{});
  for (const SearchedWords& row : rows) {
    Json item = Json::object({{"words", row.query}, {"searches", row.searches}, {"clicks_least", row.clicks_least},
                              {"clicks_most", row.clicks_most}, {"days", row.days}});
    if (row.nearest) {
      item.set("nearest", Json::object({{"id", directory::external_id(directory::ObjectKind::service, row.nearest->id)},
                                        {"title", row.nearest->title}}));
    }
    list.push(std::move(item));
  }
  return list;
}

}  // namespace

Result<void> check_searches(const Surroundings& s, store::Database& database, const command::Arguments& arguments) {
  const auto days = parse_number(arguments.get("days", "30"));
  if (!days || *days < 1 || *days > 3650) return fail(ErrorCode::usage, "not a number from 1 to 3650", "--days");
  const std::string today = directory::SearchCounter(s.clock, 1).today();
  directory::SearchReport report;
  database.read([&](store::Connection& connection) {
    report = directory::report_searches(connection, *directory::Snapshot::build(connection), today, *days);
  });
  if (arguments.has("file")) {
    if (auto written = write_file(arguments.get("file"), to_tsv(report)); !written) return written;
  }
  if (arguments.has("json")) {
    print_json(s.out, Json::object({{"first_day", report.first_day}, {"last_day", report.last_day},
                                    {"threshold", directory::SearchCounter::threshold},
                                    {"without_result", items(report.without_result)},
                                    {"seldom_clicked", items(report.seldom_clicked)}}));
    return {};
  }
  std::string text = "Suchen vom " + report.first_day + " bis " + report.last_day + ", ab " +
                     std::to_string(directory::SearchCounter::threshold) + " am selben Tag\n\n";
  text += table("Ohne Treffer", report.without_result, false) + "\n";
  text += table("Mit Treffern, aber selten angeklickt", report.seldom_clicked, true);
  if (arguments.has("file")) text += "\nGeschrieben: " + arguments.get("file") + "\n";
  print(s.out, text);
  return {};
}

}  // namespace verbund::cli

// SPDX-License-Identifier: EUPL-1.2
#include "directory/evaluation/judged_queries.h"

#include <gtest/gtest.h>

namespace verbund::directory {
namespace {

// "query|ids|area|kind" per query.
std::vector<std::string> read(std::string_view text) {
  const auto queries = read_judged_queries(text);
  if (!queries) return {"error: " + queries.error().text()};
  std::vector<std::string> out;
  for (const JudgedQuery& query : *queries) {
    std::string ids;
    for (const std::string& id : query.relevant) ids += (ids.empty() ? "" : "+") + id;
    out.push_back(query.query + "|" + ids + "|" + query.area + "|" + query.kind);
  }
  return out;
}

using Lines = std::vector<std::string>;

TEST(JudgedQueries, ReadsTablesOfManyShapes) {
  const struct {
    const char* what;
    std::string_view text;
    Lines wanted;
  } cases[] = {
      {"two columns", "Hund\t17\nKatze\t18,19\n", {"Hund|17||", "Katze|18+19||"}},
      {"all columns and more", "Hund\t17\t22846\ttypo\tsaid by a neighbour\n", {"Hund|17|22846|typo"}},
      {"a header", "query\trelevant_service_ids\nHund\t17\n", {"Hund|17||"}},
      {"columns in another order", "Kind\tArea\tRelevant\tQuery\nx\tKiel\t17\tHund\n", {"Hund|17|Kiel|x"}},
      {"commas", "suchbegriff,service_id,leika,name\nHund,17,99102013104000,Hundesteuer\n", {"Hund|17||"}},
      {"a key where there is no id", "anliegen_id,anliegen,leika,pruefung\nh,Hund,99,ja\n", {"Hund|99||"}},
      {"quotes", "suchbegriff,service_id\n\"Hund, Katze \"\"Maus\"\"\",\"17,18\"\n", {"Hund, Katze \"Maus\"|17+18||"}},
      {"quotes mean nothing between tabs", "\"Hund\t17\n", {"\"Hund|17||"}},
      {"a line break in quotes", "\"Hund\nKatze\",17\nMaus,18\n", {"Hund\nKatze|17||", "Maus|18||"}},
      {"no service named", "Hund\t\n", {"Hund|||"}},
      {"the same query in several lines", "Hund\t17\nKatze\t1\nHund\t18\nHund\t17\n", {"Hund|17+18||", "Katze|1||"}},
      {"the same query at two places", "Hund\t17\tKiel\nHund\t18\tBonn\n", {"Hund|17|Kiel|", "Hund|18|Bonn|"}},
      {"comments, empty lines, Windows", "# from a survey\r\n\r\nHund\t17\r\n", {"Hund|17||"}},
      {"a byte order mark", "\xEF\xBB\xBFquery\trelevant\nHund\t17\n", {"Hund|17||"}},
      {"no line break at the end", "Hund\t17", {"Hund|17||"}},
      {"nothing", "", {}},
      {"only a comment", "# nothing", {}},
  };
  for (const auto& one : cases) EXPECT_EQ(read(one.text), one.wanted) << one.what;
}

TEST(JudgedQueries, SayWhereATableIsBroken) {
  const struct {
    std::string_view text;
    const char* wanted;
  } cases[] = {
      {"Hund\t17\nKatze\n",
       "error: line 2: the line has no column with the relevant services (columns: query, relevant services separated "
       "by commas, area)"},
      {"Hund\t17\n \t18\n", "error: line 2: the query is empty"},
      {"Hund,17\n\"Katze,18\n", "error: line 2: a cell begins with a quote that never ends"},
      {"Hund\t17\nK\xFFtze\t18\n", "error: line 2: the line is not UTF-8"},
  };
  for (const auto& one : cases) EXPECT_EQ(read(one.text), Lines{one.wanted});
}

TEST(JudgedQueries, LinesCountFromTheTopOfTheFile) {
  const auto queries = read_judged_queries("# a\nquery,relevant\n\"a\nb\",1\nc,2\n");
  ASSERT_TRUE(queries.has_value());
  ASSERT_EQ(queries->size(), 2U);
  EXPECT_EQ((*queries)[0].line, 3U);
  EXPECT_EQ((*queries)[1].line, 5U);
}

}  // namespace
}  // namespace verbund::directory

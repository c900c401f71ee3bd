// SPDX-License-Identifier: EUPL-1.2
#include "app/sql_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace verbund::app {
namespace {

struct SqlCase {
  const char* what;
  const char* source;
};

TEST(SqlCheck, FindsEveryStatementThatIsMadeOfData) {
  const SqlCase cases[] = {
      {"joined with data", R"x(auto s = connection.prepare("SELECT key FROM area WHERE name = '" + name + "'");)x"},
      {"a text that was made before", R"x(std::string sql = "SELECT"; auto s = connection_.prepare(sql);)x"},
      {"a parameter", R"x(void f(std::string_view sql) { connection->execute(sql); })x"},
      {"a function", R"x(connection.execute(make("DELETE FROM area"));)x"},
      {"a number", R"x(connection.execute("DELETE FROM area LIMIT " + std::to_string(5));)x"},
      {"a list of names", R"x(connection.prepare("SELECT " + columns + " FROM area");)x"},
      {"chosen data", R"x(connection.prepare(all ? "SELECT key FROM area" : text);)x"},
      {"a constant that is none",
       R"x(constexpr auto columns = pick(3); connection.prepare(std::string(columns) + " FROM area");)x"},
      {"a constant of another kind",
       R"x(const std::string columns = read(); connection.prepare(columns + " FROM area");)x"},
      {"nothing said", R"x(connection.prepare(std::string());)x"},
      {"over lines", "connection_.prepare(\n    \"SELECT key\"\n    \" FROM \" +\n    table);"},
      {"a step of a schema",
       R"x(std::vector<Migration> town_migrations() { return {{"town", 1, "CREATE TABLE " + name}}; })x"},
      {"a step that is named", R"x(auto step = store::Migration{"town", 1, text};)x"},
      {"a table that is data", R"x(auto rows = connection_.bulk(table, "key, name");)x"},
      {"columns that are data", R"x(auto rows = connection_.bulk("area", columns);)x"},
      {"behind a comment", "/* \" */ connection.prepare(sql);  // \"SELECT 1\""},
  };
  for (const SqlCase& one : cases) EXPECT_EQ(sql_violations("town/town_store.cc", one.source).size(), 1u) << one.what;
}

TEST(SqlCheck, PassesWhatIsWholeInTheTextOfTheProgram) {
  const SqlCase cases[] = {
      {"a literal", R"x(auto s = connection.prepare("SELECT key FROM area WHERE name = $1");)x"},
      {"literals in a row",
       "connection_.prepare(\n    \"SELECT key\"  // the key (only)\n    \" FROM area\").bind(1, name);"},
      {"a constant", R"x(constexpr std::string_view columns = "SELECT key" " FROM area";
                         auto s = connection_.prepare(std::string(columns) + " WHERE name = $1");)x"},
      {"a constant array", R"x(constexpr char all[] = "SELECT key FROM area"; connection->execute(all);)x"},
      {"a choice", R"x(connection.prepare(names.empty() ? "SELECT key FROM area" : "SELECT name FROM area");)x"},
      {"a raw literal", "connection.execute(R\"sql(DELETE FROM area WHERE name = \"x\" + 1)sql\");"},
      {"steps", R"x(std::vector<store::Migration> town_migrations() { return {{"town", 1, "CREATE TABLE a(b TEXT)"
                    " "}, {"town", 2, "ALTER TABLE a ADD COLUMN c TEXT"}}; })x"},
      {"steps of others",
       R"x(auto all_migrations() { auto out = a(); for (auto& s : b()) out.push_back(std::move(s)); return out; })x"},
      {"many rows", R"x(constexpr char columns[] = "key, name"; auto rows = connection_.bulk("area", columns);)x"},
      {"a word in a text", R"x(throw Failure("connection.prepare(sql) failed");)x"},
  };
  for (const SqlCase& one : cases) {
    EXPECT_THAT(sql_violations("town/town_store.cc", one.source), ::testing::IsEmpty()) << one.what;
  }
}

TEST(SqlCheck, FindsStatementsOutsideStoreFiles) {
  const char* statement = R"x(auto s = connection.prepare("SELECT key FROM area");)x";
  EXPECT_THAT(sql_violations("town/town.cc", statement),
              ::testing::ElementsAre(::testing::HasSubstr("town/town.cc:1: a statement outside")));
  EXPECT_EQ(sql_violations("town/town.h", "connection_->execute(sql);").size(), 1u);
  EXPECT_EQ(sql_violations("town/town.cc", "things->prepare(database, stop);").size(), 0u);
  EXPECT_EQ(sql_violations("town/town_test.cc", statement).size(), 0u);
  EXPECT_EQ(sql_violations("kits/store/sqlite_driver.cc", "connection.execute(text);").size(), 0u);
}

TEST(SqlCheck, TakesADeclarationForNoCall) {
  const char* declared = "std::unique_ptr<store::Bulk> bulk(std::string_view, std::string_view) override { return {}; }";
  EXPECT_THAT(sql_violations("town/town.cc", declared), ::testing::IsEmpty());
}

TEST(SqlCheck, ReadsHalfAFileWithoutHarm) {
  const std::string whole =
      R"x(constexpr char a[] = "b"; connection.prepare("SELECT" + R"y(z)y"); /* c */ d_migrations() { 'e' })x";
  for (std::size_t size = 0; size <= whole.size(); ++size) (void)sql_violations("a_store.cc", whole.substr(0, size));
}

}  // namespace
}  // namespace verbund::app

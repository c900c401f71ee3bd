// SPDX-License-Identifier: EUPL-1.2
#include "kits/settings/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace verbund::settings {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

const std::vector<Definition> definitions = {
    {"http.port", Definition::Type::number, "8080", "Port, 0 bis 65535", 0, 65535},
    {"http.address", Definition::Type::text, "127.0.0.1", "Adresse", 0, 0},
    {"look.demonstration", Definition::Type::flag, "false", "Kennzeichnet jede Seite", 0, 0},
    {"log.least", Definition::Type::number, "0", "Zahl", -5, 5},
};

class SettingsTest : public ::testing::Test {
 protected:
  void SetUp() override { path = ::testing::TempDir() + "verbund_settings_" + std::to_string(::getpid()) + ".toml"; }
  void TearDown() override { std::filesystem::remove(path); }
  Result<Settings> load(const std::string& source, const std::map<std::string, std::string>& environment = {},
                        const std::map<std::string, std::string>& flags = {}) {
    std::ofstream(path, std::ios::binary) << source;
    return Settings::load(definitions, path, environment, flags);
  }
  std::string path;
};

TEST_F(SettingsTest, HasADefaultForEverything) {
  auto settings = Settings::load(definitions, "", {}, {});
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->number("http.port"), 8080);
  EXPECT_EQ(settings->text("http.address"), "127.0.0.1");
  EXPECT_FALSE(settings->flag("look.demonstration"));
}

TEST_F(SettingsTest, ReadsTablesAndDottedKeys) {
  auto settings = load("http.port = 81\n[look]\ndemonstration = true\n[log]\nleast = -3\n");
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->number("http.port"), 81);
  EXPECT_TRUE(settings->flag("look.demonstration"));
  EXPECT_EQ(settings->number("log.least"), -3);
}

TEST_F(SettingsTest, TakesGermanInTextsAndComments) {
  auto settings = load("\xef\xbb\xbf# für alle\r\nhttp.address = \"Größe \\\" # ü 日𝒳\" # ä '\n");
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->text("http.address"), "Größe \" # ü 日𝒳");
}

TEST_F(SettingsTest, LetsTheLaterWin) {
  const std::string file = "[http]\nport = 1\naddress = 'a'\n";
  EXPECT_EQ(load(file)->number("http.port"), 1);
  EXPECT_EQ(load(file, {{"VERBUND_HTTP_PORT", "2"}, {"PATH", "x"}})->number("http.port"), 2);
  auto settings = load(file, {{"VERBUND_HTTP_PORT", "2"}}, {{"http.port", "3"}});
  EXPECT_EQ(settings->number("http.port"), 3);
  EXPECT_EQ(settings->text("http.address"), "a");
}

TEST_F(SettingsTest, SaysWhereAndWhatIsWrong) {
  struct Case {
    const char* file;
    std::map<std::string, std::string> environment, flags;
    ErrorCode code;
    const char* where;
    const char* words;
  };
  for (const Case& c : std::vector<Case>{
           {"\n[http]\nprot = 1\n", {}, {}, ErrorCode::usage, ".toml:3", "did you mean http.port?"},
           {"htp.port = 1\n", {}, {}, ErrorCode::usage, ".toml:1", "did you mean http.port?"},
           {"zebra = 1\n", {}, {}, ErrorCode::usage, ".toml:1", "verbund settings lists all"},
           {"[zebra]\n", {}, {}, ErrorCode::usage, ".toml:1", "no setting named zebra"},
           {"http = 1\n", {}, {}, ErrorCode::usage, ".toml:1", "no setting named http"},
           {"http.port = \"80\"\n", {}, {}, ErrorCode::usage, ".toml:1", "wants a whole number"},
           {"http.port = 80.0\n", {}, {}, ErrorCode::usage, ".toml:1", "wants a whole number"},
           {"http.port.x = 80\n", {}, {}, ErrorCode::usage, ".toml:1", "wants a whole number"},
           {"http.address = [1]\n", {}, {}, ErrorCode::usage, ".toml:1", "wants a text"},
           {"look.demonstration = 1\n", {}, {}, ErrorCode::usage, ".toml:1", "wants true or false"},
           {"http.port = 65536\n", {}, {}, ErrorCode::usage, ".toml:1", "write 0 to 65535"},
           {"http.port = \n", {}, {}, ErrorCode::invalid, ".toml:1", "key = value"},
           {"a = 1\na = 2\n", {}, {}, ErrorCode::invalid, ".toml:2", ""},
           {"http.address = '\xff'\n", {}, {}, ErrorCode::invalid, ".toml", "not UTF-8"},
           {"http.address = 'ä'\n", {}, {}, ErrorCode::invalid, ".toml:1", "outside double quotes"},
           {"http.address = \"\\ä\"\n", {}, {}, ErrorCode::invalid, ".toml:1", ""},
           {"http.port = 1x'ä\n", {}, {}, ErrorCode::invalid, ".toml:1", ""},
           {"größe = 1\n", {}, {}, ErrorCode::invalid, ".toml:1", "outside double quotes"},
           {"\n[[\xef\xb9\xbf\n", {}, {}, ErrorCode::invalid, ".toml:2", "outside double quotes"},
           {"http.address = \"\"\"\na\"\"\"\n", {}, {}, ErrorCode::invalid, ".toml:1", "several lines"},
           {"",
            {{"VERBUND_HTTP_PROT", "1"}},
            {},
            ErrorCode::usage,
            "VERBUND_HTTP_PROT",
            "did you mean VERBUND_HTTP_PORT?"},
           {"", {{"VERBUND_HTTP_PORT", "x"}}, {}, ErrorCode::usage, "VERBUND_HTTP_PORT", "not a whole number"},
           {"", {{"VERBUND_HTTP_PORT", ""}}, {}, ErrorCode::usage, "VERBUND_HTTP_PORT", "not a whole number"},
           {"",
            {{"VERBUND_LOOK_DEMONSTRATION", "maybe"}},
            {},
            ErrorCode::usage,
            "VERBUND_LOOK_DEMONSTRATION",
            "neither true"},
           {"", {}, {{"http.port", "99999999999999999999"}}, ErrorCode::usage, "--http.port", "not a whole number"},
           {"", {}, {{"http.adress", "x"}}, ErrorCode::usage, "--http.adress", "did you mean http.address?"},
       }) {
    auto settings = load(c.file, c.environment, c.flags);
    ASSERT_FALSE(settings) << c.file;
    EXPECT_EQ(settings.error().code, c.code) << settings.error().text();
    EXPECT_THAT(settings.error().where, EndsWith(c.where)) << settings.error().text();
    EXPECT_THAT(settings.error().text(), HasSubstr(c.words));
  }
}

TEST_F(SettingsTest, RefusesAFileThatIsNotThereOrTooLarge) {
  auto missing = Settings::load(definitions, path + ".missing", {}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ErrorCode::unavailable);
  auto folder = Settings::load(definitions, ::testing::TempDir(), {}, {});
  ASSERT_FALSE(folder);
  EXPECT_EQ(folder.error().code, ErrorCode::unavailable);
  auto large = load(std::string(2'000'000, '#'));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::too_large);
}

TEST_F(SettingsTest, SurvivesNesting) {
  EXPECT_FALSE(load("a = " + std::string(60'000, '[')));
  EXPECT_FALSE(load("a = " + std::string(30'000, '[') + std::string(30'000, ']')));
  std::string dotted = "a";
  for (int i = 0; i < 30'000; ++i) dotted += ".a";
  EXPECT_FALSE(load(dotted + " = 1"));
  std::string nested = "a = [\n";
  for (int i = 0; i < 200; ++i) nested += "{" + dotted.substr(0, 255) + " = [\n";
  EXPECT_FALSE(load(nested));
}

TEST_F(SettingsTest, WritesASampleThatLoads) {
  std::string sample = sample_file(definitions);
  EXPECT_THAT(sample, HasSubstr("# Port, 0 bis 65535\n# http.port = 8080\n"));
  EXPECT_TRUE(load(sample));
  std::string active;
  for (std::size_t i = 0; i < sample.size(); ++i) {  // the setting lines without their "# "
    if (sample.compare(i, 2, "# ") == 0 && sample.find(" = ", i) < sample.find('\n', i)) i += 2;
    active += sample[i];
  }
  auto settings = load(active);
  ASSERT_TRUE(settings) << settings.error().text();
  EXPECT_EQ(settings->number("http.port"), 8080);
}

const Group tenants = {"tenant",
                       {"http.address", "look.demonstration"},
                       {{"host", Definition::Type::text, "", "Name", 0, 0},
                        {"log.least", Definition::Type::number, "1", "Zahl", -5, 5}}};

class SectionsTest : public SettingsTest {
 protected:
  Result<Several> several(const std::string& source, const std::map<std::string, std::string>& environment = {}) {
    std::ofstream(path, std::ios::binary) << source;
    return Settings::load_several(definitions, tenants, path, environment, {});
  }
};

TEST_F(SectionsTest, ASectionHasWhatItSaysAndElseWhatTheTopOfTheFileSays) {
  auto loaded = several("http.address = 'top'\nlog.least = 3\n[tenant.a-1]\nhost = 'a.example'\n[tenant.a-1.look]\n"
                        "demonstration = true\n[tenant.b]\nhttp.address = 'of b'\n");
  ASSERT_TRUE(loaded) << loaded.error().text();
  ASSERT_EQ(loaded->each.size(), 2u);
  const Settings& a = loaded->each.at("a-1");
  const Settings& b = loaded->each.at("b");
  EXPECT_EQ(a.text("host"), "a.example");
  EXPECT_EQ(b.text("host"), "");
  EXPECT_TRUE(a.flag("look.demonstration"));
  EXPECT_FALSE(b.flag("look.demonstration"));
  EXPECT_FALSE(loaded->all.flag("look.demonstration"));
  EXPECT_EQ(a.text("http.address"), "top");
  EXPECT_EQ(b.text("http.address"), "of b");
  EXPECT_EQ(loaded->all.number("log.least"), 3);
  EXPECT_EQ(a.number("log.least"), 1) << "what is each one's own is not taken from the top";
}

TEST_F(SectionsTest, TheEnvironmentSpeaksForAllThatSayNothingElse) {
  auto loaded = several("[tenant.a]\nhttp.address = 'of a'\n[tenant.b]\n", {{"VERBUND_HTTP_ADDRESS", "of all"}});
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->each.at("a").text("http.address"), "of a");
  EXPECT_EQ(loaded->each.at("b").text("http.address"), "of all");
}

TEST_F(SectionsTest, WhatIsWrongInASectionIsNamedWithItsLine) {
  for (const auto& [source, said] : {std::pair{"[tenant.a]\nhots = 'x'\n", "did you mean host"},
                                     {"[tenant.a]\nhttp.port = 1\n", "no setting named http.port"},
                                     {"\n[tenant.A]\nhost = 'x'\n", "no section can be called tenant.A"},
                                     {"[tenant.'a/../b']\n", "no section can be called"},
                                     {"[tenant.12345678901234567890123456789012345678901]\n", "at most 40"},
                                     {"tenant = 1\n", "tenant is no setting"},
                                     {"[tenant]\na = 1\n", "no section can be called"}}) {
    auto loaded = several(source);
    ASSERT_FALSE(loaded) << source;
    EXPECT_THAT(loaded.error().text(), HasSubstr(said));
    EXPECT_THAT(loaded.error().where, HasSubstr(".toml:"));
  }
}

TEST_F(SectionsTest, ThreeHundredSectionsFit) {
  std::string source;
  for (int i = 0; i < 300; ++i) {
    source += "[tenant.stadt-" + std::to_string(i) + "]\nhost = 'stadt-" + std::to_string(i) + ".example'\n" +
              "http.address = '" + std::string(300, 'x') + "'\n";
  }
  auto loaded = several(source);
  ASSERT_TRUE(loaded) << loaded.error().text();
  EXPECT_EQ(loaded->each.size(), 300u);
}

}  // namespace
}  // namespace verbund::settings

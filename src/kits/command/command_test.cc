// SPDX-License-Identifier: EUPL-1.2
#include "kits/command/command.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <stdexcept>

#include "kits/command/numbers.h"

namespace verbund::command {
namespace {

using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

// A FILE that keeps what is written.
class Kept {
 public:
  Kept() : file_(std::tmpfile()) {}
  ~Kept() { std::fclose(file_); }
  std::FILE* file() { return file_; }
  std::string text() {
    std::rewind(file_);
    std::string out;
    for (int c = std::fgetc(file_); c != EOF; c = std::fgetc(file_)) out += static_cast<char>(c);
    return out;
  }

 private:
  std::FILE* file_;
};

class ProgramTest : public ::testing::Test {
 protected:
  void SetUp() override {
    program.add(
        {.path = {"find"},
         .operands = "ANFRAGE",
         .least_words = 1,
         .most_words = 1,
         .summary = "sucht Leistungen",
         .explanation = "Beispiel:\n  verbund find \"Perso verloren\" --area 22844\n",
         .options =
             {{.name = "area", .value = "ORT", .help = "Ort oder Postleitzahl", .fallback = {}, .required = true},
              {.name = "limit", .value = "N", .help = "höchstens so viele", .fallback = "10"},
              {.name = "json", .value = {}, .help = "als JSON", .fallback = {}}},
         .run = keep()});
    program.add({.path = {"import", "xzufi"}, .operands = "PATH...", .least_words = 1, .most_words = SIZE_MAX,
                 .summary = "liest XZuFi", .explanation = {}, .options = {}, .run = keep()});
    program.add({.path = {"import", "dldb"},
                 .operands = "",
                 .summary = "liest DLDB",
                 .explanation = {},
                 .options = {},
                 .run = keep()});
    program.add({.path = {"fail"}, .operands = {}, .summary = "scheitert", .explanation = {}, .options = {},
                 .run = [](const Arguments&) -> int { throw std::runtime_error("disk\nfull"); }});
  }
  std::function<int(const Arguments&)> keep() {
    return [this](const Arguments& given) {
      arguments = given;
      ++runs;
      return 0;
    };
  }
  int run(const std::vector<std::string>& given) {
    Kept out_file, err_file;
    const int status = program.run(given, out_file.file(), err_file.file());
    out = out_file.text();
    err = err_file.text();
    return status;
  }

  Program program{"verbund",
                  "Verbund verbindet Portale.",
                  {{.name = "data", .value = "DIR", .help = "Datenverzeichnis", .fallback = "data"}}};
  Arguments arguments;
  int runs = 0;
  std::string out, err;
};

TEST_F(ProgramTest, ReadsWordsAndOptionsInAnyOrder) {
  EXPECT_EQ(run({"--data", "d", "find", "--area=22844", "Perso verloren", "--json"}), 0);
  EXPECT_THAT(arguments.words, ElementsAre("Perso verloren"));
  EXPECT_EQ(arguments.get("area"), "22844");
  EXPECT_EQ(arguments.get("data"), "d");
  EXPECT_TRUE(arguments.has("json"));
  EXPECT_FALSE(arguments.has("limit"));
  EXPECT_EQ(arguments.get("limit", "10"), "10");
}

TEST_F(ProgramTest, TakesEverythingAfterTwoDashesAsWords) {
  EXPECT_EQ(run({"import", "xzufi", "a", "--", "--data", "-x"}), 0);
  EXPECT_THAT(arguments.words, ElementsAre("a", "--data", "-x"));
}

TEST_F(ProgramTest, TakesACommandNameAsAWordBehindACommand) {
  EXPECT_EQ(run({"find", "import", "--area", "x"}), 0);
  EXPECT_THAT(arguments.words, ElementsAre("import"));
}

TEST_F(ProgramTest, PointsToTheNearestWord) {
  struct Case { std::vector<std::string> given; const char* message; };
  for (const Case& c : std::vector<Case>{
           {{"fnid", "x"}, "unbekannter Befehl fnid, meinten Sie find? (Hilfe: verbund --help)"},
           {{"import", "xzufu"},
            "unbekannter Befehl import xzufu, meinten Sie import xzufi? (Hilfe: verbund import --help)"},
           {{"zebra"}, "unbekannter Befehl zebra (Hilfe"},
           {{"import"}, "welcher Befehl? verbund import mit dldb, xzufi (Hilfe: verbund import --help)"},
           {{"find", "x", "--aera", "1"}, "unbekannte Option --aera, meinten Sie --area? (Hilfe: verbund find --help)"},
           {{"find", "x", "-j"}, "unbekannte Option -j"},
           {{"find", "x"}, "es fehlt --area ORT"},
           {{"find", "--area", "1"}, "es fehlt ANFRAGE"},
           {{"find", "x", "y", "--area", "1"}, "zu viel angegeben: y"},
           {{"find", "x", "--area"}, "Option --area braucht einen Wert: --area ORT"},
           {{"find", "x", "--area", "--json"}, "Option --area braucht einen Wert"},
           {{"find", "x", "--area", "1", "--json=yes"}, "Option --json nimmt keinen Wert"},
           {{"find\x1b[31m\n"}, "unbekannter Befehl find [31m "},
       }) {
    EXPECT_EQ(run(c.given), 2) << c.message;
    EXPECT_EQ(out, "");
    EXPECT_THAT(err, HasSubstr(c.message));
    EXPECT_EQ(std::count(err.begin(), err.end(), '\n'), 1) << err;
  }
  EXPECT_EQ(runs, 0);
}

TEST_F(ProgramTest, ExplainsEverythingWithHelp) {
  for (const auto& given : std::vector<std::vector<std::string>>{{"--help"}, {"-h"}, {"help"}}) {
    EXPECT_EQ(run(given), 0);
    EXPECT_THAT(out, StartsWith("Aufruf: verbund BEFEHL [Optionen] ...\n\nVerbund verbindet Portale.\n\nBefehle:\n"));
    EXPECT_THAT(out, HasSubstr("  find          sucht Leistungen\n  import xzufi  liest XZuFi\n"));
    EXPECT_EQ(err, "");
  }
  EXPECT_EQ(run({"import", "--help"}), 0);
  EXPECT_THAT(out, HasSubstr("  import dldb   liest DLDB\n"));
  EXPECT_THAT(out, Not(HasSubstr("find")));
  for (const auto& given :
       std::vector<std::vector<std::string>>{{"find", "--help"}, {"help", "find"}, {"find", "x", "-h", "--bad"}}) {
    EXPECT_EQ(run(given), 0);
    EXPECT_EQ(
        out,
        "Aufruf: verbund find --area ORT [Optionen] ANFRAGE\n\nsucht Leistungen\n\n"
        "Beispiel:\n  verbund find \"Perso verloren\" --area 22844\n\n"
        "Optionen:\n  --area ORT  Ort oder Postleitzahl (nötig)\n  --limit N   höchstens so viele (Standard: 10)\n"
        "  --json      als JSON\n\nFür alle Befehle:\n  --data DIR  Datenverzeichnis (Standard: data)\n"
        "  --help      zeigt diese Hilfe\n");
  }
}

TEST_F(ProgramTest, ShowsTheHelpAsAMistakeWithoutArguments) {
  EXPECT_EQ(run({}), 2);
  EXPECT_THAT(err, StartsWith("Aufruf: verbund"));
  EXPECT_EQ(out, "");
}

TEST_F(ProgramTest, EndsACommandThatThrowsWithOneLine) {
  EXPECT_EQ(run({"fail"}), 1);
  EXPECT_EQ(err, "verbund: disk full\n");
}

TEST(Report, GivesTheStatusOfTheError) {
  Kept err;
  EXPECT_EQ(report(err.file(), "verbund", {ErrorCode::invalid, "bad\nthing", "a.xml:3", "repair it"}), 1);
  EXPECT_EQ(report(err.file(), "verbund", {ErrorCode::usage, "wrong", "", ""}), 2);
  EXPECT_EQ(err.text(), "verbund: a.xml:3: bad thing (repair it)\nverbund: wrong\n");
}

TEST(Numbers, LookGerman) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1204), "1.204");
  EXPECT_EQ(grouped(1234567), "1.234.567");
  EXPECT_EQ(byte_size(512), "512 B");
  EXPECT_EQ(byte_size(1536), "1,5 KiB");
  EXPECT_EQ(byte_size(12897485), "12,3 MiB");
  EXPECT_EQ(byte_size(1024ull * 1024 * 1024 * 5000), "4,9 TiB");
  EXPECT_EQ(byte_size(1048575), "1,0 MiB");
}

TEST(Progress, WritesOnlyItsLastLineToAFile) {
  Kept out;
  {
    Progress progress(out.file(), "Import", 100);
    progress.bytes(50);
    progress.finish("fertig");
    progress.bytes(60);
  }
  EXPECT_EQ(out.text(), "fertig\n");
}

// What a terminal got.
std::string on_terminal(const std::function<void(std::FILE*)>& work) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return "no terminal";
  std::FILE* terminal = std::fopen(ptsname(master), "w");
  work(terminal);
  std::fclose(terminal);
  std::string all;
  char bytes[4096];
  for (ssize_t got = 0; (got = ::read(master, bytes, sizeof bytes)) > 0;)
    all.append(bytes, static_cast<std::size_t>(got));
  ::close(master);
  return all;
}

TEST(Progress, DrawsOnATerminalAndErasesItself) {
  const std::string drawn = on_terminal([](std::FILE* terminal) {
    Progress progress(terminal, "Import xzufi", 1000);
    for (std::uint64_t i = 0; i < 100'000; ++i) progress.items(i);  // far less than a tenth of a second each
  });
  if (drawn == "no terminal") GTEST_SKIP() << "skipped: no pseudo terminal here";
  EXPECT_THAT(drawn, StartsWith("\rImport xzufi  [....................] 0 %\x1b[K"));
  EXPECT_THAT(drawn, EndsWith("\r\x1b[K"));
  EXPECT_LT(std::count(drawn.begin(), drawn.end(), '\r'), 40);
}

TEST(Progress, ShowsShareBytesAndObjects) {
  const std::string drawn = on_terminal([](std::FILE* terminal) {
    Progress progress(terminal, "Import", 4096);
    progress.items(1204);
    usleep(110'000);
    progress.bytes(2048);
    progress.finish("fertig");
  });
  if (drawn == "no terminal") GTEST_SKIP() << "skipped: no pseudo terminal here";
  EXPECT_THAT(drawn, HasSubstr("\rImport  [##########..........] 50 %  2,0 KiB  1.204 Objekte\x1b[K"));
  EXPECT_THAT(drawn, EndsWith("\r\x1b[Kfertig\r\n"));
}

}  // namespace
}  // namespace verbund::command

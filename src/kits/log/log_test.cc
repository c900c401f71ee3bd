// SPDX-License-Identifier: EUPL-1.2
#include "kits/log/log.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "kits/json/json.h"

namespace verbund::log {
namespace {

struct Lines {
  std::vector<std::string> all;
  std::function<void(std::string_view)> sink() {
    return [this](std::string_view line) { all.emplace_back(line); };
  }
};

const FixedClock clock_2026(*parse_time("2026-06-08T07:41:01Z"));

TEST(Log, WritesTextForPeople) {
  Lines lines;
  const Log log(clock_2026, Level::info, Format::text, lines.sink());
  log.info("import done", {{"source", "muenchen"}, {"objects", "196"}, {"reason", "two words"}, {"empty", ""}});
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_EQ(lines.all[0],
            "2026-06-08T07:41:01Z info import done source=muenchen objects=196 reason=\"two words\" empty=\"\"");
}

TEST(Log, WritesJsonInTheOrderGiven) {
  Lines lines;
  const Log log(clock_2026, Level::debug, Format::json, lines.sink());
  log.warning("slow", {{"z", "1"}, {"a", "ä\"\n"}});
  ASSERT_EQ(lines.all.size(), 1u);
  EXPECT_EQ(
      lines.all[0],
      "{\"time\":\"2026-06-08T07:41:01Z\",\"level\":\"warning\",\"event\":\"slow\",\"z\":\"1\",\"a\":\"ä\\\"\\n\"}");
}

TEST(Log, KeepsQuietBelowItsLevel) {
  Lines lines;
  const Log log(clock_2026, Level::warning, Format::text, lines.sink());
  log.info("no");
  log.write(Level::debug, "no");
  log.error("yes");
  ASSERT_EQ(lines.all.size(), 1u);
}

TEST(Log, LetsNoValueForgeALine) {
  const std::string evil = "x\n2026-01-01T00:00:00Z error forged\r\x1b[31m\xff\"";
  for (const Format format : {Format::text, Format::json}) {
    Lines lines;
    const Log log(clock_2026, Level::info, format, lines.sink());
    log.info(evil, {{"key", evil}});
    ASSERT_EQ(lines.all.size(), 1u);
    for (const char c : lines.all[0]) EXPECT_GE(static_cast<unsigned char>(c), 0x20) << lines.all[0];
    if (format == Format::json) {
      EXPECT_TRUE(parse_json(lines.all[0], "line")) << lines.all[0];
    }
  }
}

TEST(Log, QuotesWhatCouldBeTakenForAnotherField) {
  Lines lines;
  const Log log(clock_2026, Level::info, Format::text, lines.sink());
  log.info("e", {{"a", "1 b=2"}, {"c", "x\"y"}});
  EXPECT_EQ(lines.all.at(0), "2026-06-08T07:41:01Z info e a=\"1 b=2\" c=\"x\\\"y\"");
}

TEST(Log, WritesWholeLinesFromManyThreads) {
  Lines lines;
  const Log log(clock_2026, Level::info, Format::text, lines.sink());
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 250; ++i) log.info("event", {{"n", "1"}});
      });
    }
  }
  ASSERT_EQ(lines.all.size(), 1000u);
  for (const std::string& line : lines.all) EXPECT_EQ(line, "2026-06-08T07:41:01Z info event n=1");
}

TEST(Log, OfAPartSaysWhichInEachLine) {
  Lines lines;
  const Log log(clock_2026, Level::info, Format::text, lines.sink());
  const Log part = log.with("tenant", "stadt-a");
  part.info("serving", {{"services", "3"}});
  log.info("stopping");
  ASSERT_EQ(lines.all.size(), 2u);
  EXPECT_EQ(lines.all[0], "2026-06-08T07:41:01Z info serving services=3 tenant=stadt-a");
  EXPECT_EQ(lines.all[1], "2026-06-08T07:41:01Z info stopping");
}

}  // namespace
}  // namespace verbund::log

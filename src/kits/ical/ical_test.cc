// SPDX-License-Identifier: EUPL-1.2
#include "kits/ical/ical.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"

namespace verbund::ical {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// The logical lines of a file, unfolded; every physical line is checked on the way.
std::vector<std::string> unfolded(std::string_view file) {
  std::vector<std::string> out;
  EXPECT_TRUE(file.ends_with("\r\n"));
  while (!file.empty()) {
    const std::size_t end = file.find("\r\n");
    const std::string_view line = file.substr(0, end);
    EXPECT_LE(line.size(), 75u) << line;
    EXPECT_TRUE(is_utf8(line)) << line;
    EXPECT_EQ(line.find_first_of("\r\n"), line.npos);
    if (line.starts_with(' ')) out.back() += line.substr(1);
    else out.emplace_back(line);
    file.remove_prefix(end + 2);
  }
  return out;
}

Event visit() {
  return {"x@portal.example", *parse_time("2026-06-08T10:00:00Z"), "20260609T073000", "20260609T130000",
          "Bürgeramt Norderstedt", "", "", "", "de", std::nullopt};
}

TEST(Escaped, KeepsTheTextAndNoControlCharacters) {
  struct Case { const char* text; const char* value; };
  for (const Case& c : {Case{"a,b;c\\d", "a\\,b\\;c\\\\d"}, Case{"1\n2", "1\\n2"}, Case{"a\r\x01\x7F\tb", "ab"}, Case{"ä: \"x\"", "ä: \"x\""}}) {
    EXPECT_EQ(escaped(c.text), c.value);
  }
}

TEST(ContentLine, IsFoldedBetweenCharacters) {
  for (std::size_t length = 60; length < 400; length += 7) {
    std::string text;
    while (text.size() < length) text += "ä\xF0\x9F\x98\x80x";
    EXPECT_EQ(unfolded(content_line("DESCRIPTION", text)), std::vector<std::string>{"DESCRIPTION:" + text});
  }
  EXPECT_EQ(content_line("X", std::string(73, 'a')), "X:" + std::string(73, 'a') + "\r\n");
  EXPECT_EQ(content_line("X", std::string(74, 'a')), "X:" + std::string(73, 'a') + "\r\n a\r\n");
}

TEST(Calendar, HasAllThatAnEventNeeds) {
  Event event = visit();
  event.description = "Mitbringen:\n- Ausweis, alt\n- Foto";
  event.location = "Rathausallee 50, 22846 Norderstedt";
  event.url = "https://portal.example/x\r\nATTACH:evil";
  event.position = std::pair{53.7066, 9.9934};
  const auto lines = unfolded(calendar(event));
  EXPECT_THAT(lines, ::testing::IsSupersetOf({
      "BEGIN:VCALENDAR", "VERSION:2.0", "TZID:Europe/Berlin", "UID:x@portal.example", "DTSTAMP:20260608T100000Z",
      "DTSTART;TZID=Europe/Berlin:20260609T073000", "DTEND;TZID=Europe/Berlin:20260609T130000",
      "SUMMARY;LANGUAGE=de:Bürgeramt Norderstedt", "DESCRIPTION;LANGUAGE=de:Mitbringen:\\n- Ausweis\\, alt\\n- Foto",
      "LOCATION:Rathausallee 50\\, 22846 Norderstedt", "GEO:53.706600;9.993400", "END:VCALENDAR"}));
  std::vector<std::string> open;
  for (const std::string& line : lines) {
    if (line.starts_with("BEGIN:")) open.push_back(line.substr(6));
    if (!line.starts_with("END:")) continue;
    ASSERT_EQ(open.back(), line.substr(4));
    open.pop_back();
  }
  EXPECT_TRUE(open.empty());
  EXPECT_THAT(lines, Not(::testing::Contains("ATTACH:evil")));
}

}  // namespace
}  // namespace verbund::ical

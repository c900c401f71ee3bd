// SPDX-License-Identifier: EUPL-1.2
#include "kits/xml/xml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

namespace verbund::xml {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using namespace std::string_literals;
using namespace std::string_view_literals;
namespace fs = std::filesystem;

// An element in one line: name{ns}[attribute=value]'text'(children).
std::string show(const Element& element) {
  std::string out = element.name;
  if (!element.ns.empty()) out += "{" + element.ns + "}";
  for (const Attribute& a : element.attributes) {
    out += "[" + (a.ns.empty() ? "" : "{" + a.ns + "}") + a.name + "=" + a.value + "]";
  }
  if (!element.text.empty()) out += "'" + element.text + "'";
  if (!element.children.empty()) {
    out += "(";
    for (const Element& child : element.children) out += show(child);
    out += ")";
  }
  return out;
}

std::vector<std::string> read(std::string_view bytes, const Limits& limits = {}) {
  std::vector<std::string> seen;
  const auto take = [&](const Element& element) -> Result<void> {
    seen.push_back(std::to_string(element.line) + " " + show(element));
    return {};
  };
  auto done = read_items_from_memory(bytes, "t.xml", take, take, limits);
  if (!done) seen.push_back("error " + done.error().text());
  return seen;
}

Error error_of(std::string_view bytes, const Limits& limits = {}) {
  const auto take = [](const Element&) -> Result<void> { return {}; };
  const auto done = read_items_from_memory(bytes, "t.xml", take, take, limits);
  return done ? Error{ErrorCode::usage, "no error", "", ""} : done.error();
}

std::string utf16(std::string_view ascii, bool big) {
  std::string out = big ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) {
    if (big) out += '\0';
    out += c;
    if (!big) out += '\0';
  }
  return out;
}

TEST(Xml, HandsOutTheRootAndItsItems) {
  EXPECT_THAT(read("<?xml version=\"1.0\"?>\n<r a='1'>\n <i>x</i> lost <i b=\"2\"><c>y</c>z</i>\n</r>\n"),
              ElementsAre("2 r[a=1]", "3 i'x'", "3 i[b=2]'z'(c'y')"));
  EXPECT_THAT(read("<r/>"), ElementsAre("1 r"));
}

TEST(Xml, KnowsNamespaces) {
  EXPECT_THAT(read("<x:r xmlns:x='u:1' xmlns='u:2' x:a='1' a='2'><i xmlns=''/><x:i/><i/></x:r>"),
              ElementsAre("1 r{u:1}[{u:1}a=1][a=2]", "1 i", "1 i{u:1}", "1 i{u:2}"));
}

TEST(Xml, JoinsTextSectionsAndReferences) {
  EXPECT_THAT(
      read("<r><i>a &lt;&amp;&gt;&quot;&apos; &#228;&#x20AC;<!-- no --><![CDATA[<b>&amp;]]><?pi x?>ö<c/>d</i></r>"),
      ElementsAre("1 r", "1 i'a <&>\"' ä€<b>&amp;öd'(c)"));
}

TEST(Xml, ResolvesReferencesInAttributes) {
  EXPECT_THAT(read("<r><i a='1&amp;2&#38;3&lt;&quot;&#x20AC;\n4'/></r>"), ElementsAre("1 r", "2 i[a=1&2&3<\"€ 4]"));
}

TEST(Xml, FindsChildrenAndAttributes) {
  Element element;
  const auto keep = [&](const Element& item) -> Result<void> {
    element = item;
    return {};
  };
  ASSERT_TRUE(read_items_from_memory("<r><i k='v'><a> 1 </a><b/><a>2</a></i></r>", "x",
                                     [](const Element&) -> Result<void> { return {}; }, keep));
  EXPECT_EQ(element.attribute("k"), "v");
  EXPECT_EQ(element.attribute("z"), "");
  EXPECT_EQ(element.child_text("a"), "1");
  EXPECT_EQ(element.child_text("b"), "");
  EXPECT_EQ(element.child_text("z"), "");
  EXPECT_EQ(element.child("a")->text, " 1 ");
  EXPECT_EQ(element.child("z"), nullptr);
  EXPECT_EQ(element.all("a").size(), 2u);
}

TEST(Xml, ReadsTheUsualCharacterSets) {
  EXPECT_THAT(read("\xEF\xBB\xBF<r>\n<i>ä</i></r>"), ElementsAre("1 r", "2 i'ä'"));
  EXPECT_THAT(read("<?xml version='1.0' encoding='ISO-8859-1'?><r><i>\xE4</i></r>"), ElementsAre("1 r", "1 i'ä'"));
  EXPECT_THAT(read("<?xml version='1.0' encoding='utf-8'?><r><i>ä</i></r>"), ElementsAre("1 r", "1 i'ä'"));
  for (const bool big : {true, false}) {
    EXPECT_THAT(read(utf16("<?xml version='1.0' encoding='UTF-16'?><r><i>a&#228;</i></r>", big)),
                ElementsAre("1 r", "1 i'aä'"));
    EXPECT_THAT(read(utf16("<r><i>a</i></r>", big)), ElementsAre("1 r", "1 i'a'"));
  }
}

TEST(Xml, RefusesOtherOrWrongCharacterSets) {
  for (std::string_view bytes :
       {"<?xml version='1.0' encoding='windows-1252'?><r><i>\x80</i></r>"sv,
        "<?xml version='1.0' encoding='UTF-7'?><r/>"sv, "<?xml version='1.0' encoding='nonsense'?><r/>"sv,
        "<?xml version='1.0' encoding='UTF-16'?><r/>"sv, "<?xml version='1.0' encoding='EUC-JP'?><r/>"sv,
        "<?xml version='1.0' encoding='UCS-4'?><r/>"sv, "<r><i>M\xFCnchen</i></r>"sv,
        "<?xml version='1.0' encoding='UTF-8'?><r><i>M\xFCnchen</i></r>"sv, "<r><i>\xC0\xAF</i></r>"sv,
        "<r><i>\xED\xA0\x80</i></r>"sv, "<r><i a='\xFF'/></r>"sv, "<r><i>\xE2\x82"sv, "<r><\xE4/></r>"sv,
        "\x4C\x6F\xA7\x94"sv, "\0\0\0<\0\0\0r\0\0\0/\0\0\0>"sv}) {
    const Error error = error_of(bytes);
    EXPECT_EQ(error.code, ErrorCode::invalid) << bytes << ": " << error.text();
    EXPECT_THAT(error.where, StartsWith("t.xml:1"));
  }
  EXPECT_THAT(error_of("<?xml version='1.0' encoding='windows-1252'?><r/>").text(),
              HasSubstr("the character set windows-1252 is not read (convert the file to UTF-8)"));
  EXPECT_NE(error_of(utf16("<r><i>abc</i></r>", true).substr(0, 31)).code, ErrorCode::usage);
  EXPECT_NE(error_of(utf16("<r><i>", false) + "\x00\xDC\x20\x00"s + utf16("</i></r>", false).substr(2)).code,
            ErrorCode::usage);
}

TEST(Xml, RefusesAnyDocumentType) {
  std::string bomb = "<!DOCTYPE r [<!ENTITY a0 \"ha\">";
  for (int i = 1; i < 30; ++i) {
    const std::string one = "&a" + std::to_string(i - 1) + ";";
    bomb += "<!ENTITY a" + std::to_string(i) + " \"" + one + one + "\">";
  }
  bomb += "]><r><i>&a29;</i></r>";
  for (const std::string& bytes :
       {bomb, std::string("<!DOCTYPE r SYSTEM \"file:///etc/passwd\"><r/>"), std::string("<!DOCTYPE r><r/>"),
        std::string("<!DOCTYPE r [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><r><i>&e;</i></r>"),
        std::string("<!DOCTYPE r [<!ENTITY % p SYSTEM \"http://127.0.0.1:1/x\"> %p;]><r/>")}) {
    const Error error = error_of(bytes);
    EXPECT_EQ(error.code, ErrorCode::invalid);
    EXPECT_EQ(error.text(), "t.xml:1: a DOCTYPE is not allowed (remove the document type declaration)");
  }
}

TEST(Xml, DoesNotFollowInclusions) {
  EXPECT_THAT(
      read("<r xmlns:x='http://www.w3.org/2001/XInclude'><x:include href='file:///etc/passwd' parse='text'/></r>"),
      ElementsAre("1 r", "1 include{http://www.w3.org/2001/XInclude}[href=file:///etc/passwd][parse=text]"));
}

TEST(Xml, RefusesWhatIsNotWellFormed) {
  for (std::string_view bytes :
       {""sv, " "sv, "x"sv, "<r>"sv, "<r><i></r>"sv, "<r></i>"sv, "<r/><r/>"sv, "<r/>x"sv, "<r a=1/>"sv,
       "<r a='1' a='2'/>"sv,
        "<r a='<'/>"sv, "<r>&undefined;</r>"sv, "<r>& </r>"sv, "<r>&#0;</r>"sv, "<r>&#1;</r>"sv, "<r>&#xD800;</r>"sv,
        "<r>&#x110000;</r>"sv, "<r>\x01</r>"sv, "<r>a\0b</r>"sv, "<r><i>\0</i></r>"sv, "<r>]]></r>"sv,
        "<r><!-- -- --></r>"sv,
        "<r><![CDATA[ </r>"sv, "<p:r/>"sv, "<r p:a='1'/>"sv, "<r xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'/>"sv,
        "<?xml version='1.0'?><?xml version='1.0'?><r/>"sv, " <?xml version='1.0'?><r/>"sv, "{\"json\": true}"sv,
        "<r><i>text"sv, "<r><i a='b"sv, "<r><i"sv}) {
    const Error error = error_of(bytes);
    EXPECT_EQ(error.code, ErrorCode::invalid) << bytes << ": " << error.text();
  }
}

TEST(Xml, TellsTheLineOfAFault) {
  EXPECT_THAT(read("<r>\n<i/>\n<i>\n&x;</i>\n</r>"),
              ElementsAre("1 r", "2 i", StartsWith("error t.xml:4: not well-formed XML: ")));
  EXPECT_EQ(error_of("<r>\n\n<i></j></r>").where, "t.xml:3");
}

TEST(Xml, HoldsItsLimits) {
  EXPECT_THAT(read("<r><i><c/></i><i><c><d/></c></i></r>", {.depth = 3}),
              ElementsAre("1 r", "1 i(c)", HasSubstr("nested deeper than 3 levels")));
  EXPECT_THAT(read("<r><i a='' b=''/><i a='' b='' c=''/></r>", {.attributes = 2}),
              ElementsAre("1 r", "1 i[a=][b=]", HasSubstr("more than 2 attributes")));
  EXPECT_THAT(read("<r><i>12345</i><i>12345</i><i>12345678901234567890123456789012345</i></r>", {.element_bytes = 99}),
              ElementsAre("1 r", "1 i'12345'", "1 i'12345'", HasSubstr("more than 99 bytes")));
  EXPECT_THAT(read("<r><i><c/></i></r>", {.element_bytes = 99}), ElementsAre("1 r", HasSubstr("more than 99 bytes")));
  for (const Limits& limits : {Limits{.element_bytes = 10}, Limits{.depth = 1}, Limits{.attributes = 0}}) {
    EXPECT_EQ(error_of("<r a='1'><i>1</i></r>", limits).code, ErrorCode::too_large);
  }
}

TEST(Xml, RefusesAMillionLevelsAndOtherFloods) {
  const auto flood = [](std::string_view before, std::string_view piece, std::size_t times) {
    std::string some;
    for (std::size_t i = 0; i < 1000; ++i) some += piece;
    std::string out(before);
    for (std::size_t i = 0; i < times; i += 1000) out += some;
    return out;
  };
  std::string attributes = "<r><i";
  for (int i = 0; i < 200'000; ++i) attributes += " a" + std::to_string(i) + "=''";
  for (const std::string& bytes :
       {flood("", "<a>", 1'000'000), flood("<r><i>", "<a/>", 1'000'000), flood("<r><i>", "text ", 3'000'000),
        flood("<r><i a='", "x", 12'000'000), flood("<r><i>", "&lt;", 9'000'000), attributes + "/></r>",
        flood("<r><", "x", 12'000'000), flood("<r><!--", "x", 12'000'000), flood("<r><![CDATA[", "x", 12'000'000)}) {
    EXPECT_EQ(error_of(bytes).code, ErrorCode::too_large) << bytes.substr(0, 20) << ": " << error_of(bytes).text();
  }
}

TEST(Xml, PassesErrorsAndExceptionsOfTheReaderOn) {
  const auto fine = [](const Element&) -> Result<void> { return {}; };
  const auto bad = [](const Element&) -> Result<void> { return fail(ErrorCode::conflict, "enough", "here"); };
  const auto throws = [](const Element&) -> Result<void> { throw std::runtime_error("broken disk"); };
  EXPECT_EQ(read_items_from_memory("<r><i/></r>", "x", bad, fine).error().text(), "here: enough");
  EXPECT_EQ(read_items_from_memory("<r><i/><i/></r>", "x", fine, bad).error().code, ErrorCode::conflict);
  EXPECT_THROW(static_cast<void>(read_items_from_memory("<r><i/><i/></r>", "x", fine, throws)), std::runtime_error);
  EXPECT_THROW(static_cast<void>(read_items_from_memory("<r/>", "x", throws, fine)), std::runtime_error);
}

class XmlFile : public testing::Test {
 protected:
  XmlFile() { fs::create_directories(dir_); }
  ~XmlFile() override { fs::remove_all(dir_); }
  fs::path dir_ = fs::temp_directory_path() / ("verbund-xml-" + std::to_string(getpid()));
};

std::size_t resident_bytes() {
  std::ifstream statm("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST_F(XmlFile, NeedsNoMoreMemoryForALargeFile) {
  const std::string path = dir_ / "large.xml";
  constexpr std::size_t items = 25'000;
  {
    std::ofstream out(path, std::ios::binary);
    out << "<r xmlns='u:x'>\n";
    std::string text;
    for (int i = 0; i < 100; ++i) text += "&lt;p&gt;ein Text&lt;/p&gt;";
    for (std::size_t i = 0; i < items; ++i) out << "<i n='" << i << "'><t>" << text << "</t><e/></i>\n";
    out << "</r>";
  }
  ASSERT_GT(fs::file_size(path), 60'000'000u);
  const std::size_t before = resident_bytes();
  std::size_t most = before;
  std::size_t count = 0;
  std::size_t last_progress = 0;
  const auto done = read_items(
      path, [](const Element&) -> Result<void> { return {}; },
      [&](const Element& item) -> Result<void> {
        EXPECT_EQ(item.attribute("n"), std::to_string(count));
        EXPECT_EQ(item.line, count + 2);
        if (++count % 1000 == 0) most = std::max(most, resident_bytes());
        return {};
      },
      {}, [&](std::size_t bytes) { last_progress = bytes; });
  EXPECT_TRUE(done) << done.error().text();
  EXPECT_EQ(count, items);
  EXPECT_EQ(last_progress, fs::file_size(path));
  EXPECT_LT(most - before, 8u << 20);
}

TEST_F(XmlFile, SaysWhenAFileCannotBeRead) {
  const auto fine = [](const Element&) -> Result<void> { return {}; };
  EXPECT_EQ(read_items(dir_ / "absent.xml", fine, fine).error().code, ErrorCode::unavailable);
  EXPECT_EQ(read_items(dir_, fine, fine).error().code, ErrorCode::unavailable);
}

TEST_F(XmlFile, PrintsNothing) {
  testing::internal::CaptureStderr();
  static_cast<void>(error_of("<r>&x;</r>"));
  static_cast<void>(error_of(utf16("<r><i>", false) + "\x00\xDC"s));
  static_cast<void>(error_of("<?xml version='1.0' encoding='nonsense'?><r/>"));
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace verbund::xml

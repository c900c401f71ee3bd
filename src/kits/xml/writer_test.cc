// SPDX-License-Identifier: EUPL-1.2
#include <gtest/gtest.h>

#include <random>

#include "kits/xml/xml.h"

namespace verbund::xml {
namespace {

std::string write(const std::function<void(Writer&)>& work) {
  std::string out;
  Writer writer([&](std::string_view piece) { out += piece; });
  work(writer);
  writer.finish();
  return out;
}

TEST(XmlWriter, GivesEachElementALine) {
  EXPECT_EQ(write([](Writer& w) {
              w.open("x:r");
              w.attribute("xmlns:x", "u:1");
              w.open("i");
              w.leaf("a", "1 < 2 & \"3\"");
              w.leaf("b", "");
              w.close();
              w.open("i");
              w.close();
              w.close();
            }),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<x:r xmlns:x=\"u:1\">\n"
            "  <i>\n"
            "    <a>1 &lt; 2 &amp; \"3\"</a>\n"
            "    <b/>\n"
            "  </i>\n"
            "  <i/>\n"
            "</x:r>\n");
}

TEST(XmlWriter, AddsNoSpaceToMixedContent) {
  EXPECT_EQ(write([](Writer& w) {
              w.open("r");
              w.text("a");
              w.open("b");
              w.leaf("c", "d");
              w.close();
              w.text(" e");
              w.close();
            }),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<r>a<b><c>d</c></b> e</r>\n");
}

TEST(XmlWriter, EscapesAttributesAndDropsControlCharacters) {
  EXPECT_EQ(write([](Writer& w) {
              w.open("r");
              w.attribute("a", "<\"'&>\t\n\r\x01 ä\uFFFF");
              w.text("\t\n\r\x0B\uFFFE\uFFFD]]>");
              w.close();
            }),
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<r a=\"&lt;&quot;'&amp;&gt;&#9;&#10; ä\">\t\n\uFFFD]]&gt;</r>\n");
}

TEST(XmlWriter, HandsOutPiecesAsItGoes) {
  std::size_t pieces = 0;
  std::size_t longest = 0;
  Writer writer([&](std::string_view piece) {
    ++pieces;
    longest = std::max(longest, piece.size());
  });
  writer.open("r");
  for (int i = 0; i < 100'000; ++i) writer.leaf("i", "some text");
  writer.close();
  writer.finish();
  EXPECT_GT(pieces, 20u);
  EXPECT_LT(longest, (64u << 10) + 100);
}

TEST(XmlWriterDeathTest, RefusesWrongOrder) {
  const auto nothing = [](std::string_view) {};
  EXPECT_DEATH(Writer(nothing).close(), "internal error");
  EXPECT_DEATH(Writer(nothing).text("x"), "internal error");
  EXPECT_DEATH(
      {
        Writer w(nothing);
        w.open("r");
        w.text("x");
        w.attribute("a", "b");
      },
      "internal error");
  EXPECT_DEATH(
      {
        Writer w(nothing);
        w.open("r");
        w.finish();
      },
      "internal error");
}

void write_element(const Element& element, Writer& writer) {
  writer.open(element.name);
  for (const Attribute& a : element.attributes) writer.attribute(a.name, a.value);
  writer.text(element.text);
  for (const Element& child : element.children) write_element(child, writer);
  writer.close();
}

// White space between elements is ours.
bool same(const Element& a, const Element& b) {
  const bool indented = a.text.empty() && b.text.find_first_not_of(" \n") == std::string::npos;
  if (a.name != b.name || (!indented && a.text != b.text) || a.children.size() != b.children.size()) return false;
  if (a.attributes.size() != b.attributes.size()) return false;
  for (std::size_t i = 0; i < a.attributes.size(); ++i) {
    if (a.attributes[i].name != b.attributes[i].name || a.attributes[i].value != b.attributes[i].value) return false;
  }
  for (std::size_t i = 0; i < a.children.size(); ++i) {
    if (!same(a.children[i], b.children[i])) return false;
  }
  return true;
}

TEST(XmlWriter, WritesWhatTheReaderReadsBack) {
  std::mt19937 random(5);
  const std::vector<std::string> texts = {"",         "a",   "ä <&>",      "\"x\" 'y'",
                                          " \t\n z ", "]]>", "\U0001F600", "\u0085\u2028"};
  const std::function<Element(int)> make = [&](int depth) {
    Element element;
    element.name = std::string("n") + static_cast<char>('a' + random() % 5);
    element.text = texts[random() % texts.size()];
    for (std::size_t i = random() % 3; i > 0; --i) {
      element.attributes.push_back({"a" + std::to_string(i), "", texts[random() % texts.size()]});
    }
    for (std::size_t i = depth > 2 ? 0 : random() % 3; i > 0; --i) element.children.push_back(make(depth + 1));
    return element;
  };
  for (int i = 0; i < 300; ++i) {
    const Element item = make(0);
    const std::string text = write([&](Writer& w) {
      w.open("r");
      write_element(item, w);
      w.close();
    });
    int items = 0;
    const auto done = read_items_from_memory(
        text, "x", [](const Element&) -> Result<void> { return {}; },
        [&](const Element& back) -> Result<void> {
          ++items;
          EXPECT_TRUE(same(item, back)) << text;
          return {};
        });
    ASSERT_TRUE(done) << done.error().text() << "\n" << text;
    ASSERT_EQ(items, 1);
  }
}

}  // namespace
}  // namespace verbund::xml

// SPDX-License-Identifier: EUPL-1.2
#include "kits/html/html.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <vector>

#include "base/text.h"

namespace verbund::html {
namespace {

using testing::HasSubstr;
using testing::Not;
using namespace std::string_view_literals;

struct Row {
  std::string_view in;
  std::string_view out;
};

void expect_rows(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    EXPECT_EQ(sanitise(row.in), row.out) << row.in;
    EXPECT_EQ(sanitise(row.out), row.out) << "again: " << row.in;
  }
}

TEST(Html, LeavesPlainTextPlain) {
  expect_rows({{"", ""},
               {"Text", "Text"},
               {"  zwei   Worte\n\tmehr ", "zwei Worte mehr"},
               {"a < b & c > d", "a &lt; b &amp; c &gt; d"},
               {"\"Zitat\" 'x'", "&quot;Zitat&quot; 'x'"},
               {"5 &lt; 6 &amp;&auml;&#228;&nbsp;&euro;", "5 &lt; 6 &amp;ää\u00A0€"},
               {"&unbekannt; &", "&amp;unbekannt; &amp;"},
               {"Größe: 10\u00A0m\u00B2", "Größe: 10\u00A0m\u00B2"}});
}

TEST(Html, KeepsWhatTheNetworkAllows) {
  expect_rows({{"<p>a</p><p>b<br>c</p>", "<p>a</p><p>b<br>c</p>"},
               {"<h1>a</h1><h6>b</h6>", "<h1>a</h1><h6>b</h6>"},
               {"<b>a</b><strong>b</strong><i>c</i><em>d</em><sup>e</sup><sub>f</sub>",
                "<b>a</b><strong>b</strong><i>c</i><em>d</em><sup>e</sup><sub>f</sub>"},
               {"<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"},
               {"<UL>\n <LI>a\n <LI>b\n</UL>", "<ul><li>a</li><li>b</li></ul>"},
               {"<ul><li><p>a</p><p>b</p></li></ul>", "<ul><li><p>a</p><p>b</p></li></ul>"},
               {"<a href=\"https://a.de/?x=1&amp;y=ä\">b</a>", "<a href=\"https://a.de/?x=1&amp;y=ä\">b</a>"}});
}

TEST(Html, UnwrapsEverythingElse) {
  expect_rows({{"<div class=x>a</div><div>b</div>", "a b"},
               {"<span style='color:red'>a</span>b", "ab"},
               {"<table><tr><td>a</td><td>b</td></tr></table>", "a b"},
               {"<p class=\"x\" onclick=\"y()\">a</p>", "<p>a</p>"},
               {"<u>a</u> <font size=3>b</font>", "a b"},
               {"<section><h2>a</h2><article><p>b</p></article></section>", "<h2>a</h2><p>b</p>"},
               {"<html><head><title>t</title></head><body><p>a</p></body></html>", "t<p>a</p>"},
               {"<custom-element>a</custom-element>", "a"}});
}

TEST(Html, DropsWhatVanishesWithItsContent) {
  expect_rows({{"a<script>alert('<p>x</p>')</script>b", "ab"},
               {"a<style>p { color: red }</style>b", "ab"},
               {"a<!-- <p>x</p> -->b", "ab"},
               {"a<iframe src=x><p>y</p></iframe>b", "ab"},
               {"a<object><param><p>y</p></object>b", "ab"},
               {"a<noscript><img src=x onerror=y></noscript>b", "ab"},
               {"a<template><p>y</p></template>b", "ab"},
               {"<script>never closed <p>x</p>", ""},
               {"a<?php echo 1 ?>b", "ab"}});
}

TEST(Html, KeepsOnlyHarmlessAddresses) {
  expect_rows({{"<a href='http://a.de'>x</a>", "<a href=\"http://a.de\">x</a>"},
               {"<a href='mailto:a@b.de'>x</a>", "<a href=\"mailto:a@b.de\">x</a>"},
               {"<a href='tel:+494012345'>x</a>", "<a href=\"tel:+494012345\">x</a>"},
               {"<a href='/a/b'>x</a>", "<a href=\"/a/b\">x</a>"},
               {"<a href='#a:b'>x</a>", "<a href=\"#a:b\">x</a>"},
               {"<a href='a/b:c?d:e'>x</a>", "<a href=\"a/b:c?d:e\">x</a>"},
               {"<a href=' HTTPS://a.de/b c '>x</a>", "<a href=\"HTTPS://a.de/b%20c\">x</a>"},
               {"<a href='https://a.de/\"<>'>x</a>", "<a href=\"https://a.de/%22%3C%3E\">x</a>"},
               {"<a href=\"javascript:alert(1)\">x</a>", "x"},
               {"<a href=\"JaVaScRiPt:alert(1)\">x</a>", "x"},
               {"<a href=\" \x01 java\nscript:alert(1)\">x</a>", "x"},
               {"<a href=\"java&#x0A;script&#58;alert(1)\">x</a>", "x"},
               {"<a href=\"java\u200Bscript:alert(1)\">x</a>", "x"},
               {"<a href=\"data:text/html,x\">x</a>", "x"},
               {"<a href=\"vbscript:x\">x</a>", "x"},
               {"<a href=\"file:///etc/passwd\">x</a>", "x"},
               {"<a href=\":x\">x</a>", "x"},
               {"<a href=\"java\\script:x\">x</a>", "x"},
               {"<a href=\"\\a:b\">x</a>", "x"},
               {"<a href=\"\">x</a>", "x"},
               {"<a name=x>x</a>", "x"},
               {"<a href='x' target=_blank onclick=y>z</a>", "<a href=\"x\">z</a>"}});
}

TEST(Html, MakesTheNestingValid) {
  expect_rows({{"<p>a<p>b", "<p>a</p><p>b</p>"},
               {"<p>a<ul><li>b</ul>c</p>", "<p>a</p><ul><li>b</li></ul>c"},
               {"<b>a<p>b</p>c</b>", "<b>a</b><p>b</p>c"},
               {"<em>a<p>b</p></em>c", "<em>a</em><p><em>b</em></p>c"},
               {"<ul><li>a</li><ul><li>b</li></ul></ul>", "<ul><li>a</li><li><ul><li>b</li></ul></li></ul>"},
               {"<ul>a<li>b</li>c</ul>", "<ul><li>a</li><li>b</li><li>c</li></ul>"},
               {"<li>a</li><li>b</li>", "a b"},
               {"<h2>a<h3>b</h3></h2>", "<h2>a</h2><h3>b</h3>"},
               {"<h2><p>a</p></h2>", "<p>a</p>"},
               {"<a href=x>a<a href=y>b</a></a>", "<a href=\"x\">a</a><a href=\"y\">b</a>"},
               {"<b><i><b>a</b></i></b>", "<b><i>a</i></b>"},
               {"<b><i>a</b>b</i>", "<b><i>a</i></b>b"},
               {"<ul><p>a</p></ul>", "<ul><li><p>a</p></li></ul>"},
               {"</p></ul></b>a", "a"},
               {"a</body></html>b", "a<p>b</p>"}});
}

TEST(Html, DropsEmptyElementsAndInvisibleCharacters) {
  expect_rows({{"<p></p><p> </p><p>&nbsp;</p>a", "a"},
               {"a<b></b><b> </b>b", "a b"},
               {"<ul></ul><ul><li></li></ul><ul><li>a</li><li> </li></ul>", "<ul><li>a</li></ul>"},
               {"a<p>&nbsp;</p>b", "a b"},
               {"<p><br></p>", ""},
               {"<b><br></b>a", "<br>a"},
               {"Kin\u200Bder\uFEFF&#8203;&zwj;\u202Egeld", "Kindergeld"},
               {"a\0b\x01""c\x7F""d&#0;&#1;"sv, "abcd"},
               {"<a href=x> </a>y", "y"}});
}

TEST(Html, FoldsWhiteSpaceAcrossElements) {
  expect_rows({{"a <b> b </b> c", "a <b>b </b>c"},
               {"<p> a </p> <p>\nb </p>", "<p>a</p><p>b</p>"},
               {"a <br> b", "a<br>b"},
               {"<li> a", "a"},
               {"<b>a </b>", "<b>a</b>"},
               {" <p>a</p> b <ul> <li> c </li> </ul> ", "<p>a</p>b<ul><li>c</li></ul>"}});
}

TEST(Html, RepairsBrokenUtf8) {
  expect_rows({{"M\xFCnchen", "M\uFFFDnchen"}, {"<p>\xE2\x82</p>", "<p>\uFFFD\uFFFD</p>"}});
  EXPECT_EQ(sanitise("<meta charset=iso-8859-1><p>Köln</p>"), "<p>Köln</p>");
}

TEST(Html, IsBoundedInLengthAndDepth) {
  const std::string long_text = std::string((1u << 20) - 1, 'a') + "ä";
  EXPECT_EQ(sanitise(long_text).size(), (1u << 20) - 1);
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "<ul><li>";
  const std::string flat = sanitise(deep + "x");
  EXPECT_EQ(sanitise(flat), flat);
  EXPECT_LE(std::count(flat.begin(), flat.end(), '<') / 2, 64);
  EXPECT_THAT(flat, HasSubstr("<li>x</li>"));
  for (const char* piece : {"<b>", "<div>", "<ul><li>", "<i></b>", "<a href=x>", "<p>x<b>", "&lt;", "<", "</p>",
                            "<br>", "<em><p>x", "x<p>&nbsp;"}) {
    std::string much;
    while (much.size() < 400'000) much += piece;
    const std::string once = sanitise(much);
    EXPECT_LE(once.size(), 1u << 20) << piece;
    EXPECT_TRUE(sanitise(once) == once) << piece;
  }
}

TEST(Html, DoesNotRepeatALongAddressWithoutEnd) {
  std::string source = "<a href='" + std::string(2000, 'x') + "'>";
  while (source.size() < 1'000'000) source += "<p>x</p>";
  const std::string once = sanitise(source);
  EXPECT_LE(once.size(), 1u << 20);
  EXPECT_TRUE(sanitise(once) == once);
  EXPECT_EQ(sanitise("<a href='" + std::string(2049, 'x') + "'>y</a>"), "y");
}

// What a validator would say of the elements we write.
bool is_valid(const std::string& html) {
  static const std::regex tag("<(/?)([a-z0-9]+)( href=\"[^\"<>]+\")?>");
  std::vector<std::string> open;
  const auto is_inline = [](const std::string& name) {
    return name == "b" || name == "strong" || name == "i" || name == "em" || name == "sup" || name == "sub" ||
           name == "a";
  };
  const auto is_list = [](const std::string& name) { return name == "ul" || name == "ol"; };
  std::size_t seen = 0;
  for (std::sregex_iterator it(html.begin(), html.end(), tag), end; it != end; ++it) {
    ++seen;
    const std::string name = (*it)[2];
    const std::string parent = open.empty() ? "root" : open.back();
    if ((*it)[1] == "/") {
      if (parent != name) return false;
      open.pop_back();
      continue;
    }
    if (is_list(parent) != (name == "li")) return false;
    const bool phrasing = name == "br" || is_inline(name);
    if (!phrasing && name != "li" && parent != "root" && parent != "li") return false;
    if (is_inline(name) && std::find(open.begin(), open.end(), name) != open.end() && !is_list(parent)) {
      // one of its own kind may be open only outside the next container
      for (auto up = open.rbegin(); up != open.rend() && *up != "li"; ++up) {
        if (*up == name) return false;
      }
    }
    if ((name == "a") != (*it)[3].matched) return false;
    if (name != "br") open.push_back(name);
  }
  return open.empty() && static_cast<std::size_t>(std::count(html.begin(), html.end(), '<')) == seen;
}

TEST(Html, IsIdempotentAndValidForGarbage) {
  const std::vector<std::string_view> pieces = {
      "<p>",        "</p>",        "<ul>",      "</ul>",      "<ol>",
      "</ol>",      "<li>",        "</li>",     "<b>",        "</b>",
      "<i>",        "</i>",        "<em>",      "</em>",      "<h1>",
      "</h1>",      "<h3>",        "</h3>",     "<a href=x>", "<a href='javascript:y'>",
      "</a>",       "<br>",        "<br/>",     "<div>",      "</div>",
      "<table>",    "<tr>",        "<td>",      "</table>",   "<span>",
      "</span>",    "<script>",    "</script>", "<sup>",      "</sup>",
      "a",          "b",           " ",         "\n",         "&nbsp;",
      "&lt;",       "<",           ">",         "&",          "\"",
      "ä",          "<!--",        "-->",       "</body>",    "</html>",
      "<body>",     "<head>",      "<html>",    "<form>",     "<pre>",
      "</pre>",     "<dl>",        "<dt>",      "<dd>",       "<blockquote>",
      "<address>",  "<center>",    "<title>",   "<select>",   "<option>",
      "<textarea>", "\u200B",      "<strong>",  "</strong>",  "<sub>",
      "</sub>",     "<img src=x>", "<hr>",      "<?x",        "<![CDATA[",
      "]]>",        "<style>"};
  std::mt19937 random(20260608);
  for (int i = 0; i < 20'000; ++i) {
    std::string source;
    for (std::size_t n = 1 + random() % 16; n > 0; --n) source += pieces[random() % pieces.size()];
    const std::string once = sanitise(source);
    ASSERT_EQ(sanitise(once), once) << source;
    ASSERT_TRUE(is_valid(once)) << source << "\n" << once;
    ASSERT_EQ(to_plain_text(once), to_plain_text(source)) << source;
    ASSERT_TRUE(is_utf8(once)) << source;
  }
}

TEST(Html, GivesTheWordsOfAFragment) {
  EXPECT_EQ(to_plain_text("<h2>Titel</h2><p>Ein <b>w</b>ort &amp; mehr<br>Zeile</p><ul><li>a</li><li>b</li></ul>c"),
            "Titel Ein wort & mehr Zeile a b c");
  EXPECT_EQ(to_plain_text("a < b"), "a < b");
  EXPECT_EQ(to_plain_text("<script>x</script>"), "");
  EXPECT_EQ(to_plain_text(""), "");
}

TEST(Html, EscapesTheFiveCharacters) {
  EXPECT_EQ(escape("<a b=\"c\" d='e'>&ä"), "&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;ä");
}

}  // namespace
}  // namespace verbund::html

// SPDX-License-Identifier: EUPL-1.2
#include "kits/page/page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace verbund::page {
namespace {

using ::testing::HasSubstr;

Result<std::string> translate(std::string_view key) {
  if (key == "search.button") return "Suchen & finden";
  if (key == "evil") return "\x01<script>";
  return fail(ErrorCode::not_found, "no text for " + std::string(key));
}

Result<std::string> rendered(const std::map<std::string, std::string>& sources, const Data& data) {
  auto templates = Templates::load(sources);
  if (!templates) return pass(templates);
  return templates->render("page", data, translate);
}

std::string page(const std::string& source, const Data& data) {
  auto out = rendered({{"page", source}}, data);
  return out ? *out : "error: " + out.error().text();
}

TEST(Page, EscapesTextEverywhere) {
  Data data;
  data.set("x", "<script>alert('1')</script> & \"quoted\"");
  EXPECT_EQ(page("<p title=\"{{x}}\">{{x}}</p>", data),
            "<p title=\"&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;\">"
            "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;</p>");
}

TEST(Page, WritesMarkupAsItIs) {
  Data data;
  data.set("x", Markup{"<b>fett & mehr</b>"});
  EXPECT_EQ(page("{{x}}", data), "<b>fett & mehr</b>");
}

TEST(Page, LetsNoTextPassAsMarkup) {
  for (const std::string& prefix :
       {std::string("\x01"), std::string("\x01\x01"), std::string("\x02\x01"), std::string(1, '\0') + "\x01"}) {
    Data data;
    data.set("x", prefix + "<img src=x onerror=alert(1)>");
    EXPECT_EQ(page("{{x}}", data), "&lt;img src=x onerror=alert(1)&gt;");
    Data list(std::vector<Data>{Data(prefix + "<i>")});
    Data outer;
    outer.set("l", list);
    EXPECT_EQ(page("{{#l}}{{.}}{{/l}}", outer), "&lt;i&gt;");
  }
}

TEST(Page, TakesNoTagsFromValues) {
  Data data;
  data.set("x", "{{secret}} {{{secret}}} {{>page}} {{0}}").set("secret", "geheim");
  EXPECT_EQ(page("{{x}}", data), "{{secret}} {{{secret}}} {{&gt;page}} {{0}}");
}

TEST(Page, WritesInterfaceTextsEscaped) {
  EXPECT_EQ(page("<button>{{#t}}search.button{{/t}}</button>", Data()), "<button>Suchen &amp; finden</button>");
  EXPECT_EQ(page("{{#t}} search.button {{/t}}", Data()), "Suchen &amp; finden");
  EXPECT_EQ(page("{{#t}}evil{{/t}}", Data()), "&lt;script&gt;");
}

TEST(Page, NamesAMissingInterfaceTextWithItsLine) {
  auto out = rendered({{"page", "<p>\n{{#t}}nope{{/t}}"}}, Data());
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::not_found);
  EXPECT_EQ(out.error().where, "page:2");
}

TEST(Page, RefusesAMissingNameInEveryPlace) {
  Data data;
  data.set("list", std::vector<Data>{Data()}).set("there", Data().set("a", "x"));
  for (const std::string& source : std::vector<std::string>{
           "{{gone}}", "{{#gone}}x{{/gone}}", "{{^gone}}x{{/gone}}", "{{there.gone}}", "{{gone.a}}",
           "{{#list}}{{gone}}{{/list}}", "{{#there}}{{gone}}{{/there}}", "{{there.a.gone}}"}) {
    auto out = rendered({{"page", "\n" + source}}, data);
    ASSERT_FALSE(out) << source;
    EXPECT_EQ(out.error().code, ErrorCode::not_found) << source;
    EXPECT_EQ(out.error().where, "page:2") << source;
  }
}

TEST(Page, NamesTheTemplateOfAMissingNameInAPartial) {
  auto out = rendered({{"page", "a\n{{>part}}"}, {"part", "b\nc\n{{gone}}"}}, Data());
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().where, "part:3");
}

TEST(Page, RefusesToWriteWhatIsNoText) {
  Data data;
  data.set("flag", true).set("list", std::vector<Data>{}).set("names", Data());
  for (const char* source : {"{{flag}}", "{{list}}", "{{names}}", "{{.}}"}) {
    auto out = rendered({{"page", source}}, data);
    ASSERT_FALSE(out) << source;
    EXPECT_THAT(out.error().message, HasSubstr("is not a text"));
  }
}

TEST(Page, SkipsEmptyAndFalseSections) {
  Data data;
  data.set("empty", "").set("no", false).set("none", std::vector<Data>{}).set("no_markup", Markup{""});
  data.set("full", "x").set("yes", true).set("some", std::vector<Data>{Data("a"), Data("b")}).set("names", Data());
  EXPECT_EQ(page("{{#empty}}1{{/empty}}{{#no}}2{{/no}}{{#none}}3{{/none}}{{#no_markup}}4{{/no_markup}}", data), "");
  EXPECT_EQ(page("{{^empty}}1{{/empty}}{{^no}}2{{/no}}{{^none}}3{{/none}}{{^no_markup}}4{{/no_markup}}", data), "1234");
  EXPECT_EQ(page("{{#full}}1{{/full}}{{#yes}}2{{/yes}}{{#some}}3{{/some}}{{#names}}4{{/names}}", data), "12334");
  EXPECT_EQ(page("{{^full}}1{{/full}}{{^yes}}2{{/yes}}{{^some}}3{{/some}}{{^names}}4{{/names}}", data), "");
  EXPECT_EQ(page("[{{empty}}]", data), "[]");
}

TEST(Page, WalksListsOfNamesAndOfTexts) {
  Data data;
  data.set("title", "T")
      .set("hits", std::vector<Data>{Data().set("name", "A").set("tags", std::vector<Data>{Data("x"), Data("y")}),
                                     Data().set("name", "B").set("tags", std::vector<Data>{})});
  EXPECT_EQ(page("{{#hits}}{{title}}{{name}}:{{#tags}}{{.}}{{/tags}}{{^tags}}-{{/tags}};{{/hits}}", data),
            "TA:xy;TB:-;");
}

TEST(Page, SeesTheNearestNameFirst) {
  Data data;
  data.set("name", "out").set("inner", Data().set("name", "in")).set("text", "ja");
  EXPECT_EQ(page("{{name}}{{#inner}}{{name}}{{/inner}}{{inner.name}}{{#text}}{{.}}{{name}}{{/text}}", data),
            "outininjaout");
}

TEST(Page, PutsPartialsInPlace) {
  Data data;
  data.set("l", std::vector<Data>{Data().set("n", "1"), Data().set("n", "2")});
  auto out = rendered({{"page", "<ul>\n{{#l}}\n{{>item}}\n{{/l}}\n</ul>\n"}, {"item", "<li>{{n}}</li>\n"}}, data);
  ASSERT_TRUE(out) << out.error().text();
  EXPECT_EQ(*out, "<ul>\n<li>1</li>\n<li>2</li>\n</ul>\n");
}

TEST(Page, LeavesCommentsOut) {
  EXPECT_EQ(page("a\n  {{! nothing {{ to see }}\nb{{!x}}c\n", Data()), "a\nbc\n");
}

TEST(Page, RefusesBadTemplatesWithNameAndLine) {
  struct Case { const char* source; const char* words; const char* where; };
  for (const Case& c : std::vector<Case>{
           {"a\n{{{x}}}", "raw output", "page:2"},
           {"{{&x}}", "raw output", "page:1"},
           {"{{ & x }}", "raw output", "page:1"},
           {"{{=<% %>=}}", "delimiters", "page:1"},
           {"\n\n{{x", "not closed", "page:3"},
           {"{{}}", "empty", "page:1"},
           {"{{#a}}\n{{/b}}", "closes no section", "page:2"},
           {"{{/a}}", "closes no section", "page:1"},
           {"\n{{#a}}", "section a is not closed", "page:2"},
           {"{{>gone}}", "no template named gone", "page:1"},
           {"{{>page}}", "includes itself", "page"},
           {"{{a b}}", "not a name", "page:1"},
           {"{{a..b}}", "not a name", "page:1"},
           {"{{#a}}{{/a}}{{#.a}}{{/.a}}", "not a name", "page:1"},
           {"{{t}}", "t is no value", "page:1"},
           {"{{#t}}a{{x}}{{/t}}", "nothing but a key", "page:1"},
           {"{{^t}}a{{/t}}", "nothing but a key", "page:1"},
           {"{{#t}}a", "nothing but a key", "page:1"},
           {"{{#t}}a b{{/t}}", "not the key", "page:1"},
           {"\xff", "not UTF-8", "page"},
       }) {
    auto templates = Templates::load({{"page", c.source}});
    ASSERT_FALSE(templates) << c.source;
    EXPECT_THAT(templates.error().message, HasSubstr(c.words)) << c.source;
    EXPECT_EQ(templates.error().where, c.where) << c.source;
  }
}

TEST(Page, LimitsDepthAndSize) {
  std::string deep;
  for (int i = 0; i < 100; ++i) deep += "{{#a}}";
  for (int i = 0; i < 100; ++i) deep += "{{/a}}";
  auto templates = Templates::load({{"page", deep}});
  ASSERT_FALSE(templates);
  EXPECT_EQ(templates.error().code, ErrorCode::too_large);

  std::map<std::string, std::string> doubling = {{"p0", std::string(1000, 'x')}};
  for (int i = 1; i < 40; ++i) {
    const std::string before = "{{>p" + std::to_string(i - 1) + "}}";
    doubling["p" + std::to_string(i)] = before + before;
  }
  auto large = Templates::load(doubling);
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, ErrorCode::too_large);
}

TEST(Page, DoesNotKnowAnUnknownTemplate) {
  auto templates = Templates::load({{"page", "x"}});
  ASSERT_TRUE(templates);
  auto out = templates->render("other", Data(), translate);
  ASSERT_FALSE(out);
  EXPECT_EQ(out.error().code, ErrorCode::not_found);
}

TEST(Page, RendersOnManyThreadsAtOnce) {
  auto templates =
      Templates::load({{"page", "{{#l}}\n{{>i}}\n{{/l}}\n{{#t}}search.button{{/t}}"}, {"i", "{{n}}{{^e}}.{{/e}}"}});
  ASSERT_TRUE(templates);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        Data data;
        data.set("l", std::vector<Data>{Data().set("n", std::to_string(t)).set("e", "")});
        for (int i = 0; i < 500; ++i) {
          auto good = templates->render("page", data, translate);
          auto bad = templates->render("page", Data(), translate);
          if (!good || *good != std::to_string(t) + ".\nSuchen &amp; finden" || bad) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace verbund::page

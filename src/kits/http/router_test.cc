// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kits/http/http.h"
#include "kits/http/target.h"
#include "kits/json/json.h"

namespace verbund::http {
namespace {

Response ask(const Router& router, const std::string& method, const std::string& path) {
  Request request;
  request.method = method;
  request.path = path;
  return router.route(request);
}

std::string header_of(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

Handler named(const std::string& name) {
  return [name](const Request& request) {
    std::string out = name;
    for (const auto& [key, value] : request.parameters) out += " " + key + "=" + value;
    return text(200, out);
  };
}

class RouterTest : public ::testing::Test {
 protected:
  void SetUp() override {
    router.add("GET", "/", named("root"));
    router.add("GET", "/a", named("a"));
    router.add("GET", "/a/{x}", named("ax"));
    router.add("GET", "/a/fixed", named("fixed"));
    router.add("GET", "/{p}/{q}", named("pq"));
    router.add("GET", "/{p}/{q}/c", named("pqc"));
    router.add("POST", "/a/{y}/d", named("post"));
  }
  Router router;
};

TEST_F(RouterTest, PrefersFixedSegments) {
  EXPECT_EQ(*ask(router, "GET", "/").body, "root");
  EXPECT_EQ(*ask(router, "GET", "/a").body, "a");
  EXPECT_EQ(*ask(router, "GET", "/a/fixed").body, "fixed");
  EXPECT_EQ(*ask(router, "GET", "/a/ä").body, "ax x=ä");
  EXPECT_EQ(*ask(router, "GET", "/b/1").body, "pq p=b q=1");
}

TEST_F(RouterTest, GoesBackWhereAFixedSegmentLeadsNowhere) {
  EXPECT_EQ(*ask(router, "GET", "/a/fixed/c").body, "pqc p=a q=fixed");
}

TEST_F(RouterTest, TakesNoEmptySegmentAsParameter) {
  EXPECT_EQ(ask(router, "GET", "/a/").status, 404);
  EXPECT_EQ(ask(router, "GET", "//x").status, 404);
  EXPECT_EQ(ask(router, "GET", "/a/b/c/d/e").status, 404);
}

TEST_F(RouterTest, LeavesAnEncodedSlashInItsSegment) {
  auto target = read_target("/a/b%2Fc");
  ASSERT_TRUE(target);
  Request request;
  request.method = "GET";
  request.path = target->path;
  request.segments = target->segments;
  EXPECT_EQ(*router.route(request).body, "ax x=b/c");
}

TEST_F(RouterTest, AnswersHeadByGet) { EXPECT_EQ(*ask(router, "HEAD", "/a").body, "a"); }

TEST_F(RouterTest, NamesTheMethodsThatWork) {
  const Response response = ask(router, "DELETE", "/a");
  EXPECT_EQ(response.status, 405);
  EXPECT_EQ(header_of(response, "Allow"), "GET, HEAD");
  EXPECT_EQ(header_of(ask(router, "GET", "/a/b/d"), "Allow"), "POST");
}

TEST_F(RouterTest, FallsBack) {
  router.fallback([](const Request& r) { return text(404, "nothing at " + r.path); });
  EXPECT_EQ(*ask(router, "GET", "/x").body, "nothing at /x");
}

TEST(Target, ReadsPathAndQuery) {
  auto target = read_target("/a%20b/%C3%BC//?q=Perso+verloren&plz=22844&&leer&a=b=c");
  ASSERT_TRUE(target) << target.error().text();
  EXPECT_EQ(target->path, "/a b/ü//");
  const std::vector<std::pair<std::string, std::string>> query = {
      {"q", "Perso verloren"}, {"plz", "22844"}, {"leer", ""}, {"a", "b=c"}};
  EXPECT_EQ(target->query, query);
  EXPECT_EQ(read_target("http://host?x=1")->path, "/");
  EXPECT_EQ(read_target("HTTPS://host:1/y")->path, "/y");
  EXPECT_EQ(read_target("/a+b")->path, "/a+b");
  EXPECT_THAT(read_target("/a%2Fb/c")->segments, ::testing::ElementsAre("a/b", "c"));
  EXPECT_THAT(read_target("/a/")->segments, ::testing::ElementsAre("a", ""));
  EXPECT_THAT(read_target("/")->segments, ::testing::IsEmpty());
}

TEST(Target, RefusesWhatIsNotSafe) {
  for (const char* bad :
       {"",    "a",    "*",    "/.",   "/a/..", "/../", "/%2e%2e",    "/a%2F..", "/..%2fa", "/a%2F.%2Fb", "/%",
        "/%a", "/%g0", "/%00", "/%0a", "/%7f",  "/%ff", "/%ed%a0%80", "/a#b",    "/?a=%ff", "/?%0",       "ftp://x/"}) {
    EXPECT_FALSE(read_target(bad)) << bad;
  }
}

TEST(Form, RefusesAFlood) {
  std::string flood;
  for (int i = 0; i < 1001; ++i) flood += "a&";
  auto form = parse_form(flood);
  ASSERT_FALSE(form);
  EXPECT_EQ(form.error().code, ErrorCode::too_large);
}

TEST(PercentEncoding, ReadsBackWhatItWrote) {
  const std::string text = "Straße & 100 % /?#[]+=\"<>";
  EXPECT_EQ(*percent_decode(percent_encode(text), false), text);
  EXPECT_EQ(*percent_decode(percent_encode(text), true), text);
  EXPECT_EQ(percent_encode("ä b"), "%C3%A4%20b");
}

TEST(Problem, HasTheStatusOfItsError) {
  struct Case { ErrorCode code; int status; };
  for (const Case& c : std::vector<Case>{{ErrorCode::invalid, 400},
                                         {ErrorCode::not_found, 404},
                                         {ErrorCode::conflict, 409},
                                         {ErrorCode::too_large, 413},
                                         {ErrorCode::unavailable, 503},
                                         {ErrorCode::usage, 400}}) {
    const Response response = problem(Error{c.code, "what happened", "here", "do this"});
    EXPECT_EQ(response.status, c.status);
    EXPECT_EQ(header_of(response, "Content-Type"), "application/problem+json");
    auto body = parse_json(*response.body, "problem");
    ASSERT_TRUE(body);
    EXPECT_EQ((*body)["status"], Json(c.status));
    EXPECT_EQ(body->text_or("detail").find("here") == std::string_view::npos, c.code == ErrorCode::unavailable);
  }
}

}  // namespace
}  // namespace verbund::http

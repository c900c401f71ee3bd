// SPDX-License-Identifier: EUPL-1.2
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "kits/compress/compress.h"
#include "kits/http/http.h"

namespace verbund::http {
namespace {

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return "";
}

Request asking(const std::string& accept, const std::string& none_match = "") {
  Request request;
  request.method = "GET";
  if (!accept.empty()) request.headers["accept-encoding"] = accept;
  if (!none_match.empty()) request.headers["if-none-match"] = none_match;
  return request;
}

std::string page(int variant = 0) {
  std::string out = "<p>" + std::to_string(variant);
  for (int i = 0; i < 500; ++i) out += " Zeile " + std::to_string(i % 7);
  return out;
}

TEST(Representations, PicksTheCodingTheClientLikesBest) {
  struct Case { const char* accept; const char* coding; };
  Representations representations;
  for (const Case& c : std::vector<Case>{{"", ""},
                                         {"gzip", "gzip"},
                                         {"gzip, deflate, br", "br"},
                                         {"br;q=0.5, gzip;q=0.8", "gzip"},
                                         {"GZIP", "gzip"},
                                         {"br;q=0", ""},
                                         {"*", "br"},
                                         {"*;q=0", ""},
                                         {"br;q=0, *", "gzip"},
                                         {"identity", ""},
                                         {"identity;q=1, br;q=0.5", ""},
                                         {"deflate", ""},
                                         {"br;q=1.000", "br"},
                                         {"br;q=abc", ""},
                                         {"gzip;q=0.001", "gzip"},
                                         {",,;;==", ""}}) {
    const Response response = representations.finish(asking(c.accept), html(200, page()));
    EXPECT_EQ(header(response, "Content-Encoding"), c.coding) << c.accept;
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding") << c.accept;
  }
}

TEST(Representations, GivesBodiesThatUnpackToTheOriginal) {
  Representations representations;
  for (int round = 0; round < 2; ++round) {
    EXPECT_EQ(*compress::unbrotli(*representations.finish(asking("br"), html(200, page())).body, 1 << 20), page());
    EXPECT_EQ(*compress::ungzip(*representations.finish(asking("gzip"), html(200, page())).body, 1 << 20), page());
  }
}

TEST(Representations, KeepsACompressedBody) {
  Representations representations;
  const Response first = representations.finish(asking("br"), html(200, page()));
  const Response second = representations.finish(asking("br"), html(200, page()));
  EXPECT_EQ(first.body.get(), second.body.get());
}

TEST(Representations, ForgetsTheLeastRecentlyUsed) {
  Representations representations(2000);
  const Response first = representations.finish(asking("br"), html(200, page(0)));
  for (int i = 1; i < 20; ++i) representations.finish(asking("br"), html(200, page(i)));
  const Response again = representations.finish(asking("br"), html(200, page(0)));
  EXPECT_NE(first.body.get(), again.body.get());
  EXPECT_EQ(*first.body, *again.body);
}

TEST(Representations, LeavesSmallAndBinaryBodiesAlone) {
  Representations representations;
  EXPECT_EQ(header(representations.finish(asking("br"), html(200, "short")), "Content-Encoding"), "");
  Response image;
  image.body = std::make_shared<const std::string>(page());
  image.header("Content-Type", "image/png");
  EXPECT_EQ(header(representations.finish(asking("br"), image), "Content-Encoding"), "");
  EXPECT_EQ(header(representations.finish(asking("br"), image), "Vary"), "");
}

TEST(Representations, LeavesOtherAnswersAlone) {
  Representations representations;
  EXPECT_EQ(header(representations.finish(asking("br"), html(404, page())), "ETag"), "");
  Request post = asking("br");
  post.method = "POST";
  EXPECT_EQ(header(representations.finish(post, html(200, page())), "ETag"), "");
}

TEST(Representations, AnswersNotModified) {
  Representations representations;
  const std::string plain = header(representations.finish(asking(""), html(200, page())), "ETag");
  const std::string brotli = header(representations.finish(asking("br"), html(200, page())), "ETag");
  EXPECT_THAT(plain, ::testing::MatchesRegex("\"[0-9a-f]{16}\""));
  EXPECT_EQ(brotli, plain.substr(0, 17) + "-br\"");
  for (const std::string& list :
       {plain, "W/" + plain, "\"x\", " + plain, "\"a,b\" , W/\"c\",W/" + plain + ",\"z\"", std::string("*")}) {
    Response response = html(200, page());
    response.header("Cache-Control", "max-age=60");
    response = representations.finish(asking("", list), response);
    EXPECT_EQ(response.status, 304) << list;
    EXPECT_EQ(*response.body, "");
    EXPECT_EQ(header(response, "ETag"), plain);
    EXPECT_EQ(header(response, "Cache-Control"), "max-age=60");
    EXPECT_EQ(header(response, "Vary"), "Accept-Encoding");
    EXPECT_EQ(header(response, "Content-Type"), "");
  }
  for (const std::string& list : {brotli, std::string("\"x\""), plain.substr(1), std::string("\""), "x, " + plain}) {
    EXPECT_EQ(representations.finish(asking("", list), html(200, page())).status, 200) << list;
  }
  EXPECT_EQ(representations.finish(asking("br", brotli), html(200, page())).status, 304);
}

TEST(Representations, AddsToAVaryThatIsThere) {
  Representations representations;
  Response response = html(200, page());
  response.header("Vary", "Cookie");
  EXPECT_EQ(header(representations.finish(asking(""), response), "Vary"), "Cookie, Accept-Encoding");
}

TEST(Representations, ServesManyThreads) {
  Representations representations(4000);
  std::atomic<int> wrong{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 50; ++i) {
          const Response response = representations.finish(asking("gzip"), html(200, page(i % 9)));
          auto body = compress::ungzip(*response.body, 1 << 20);
          if (!body || *body != page(i % 9)) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
}

}  // namespace
}  // namespace verbund::http

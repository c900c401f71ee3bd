// SPDX-License-Identifier: EUPL-1.2
#include "faces/portal/found.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <regex>
#include <set>

#include <unistd.h>

#include "faces/portal/sitemaps.h"
#include "faces/portal/structured_data.h"
#include "faces/portal/testing/fixture.h"
#include "kits/json/json.h"
#include "kits/xml/xml.h"

namespace verbund::portal {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

std::string header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

class FoundTest : public ::testing::Test {
 protected:
  FoundTest() : folder_(std::filesystem::temp_directory_path() / ("found_test_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
  }
  ~FoundTest() override {
    fixture_.reset();
    std::filesystem::remove_all(folder_);
  }
  static Look look() {
    Look look = testing::Fixture::demonstration_look();
    look.demonstration = false;
    return look;
  }
  void open(Look look) { fixture_ = std::make_unique<testing::Fixture>(folder_.string(), std::move(look)); }
  http::Response get(const std::string& target) {
    if (fixture_ == nullptr) open(look());
    return fixture_->get(target);
  }
  std::string body(const std::string& target, int status = 200) {
    const http::Response response = get(target);
    EXPECT_EQ(response.status, status) << target;
    return *response.body;
  }

  std::filesystem::path folder_;
  std::unique_ptr<testing::Fixture> fixture_;
};

// The rules of the schema of sitemaps.org 0.9: element names and order, lengths, form of dates. Gives the addresses.
std::vector<std::string> valid_sitemap(const std::string& bytes, const std::string& root_name,
                                       const std::string& item_name) {
  std::vector<std::string> out;
  static const std::regex date(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)");
  const auto read = xml::read_items_from_memory(
      bytes, "sitemap",
      [&](const xml::Element& root) -> Result<void> {
        EXPECT_EQ(root.name, root_name);
        EXPECT_EQ(root.ns, "http://www.sitemaps.org/schemas/sitemap/0.9");
        return {};
      },
      [&](const xml::Element& item) -> Result<void> {
        EXPECT_EQ(item.name, item_name);
        EXPECT_GE(item.children.size(), 1u);
        EXPECT_LE(item.children.size(), 2u);
        EXPECT_EQ(item.children.at(0).name, "loc");
        if (item.children.size() == 2) {
          EXPECT_EQ(item.children[1].name, "lastmod");
          EXPECT_TRUE(std::regex_match(std::string(item.child_text("lastmod")), date)) << item.child_text("lastmod");
        }
        const std::string address(item.child_text("loc"));
        EXPECT_GE(address.size(), 12u);
        EXPECT_LE(address.size(), 2048u);
        EXPECT_TRUE(address.starts_with("https://portal.example/")) << address;
        EXPECT_EQ(address.find_first_of(" <>\"äöüß"), std::string::npos) << address;
        out.push_back(address);
        return {};
      });
  EXPECT_TRUE(read) << (read ? "" : read.error().text());
  EXPECT_LE(out.size(), 50'000u);
  EXPECT_LE(bytes.size(), 50u << 20);
  return out;
}

std::string path_of(const std::string& address) { return address.substr(std::string("https://portal.example").size()); }

TEST_F(FoundTest, EveryAddressOfEverySitemapIsThereCanonicalAndNamedOnce) {
  const auto parts = valid_sitemap(body("/sitemap.xml"), "sitemapindex", "sitemap");
  EXPECT_THAT(parts, Contains("https://portal.example/sitemaps/portal.xml"));
  std::set<std::string> seen;
  std::size_t services = 0;
  for (const std::string& part : parts) {
    for (const std::string& address : valid_sitemap(body(path_of(part)), "urlset", "url")) {
      EXPECT_TRUE(seen.insert(address).second) << address << " twice";
      const std::string html = body(path_of(address));
      EXPECT_THAT(html, HasSubstr("<link rel=\"canonical\" href=\"" + address + "\">"));
      EXPECT_THAT(html, Not(HasSubstr("noindex"))) << address;
      services += html.find("\"GovernmentService\"") != std::string::npos;
    }
  }
  EXPECT_GT(services, 0u);
}

TEST_F(FoundTest, ASitemapIsSplitAtTheLimitAndNothingIsLostOrTwice) {
  get("/");
  const auto snapshot = fixture_->finder().snapshot();
  fixture_->database().read([&](store::Connection& connection) {
    const auto all = [&](const SitemapLimits& limits) {
      std::vector<std::string> out;
      for (const auto& part :
           valid_sitemap(sitemap_index(look(), *snapshot, connection, limits), "sitemapindex", "sitemap")) {
        const std::string file = path_of(part).substr(std::string("/sitemaps/").size());
        const auto made = sitemap_part(look(), *snapshot, connection, file, limits);
        if (!made) continue;   // counted a little too high, see addresses_of_place
        const auto addresses = valid_sitemap(*made, "urlset", "url");
        EXPECT_TRUE(file == "portal.xml" || addresses.size() <= limits.addresses) << file;
        out.insert(out.end(), addresses.begin(), addresses.end());
      }
      return out;
    };
    EXPECT_EQ(all({.addresses = 2, .parts = 50'000}), all({}));
    const auto few = valid_sitemap(sitemap_index(look(), *snapshot, connection, {.addresses = 2, .parts = 3}),
                                   "sitemapindex", "sitemap");
    EXPECT_EQ(few.size(), 3u);
    for (const char* file : {"", "x.xml", "portal", "stellen-0.xml", "stellen-01.xml", "stellen-99.xml",
                             "010600063063-.xml", "010600063063-2.xml", "999999999999-1.xml", "../portal.xml"}) {
      EXPECT_FALSE(sitemap_part(look(), *snapshot, connection, file)) << file;
    }
  });
}

TEST_F(FoundTest, WithAPlaceOfItsOwnThePortalListsThatPlaceAlone) {
  Look own = look();
  own.place = "norderstedt";
  open(std::move(own));
  std::size_t places = 0;
  for (const auto& part : valid_sitemap(body("/sitemap.xml"), "sitemapindex", "sitemap"))
    places += part.find("/sitemaps/0") != std::string::npos;
  EXPECT_EQ(places, 1u);
}

TEST_F(FoundTest, WhatAnotherPortalCarriesIsCanonicalThereAndInNoSitemapHere) {
  Look linked = look();
  linked.carrier = [](const directory::AreaKey& key) {
    return key.padded() == "010600063063" ? std::string("https://norderstedt.example/") : std::string();
  };
  open(std::move(linked));
  EXPECT_THAT(body("/sitemap.xml"), Not(HasSubstr("010600063063")));
  EXPECT_EQ(get("/sitemaps/010600063063-1.xml").status, 404);
  const std::string html = body("/norderstedt/personalausweis-beantragen?lang=en");
  EXPECT_THAT(html, HasSubstr("<link rel=\"canonical\" "
                              "href=\"https://norderstedt.example/norderstedt/personalausweis-beantragen?lang=en\">"));
  EXPECT_THAT(html, HasSubstr("hreflang=\"x-default\" "
                              "href=\"https://norderstedt.example/norderstedt/personalausweis-beantragen\">"));
  EXPECT_THAT(body("/norderstedt/aenderungen.atom"),
              HasSubstr("<id>https://norderstedt.example/norderstedt/personalausweis-beantragen</id>"));
}

TEST_F(FoundTest, APortalWithoutAddressHasNoneOfTheFilesAndNoLinksToThem) {
  Look bare = look();
  bare.base_url.clear();
  open(std::move(bare));
  for (const char* path : {"/sitemap.xml", "/sitemaps/portal.xml", "/aenderungen.atom", "/norderstedt/aenderungen.atom",
                           "/opensearch.xml"}) {
    EXPECT_EQ(get(path).status, 404) << path;
  }
  EXPECT_THAT(body("/"), Not(HasSubstr("opensearch.xml")));
  EXPECT_THAT(body("/robots.txt"), Not(HasSubstr("Sitemap")));
}

TEST_F(FoundTest, RobotsNameTheSitemapAndADemonstrationIsForNobody) {
  EXPECT_THAT(body("/robots.txt"), HasSubstr("Sitemap: https://portal.example/sitemap.xml\n"));
  EXPECT_THAT(body("/robots.txt"), HasSubstr("Disallow: /suche\n"));
  open(testing::Fixture::demonstration_look());
  EXPECT_EQ(body("/robots.txt"), "User-agent: *\nDisallow: /\n");
}

TEST_F(FoundTest, TheFeedOfAPlaceNamesWhatChangedThereNewestFirst) {
  for (const char* path : {"/aenderungen.atom", "/norderstedt/aenderungen.atom", "/norderstedt/aenderungen.atom?lang=en"}) {
    const http::Response response = get(path);
    EXPECT_EQ(header(response, "Content-Type"), "application/atom+xml");
    std::vector<std::string> ids, times;
    const auto read = xml::read_items_from_memory(
        *response.body, path,
        [](const xml::Element& root) -> Result<void> {
          EXPECT_EQ(root.name, "feed");
          EXPECT_EQ(root.ns, "http://www.w3.org/2005/Atom");
          return {};
        },
        [&](const xml::Element& item) -> Result<void> {
          if (item.name != "entry") return {};
          EXPECT_FALSE(item.child_text("title").empty());
          ids.emplace_back(item.child_text("id"));
          times.emplace_back(item.child_text("updated"));
          return {};
        });
    EXPECT_TRUE(read);
    EXPECT_FALSE(ids.empty()) << path;
    EXPECT_LE(ids.size(), 50u);
    EXPECT_EQ(std::set<std::string>(ids.begin(), ids.end()).size(), ids.size());
    EXPECT_TRUE(std::is_sorted(times.rbegin(), times.rend()));
  }
  EXPECT_EQ(get("/nirgendwo/aenderungen.atom").status, 404);
}

TEST_F(FoundTest, OpenSearchDescribesTheSearchAndAnswersWhileOneTypes) {
  const std::string xml = body("/opensearch.xml");
  EXPECT_THAT(xml, HasSubstr("<ShortName>Verbund</ShortName>"));
  EXPECT_THAT(xml, HasSubstr("template=\"https://portal.example/suche?q={searchTerms}\""));
  const http::Response response = get("/vorschlaege/opensearch?q=Personal");
  EXPECT_EQ(header(response, "Content-Type"), "application/x-suggestions+json");
  const auto json = parse_json(*response.body, "suggestions");
  ASSERT_TRUE(json);
  ASSERT_NE(json->if_array(), nullptr);
  ASSERT_EQ(json->if_array()->size(), 4u);
  EXPECT_EQ((*json->if_array())[0], Json("Personal"));
  EXPECT_GE((*json->if_array())[1].if_array()->size(), 1u);
  EXPECT_EQ(*get("/vorschlaege/opensearch").body, R"(["",[],[],[]])");
}

TEST_F(FoundTest, TheKeyOfSearchEnginesIsServedOnlyWhereThereIsOne) {
  EXPECT_EQ(get("/0123456789abcdef.txt").status, 404);
  Look keyed = look();
  keyed.notice_key = "0123456789abcdef";
  open(std::move(keyed));
  EXPECT_EQ(body("/0123456789abcdef.txt"), "0123456789abcdef");
}

// Every JSON-LD block of a page.
std::vector<Json> blocks(const std::string& html) {
  std::vector<Json> out;
  const std::string begin = "<script type=\"application/ld+json\">";
  for (std::size_t at = html.find(begin); at != std::string::npos; at = html.find(begin, at + 1)) {
    const std::size_t start = at + begin.size();
    auto json = parse_json(html.substr(start, html.find("</script>", start) - start), "block");
    EXPECT_TRUE(json) << json.error().text();
    if (json) out.push_back(std::move(*json));
  }
  return out;
}

TEST_F(FoundTest, AServicePageSaysInJsonLdWhatItIsWhereAndByWhom) {
  const auto found = blocks(body("/norderstedt/personalausweis-beantragen"));
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0]["@context"], Json("https://schema.org"));
  const Json& service = (*found[0]["@graph"].if_array())[0];
  EXPECT_EQ(service["@type"], Json("GovernmentService"));
  EXPECT_EQ(service["url"], Json("https://portal.example/norderstedt/personalausweis-beantragen"));
  EXPECT_EQ(service["areaServed"]["name"], Json("Norderstedt"));
  EXPECT_EQ(service["provider"]["@type"], Json("GovernmentOffice"));
  EXPECT_EQ(service["provider"]["address"]["@type"], Json("PostalAddress"));
  EXPECT_EQ((*found[0]["@graph"].if_array())[1]["@type"], Json("BreadcrumbList"));
}

TEST(DataBlock, NoTextEndsTheBlockOrBeginsAComment) {
  const Json json = Json::object({{"name", "</script><!-- <script>alert(1)</script> & \u2028"}});
  const std::string block = for_data_block(json);
  EXPECT_EQ(block.find_first_of("<>&"), std::string::npos) << block;
  const auto back = parse_json(block, "block");
  ASSERT_TRUE(back);
  EXPECT_EQ(*back, json);
}

}  // namespace
}  // namespace verbund::portal

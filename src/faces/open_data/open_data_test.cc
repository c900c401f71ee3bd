// SPDX-License-Identifier: EUPL-1.2
// The vocabulary itself is checked by script/check-cpsv.mjs with SHACL; here what must hold for any service.
#include "faces/open_data/open_data.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include <unistd.h>

#include "faces/open_data/cpsv.h"
#include "faces/portal/testing/fixture.h"

namespace verbund::open_data {
namespace {

class OpenDataTest : public ::testing::Test {
 protected:
  OpenDataTest() : folder_(std::filesystem::temp_directory_path() / ("open_data_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    fixture_ = std::make_unique<portal::testing::Fixture>(folder_.string());
    add_routes(router_, fixture_->finder(), fixture_->database(), "https://portal.example/");
  }
  ~OpenDataTest() override {
    fixture_.reset();
    std::filesystem::remove_all(folder_);
  }
  http::Response get(std::string path, http::Request request = {}) {
    request.method = "GET";
    request.path = request.target = std::move(path);
    return router_.route(request);
  }

  std::filesystem::path folder_;
  std::unique_ptr<portal::testing::Fixture> fixture_;
  http::Router router_;
};

bool says(const rdf::Node& node, std::string_view property) {
  return std::any_of(node.statements.begin(), node.statements.end(),
                     [&](const auto& statement) { return statement.first == property; });
}

TEST_F(OpenDataTest, EachServiceHasItsTitleDescriptionAndSomebodyCompetentAndAllItRefersToIsThere) {
  const auto snapshot = fixture_->finder().snapshot();
  std::size_t services = 0;
  fixture_->database().read([&](store::Connection& connection) {
    const directory::ObjectStore objects(connection);
    objects.each<directory::Service>([&](const directory::Service& service) {
      ++services;
      const auto nodes = cpsv_service(service, *snapshot, objects, iri_base(""));
      ASSERT_FALSE(nodes.empty());
      EXPECT_TRUE(nodes[0].iri.starts_with("urn:verbund:T100001.LB.")) << nodes[0].iri;
      for (const char* needed : {"dct:identifier", "dct:title", "dct:description", "cv:hasCompetentAuthority"})
        EXPECT_TRUE(says(nodes[0], needed)) << nodes[0].iri << " " << needed;
      for (const auto& [property, value] : nodes[0].statements) {
        if (value.kind != rdf::Value::Kind::thing) continue;
        const auto count = std::count_if(nodes.begin(), nodes.end(),
                                         [&](const rdf::Node& node) { return node.iri == value.content; });
        EXPECT_EQ(count, 1) << property << " " << value.content;
      }
    });
  });
  EXPECT_GT(services, 0u);
}

TEST_F(OpenDataTest, TheFormComesFromTheAddressOrTheAcceptHeader) {
  http::Request turtle;
  turtle.headers["accept"] = "text/turtle";
  EXPECT_TRUE(get("/api/v1/cpsv", turtle).body->starts_with("@prefix"));
  EXPECT_FALSE(get("/api/v1/cpsv", turtle).reusable);   // another Accept, another answer
  http::Request json;
  json.query = {{"format", "jsonld"}};
  EXPECT_TRUE(get("/api/v1/cpsv", json).body->starts_with("{\"@context\":"));
  EXPECT_TRUE(get("/api/v1/cpsv", json).reusable);
}

TEST_F(OpenDataTest, WrongQuestionsAreAnsweredWithProblems) {
  const struct { const char* path; const char* name; const char* value; int status; } cases[] = {
      {"/api/v1/cpsv", "format", "xml", 400},          {"/api/v1/cpsv", "seite", "0", 400},
      {"/api/v1/cpsv", "seite", "-1", 400},            {"/api/v1/cpsv", "seite", "999", 404},
      {"/api/v1/cpsv/nothing", "format", "ttl", 404},  {"/api/v1/cpsv/T100001.LB.none", "format", "ttl", 404},
      {"/api/v1/cpsv/T100001.OE.1", "format", "ttl", 404},
  };
  for (const auto& one : cases) {
    http::Request request;
    request.query = {{one.name, one.value}};
    EXPECT_EQ(get(one.path, request).status, one.status) << one.path << " " << one.name << "=" << one.value;
  }
}

}  // namespace
}  // namespace verbund::open_data

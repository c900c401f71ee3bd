// SPDX-License-Identifier: EUPL-1.2
#include "app/installation.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "kits/store/testing/folder.h"

namespace verbund::app {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class InstallationTest : public ::testing::Test {
 protected:
  Result<Installation> load(const std::string& text) {
    std::ofstream(folder_.file("verbund.toml")) << text;
    return load_installation(arguments());
  }
  command::Arguments arguments() const { return {{}, {{"data", folder_.path()}}}; }
  const store::testing::Folder folder_;
};

TEST_F(InstallationTest, WithoutSectionsItIsOneNode) {
  auto all = load("look.name = \"Stadt\"\n");
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_TRUE(all->tenants.empty());
  EXPECT_EQ(data_folder(arguments()), folder_.path());
}

TEST_F(InstallationTest, EachTenantHasWhatIsItsOwnAndTheRestFromAll) {
  auto all = load("voice.keep_feedback_days = 30\nlook.base_url = \"https://provider.example\"\n"
                  "adapter.sources = \"/srv/x\"\n"
                  "[tenant.a]\nhost = \"A.example. www.a.example:80\"\n"
                  "[tenant.b-2]\nhost = \"b.example\"\nlook.name = \"B\"\n"
                  "[tenant.catalogue]\n");
  ASSERT_TRUE(all) << all.error().text();
  ASSERT_EQ(all->tenants.size(), 3u);
  const TenantSettings& a = all->tenants.at("a");
  const TenantSettings& b = all->tenants.at("b-2");
  EXPECT_THAT(a.hosts, ElementsAre("a.example", "www.a.example"));
  EXPECT_TRUE(all->tenants.at("catalogue").hosts.empty());
  EXPECT_EQ(b.settings.text("look.name"), "B");
  EXPECT_EQ(a.settings.number("voice.keep_feedback_days"), 30);
  EXPECT_EQ(a.settings.text("look.base_url"), "") << "an address is nobody else's";
  EXPECT_EQ(a.settings.text("adapter.sources"), "");
  EXPECT_EQ(log_name(a.settings), "a.example/network/log");
  EXPECT_EQ(b.settings.text("network.key_label"), "verbund-log-b-2");
  EXPECT_EQ(store_place(a.folder, a.settings), folder_.file("tenants/a/node.sqlite"));
}

TEST_F(InstallationTest, OnAServerEachTenantHasASchema) {
  auto all = load("store = \"postgresql://v@db/v\"\n[tenant.a-1]\n[tenant.b]\nstore = \"postgresql://v@other/v\"\n");
  ASSERT_TRUE(all) << all.error().text();
  EXPECT_EQ(all->tenants.at("a-1").settings.text("store"), "postgresql://v@db/v?options=-csearch_path%3Dtenant_a_1");
  EXPECT_EQ(all->tenants.at("b").settings.text("store"), "postgresql://v@other/v");
  auto named = load("store = \"postgresql://v@db/v?options=-csearch_path%3Dx_{node}\"\n[tenant.a-1]\n");
  ASSERT_TRUE(named);
  const TenantSettings& tenant = named->tenants.at("a-1");
  EXPECT_EQ(store_place(tenant.folder, tenant.settings), "postgresql://v@db/v?options=-csearch_path%3Dx_a_1");
}

TEST_F(InstallationTest, WhatWouldBeSharedByTwoIsRefused) {
  for (const auto& [text, said] :
       {std::pair{"[tenant.a]\nhost = \"x.example\"\n[tenant.b]\nhost = \"X.Example.\"\n",
                  "the host x.example is that of two"},
        {"[tenant.a]\nstore = \"/srv/x\"\n[tenant.b]\nstore = \"/srv/x\"\n", "the store /srv/x is that of two"},
        {"[tenant.a]\nnetwork.name = \"n\"\n[tenant.b]\nnetwork.name = \"n\"\n", "the log n is that of two"},
        {"store = \"postgresql://v@db/v?options=-csearch_path%3Dx\"\n[tenant.a]\n[tenant.b]\n",
         "the same for all tenants"},
        {"[tenant.a]\nhost = \"https://x.example\"\n", "no host name"},
        {"[tenant.a]\nhost = \"u@x.example\"\n", "no host name"},
        {"[tenant.a]\nhttp.port = 1\n", "no setting named http.port"}}) {
    auto all = load(text);
    ASSERT_FALSE(all) << text;
    EXPECT_THAT(all.error().text(), HasSubstr(said));
  }
}

TEST_F(InstallationTest, ACommandSaysWhichTenantItMeans) {
  std::ofstream(folder_.file("verbund.toml")) << "[tenant.a]\nhost = \"a.example\"\n";
  command::Arguments words = arguments();
  EXPECT_FALSE(check_tenant({"import", "xzufi"}, words));
  EXPECT_TRUE(check_tenant({"serve"}, words));
  EXPECT_TRUE(check_tenant({"tenant", "list"}, words));
  words.options["tenant"] = "a";
  EXPECT_TRUE(check_tenant({"import", "xzufi"}, words));
  EXPECT_EQ(data_folder(words), folder_.file("tenants/a"));
  EXPECT_EQ(settings_file(words), folder_.file("verbund.toml"));
  EXPECT_EQ(saved_settings_file(words), "") << "a backup of one takes nothing of the others";
  for (const char* name : {"b", "../a", "A", ".", "a/../a"}) {
    words.options["tenant"] = name;
    EXPECT_FALSE(check_tenant({"import", "xzufi"}, words)) << name;
  }
}

TEST(ShareAmong, BoundsTheSumForAnyNumberOfTenants) {
  for (const std::size_t tenants : {2u, 10u, 50u, 300u}) {
    const NodeShare share = share_among(tenants);
    EXPECT_LE(share.page_bytes * tenants, 120u << 20) << tenants;
    EXPECT_LE(share.compressed_bytes * tenants, 80u << 20) << tenants;
    EXPECT_LE(share.look_every, std::chrono::milliseconds(250));
  }
  EXPECT_EQ(share_among(1).page_bytes, NodeShare().page_bytes) << "one is as it always was";
}

}  // namespace
}  // namespace verbund::app

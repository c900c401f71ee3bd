// SPDX-License-Identifier: EUPL-1.2
// Against SoftHSM, where it is installed (script/bootstrap test).
#include "network/log/token_signer.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"
#include "network/log/sequencer.h"
#include "network/log/test_outbox.h"
#include "network/log/verify.h"

namespace verbund::network {
namespace {

constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";
constexpr const char* new_token =
    "softhsm2-util --init-token --free --label stadt --so-pin 123456 --pin 4711 >/dev/null 2>&1";

TEST(TokenSigner, PublishesALogWhoseKeyNeverLeavesItsToken) {   // clause 1.4
  store::testing::Folder tokens;
  std::filesystem::create_directory(tokens.file("tokens"));
  ASSERT_TRUE(file::write(tokens.file("softhsm2.conf"), "directories.tokendir = " + tokens.file("tokens") + "\n"));
  ::setenv("SOFTHSM2_CONF", tokens.file("softhsm2.conf").c_str(), 1);
  if (!std::filesystem::exists(module_path) || std::system(new_token) != 0) {
    GTEST_SKIP() << "skipped: SoftHSM is not installed (script/bootstrap test)";
  }
  const token::TokenOptions options{module_path, "stadt", "log", "4711"};
  store::testing::Folder folder;
  const LogPlace place(folder.path());
  TestOutbox outbox;
  std::optional<tlog::VerifierKey> key;
  for (int round = 0; round < 2; ++round) {   // begun, and continued
    const auto signer = open_token_signer(place, "stadt.example/network/log", options);
    ASSERT_TRUE(signer) << signer.error().text();
    EXPECT_TRUE(!key || signer->key == *key);
    key = signer->key;
    outbox.say("s" + std::to_string(round), "text");
    auto sequencer = Sequencer::open(place, *signer, outbox);
    ASSERT_TRUE(sequencer) << sequencer.error().text();
    while ((*sequencer)->step().value()) {
    }
  }
  OwnLog log(place, outbox);
  const auto report = verify_log(log, *key, true);
  ASSERT_TRUE(report) << report.error().text();
  EXPECT_EQ(report->checkpoint.size, 2u);
  EXPECT_FALSE(std::filesystem::exists(place.key_file));
  // Another key in the token, or one in a file: nobody continues the log with it.
  token::TokenOptions other = options;
  other.label = "other";
  EXPECT_FALSE(open_token_signer(place, "stadt.example/network/log", other));
  ASSERT_TRUE(token::TokenKey::open(other, true));
  EXPECT_EQ(open_token_signer(place, "stadt.example/network/log", other).error().code, ErrorCode::conflict);
  ASSERT_TRUE(load_or_create_key(LogPlace("", place.key_file), "stadt.example/network/log"));
  EXPECT_EQ(open_token_signer(place, "stadt.example/network/log", options).error().code, ErrorCode::conflict);
}

}  // namespace
}  // namespace verbund::network

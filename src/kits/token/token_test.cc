// SPDX-License-Identifier: EUPL-1.2
// Against SoftHSM, where it is installed (script/bootstrap test).
#include "kits/token/token.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "kits/file/file.h"
#include "kits/store/testing/folder.h"

namespace verbund::token {
namespace {

constexpr const char* module_path = "/usr/lib/softhsm/libsofthsm2.so";

// One token for all tests: the module reads its settings once.
class Token : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    if (!std::filesystem::exists(module_path)) return;
    folder_ = new store::testing::Folder;
    const std::string settings = folder_->file("softhsm2.conf");
    std::filesystem::create_directory(folder_->file("tokens"));
    ASSERT_TRUE(file::write(settings, "directories.tokendir = " + folder_->file("tokens") + "\nlog.level = ERROR\n"));
    ::setenv("SOFTHSM2_CONF", settings.c_str(), 1);
    ready_ = std::system("softhsm2-util --init-token --free --label stadt --so-pin 123456 --pin 4711"
                         " >/dev/null 2>&1") == 0;
  }
  static void TearDownTestSuite() { delete folder_; }
  void SetUp() override {
    if (!ready_) GTEST_SKIP() << "skipped: SoftHSM is not installed (script/bootstrap test)";
  }
  TokenOptions options{module_path, "stadt", "log", "4711"};

 private:
  static inline store::testing::Folder* folder_ = nullptr;
  static inline bool ready_ = false;
};

TEST_F(Token, MakesAKeyOnceAndSignsWithIt) {
  EXPECT_EQ(TokenKey::open(options, false).error().code, ErrorCode::not_found);
  const auto made = TokenKey::open(options, true);
  ASSERT_TRUE(made) << made.error().text();
  const auto again = TokenKey::open(options, false);
  ASSERT_TRUE(again) << again.error().text();
  EXPECT_EQ((*again)->public_key(), (*made)->public_key());
  EXPECT_EQ(TokenKey::open(options, true).value()->public_key(), (*made)->public_key());
  for (const std::string& message : {std::string(), std::string("a checkpoint\n"), std::string(5000, 'x')}) {
    const auto signature = (*again)->sign(message);
    ASSERT_TRUE(signature) << signature.error().text();
    EXPECT_TRUE(crypto::ed25519_verify((*made)->public_key(), message, *signature));
    EXPECT_FALSE(crypto::ed25519_verify((*made)->public_key(), message + "x", *signature));
  }
  TokenOptions other = options;
  other.label = "other";
  EXPECT_NE(TokenKey::open(other, true).value()->public_key(), (*made)->public_key());
}

TEST_F(Token, SaysWhatIsWrong) {
  TokenOptions other = options;
  other.module = "/nowhere/module.so";
  EXPECT_EQ(TokenKey::open(other, false).error().code, ErrorCode::usage);
  other = options;
  other.token = "dorf";
  EXPECT_EQ(TokenKey::open(other, false).error().code, ErrorCode::not_found);
}

}  // namespace
}  // namespace verbund::token

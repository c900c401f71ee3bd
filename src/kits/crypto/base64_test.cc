// SPDX-License-Identifier: EUPL-1.2
#include "kits/crypto/base64.h"

#include <gtest/gtest.h>

namespace verbund::crypto {
namespace {

TEST(Base64, AgreesWithTheExamplesOfTheStandard) {
  // RFC 4648, section 10.
  const std::pair<const char*, const char*> examples[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, CarriesEveryByte) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  for (std::size_t cut = 0; cut < 4; ++cut) {
    EXPECT_EQ(from_base64(to_base64(bytes.substr(cut))), bytes.substr(cut));
  }
}

TEST(Base64, RefusesWhateverItWouldNotWriteItself) {
  for (const char* text : {"Z", "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Zm9v\n", " Zm9v", "Zg==Zg==", "=Zg=", "====",
                           "Z===", "Zm-_", "Zm9vZ\xC3\xA4=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

}  // namespace
}  // namespace verbund::crypto

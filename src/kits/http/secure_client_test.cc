// SPDX-License-Identifier: EUPL-1.2
// The client over https: kits/tls is tested here too, as it is used.
#include <gtest/gtest.h>

#include "kits/http/client.h"
#include "kits/tls/testing/secure_server.h"

namespace verbund::http {
namespace {

const std::string hello = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

Result<Response> get(const tls::SecureServer& server, std::string host = "localhost", bool trusting = true) {
  Client client({.ca_file = trusting ? server.authority_file() : ""});
  return client.get("https://" + host + ":" + std::to_string(server.port()) + "/", 1'000'000);
}

TEST(SecureClient, GetsFromAHostThatShowsItsCertificate) {
  const tls::SecureServer server({}, hello);
  const auto answer = get(server);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(*answer->body, "hello");
}

TEST(SecureClient, ReadsWhatIsLongerThanARecord) {
  const std::string body(300'000, 'x');
  const tls::SecureServer server({}, "HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + body);
  Client client({.ca_file = server.authority_file()});
  const std::string url = "https://localhost:" + std::to_string(server.port());
  for (int round = 0; round < 2; ++round) {   // the kept connection is closed by then and opened again
    const auto answer = client.get(url, 300'000);
    ASSERT_TRUE(answer) << answer.error().text();
    EXPECT_EQ(*answer->body, body);
  }
  EXPECT_EQ(client.get(url, 1000).error().code, ErrorCode::too_large);
}

TEST(SecureClient, RefusesACertificateThatIsNotAccepted) {
  const auto reason = [](const Result<Response>& answer) {
    EXPECT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unavailable);
    return answer.error().message;
  };
  const auto has = [](const std::string& text, const char* part) { return text.find(part) != std::string::npos; };
  {
    const tls::SecureServer server({}, hello);
    EXPECT_TRUE(has(reason(get(server, "localhost", false)), "certificate is not accepted"));
    EXPECT_TRUE(has(reason(get(server, "127.0.0.1")), "IP address mismatch"));
    EXPECT_TRUE(get(server));   // and goes on serving those who trust it
  }
  const tls::SecureServer another({.name = "stadt.example"}, hello);
  EXPECT_TRUE(has(reason(get(another)), "hostname mismatch"));
  const tls::SecureServer old({.begins = -3600, .ends = -1800}, hello);
  EXPECT_TRUE(has(reason(get(old)), "expired"));
  const tls::SecureServer early({.begins = 1800, .ends = 3600}, hello);
  EXPECT_TRUE(has(reason(get(early)), "not yet valid"));
  const tls::SecureServer weak({.newest_only = false}, hello);
  reason(get(weak));
}

TEST(SecureClient, RefusesAnAnswerThatWasCut) {
  const tls::SecureServer whole({}, "HTTP/1.1 200 OK\r\n\r\nhello");
  const auto answer = get(whole);
  ASSERT_TRUE(answer) << answer.error().text();
  EXPECT_EQ(*answer->body, "hello");
  const tls::SecureServer cut({}, "HTTP/1.1 200 OK\r\n\r\nhel", true);
  EXPECT_EQ(get(cut).error().code, ErrorCode::unavailable);
}

TEST(SecureClient, SaysThatAFileWithAuthoritiesDoesNotRead) {
  Client client({.ca_file = "/nowhere/ca.pem"});
  const tls::SecureServer server({}, hello);
  const auto answer = client.get("https://localhost:" + std::to_string(server.port()), 10);
  EXPECT_EQ(answer.error().code, ErrorCode::usage);
}

TEST(SecureClient, DoesNotTakePlainHttpForTls) {
  const tls::SecureServer server({}, hello);
  Client client;
  EXPECT_FALSE(client.get("http://localhost:" + std::to_string(server.port()), 1000));
}

}  // namespace
}  // namespace verbund::http

// SPDX-License-Identifier: EUPL-1.2
// For tests: an authority that signs certificates, and a server on the loopback address that shows one.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace verbund::tls {

struct TestCertificate {
  std::string name = "localhost";    // DNS name it is for
  std::int64_t begins = -3600;       // seconds from now
  std::int64_t ends = 3600;
  bool newest_only = true;           // else the server speaks TLS 1.1 at most
};

// Answers each connection with `answer` after the first bytes of a request, one after the other, and says goodbye
// (TLS close_notify) unless `cut`.
class SecureServer {
 public:
  SecureServer(const TestCertificate& certificate, std::string answer, bool cut = false);
  ~SecureServer();
  std::uint16_t port() const;
  const std::string& authority_file() const;   // PEM of whom one has to trust; goes with the server

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::tls

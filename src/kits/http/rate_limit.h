// SPDX-License-Identifier: EUPL-1.2
// How often one client may ask, without a list of clients: token buckets in a table of fixed size, found by a keyed
// hash of the address. The key is made at the start, known to nobody and gone at the end; an address is never stored.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "kits/http/http.h"

namespace verbund::http {

// The part of an address that stands for one client: an IPv4 address whole, of an IPv6 address the first 64 bits (what
// one connection commonly has); an IPv4 address written as IPv6 is the IPv4 address. "": no address.
std::string client_network(std::string_view address);

// True for 127.0.0.0/8 and ::1: a program on this machine, for instance the proxy in front of us.
bool is_own_machine(std::string_view address);

class RateLimiter {
 public:
  struct Options {
    std::uint32_t per_minute = 6000;  // requests of one client; also how many may come at once. 0: no limit
    std::size_t clients = 32'768;     // told apart at a time (24 bytes each); rounded up to a power of two
    // Behind a proxy: the header in which it names the client, lower case ("x-forwarded-for": the last entry counts,
    // the one our proxy wrote). "": the peer's address, and clients on this machine are not limited, as all of them
    // may be one proxy.
    std::string client_header;
  };
  using SteadyClock = std::function<std::chrono::steady_clock::time_point()>;

  explicit RateLimiter(
      Options options, SteadyClock clock = [] { return std::chrono::steady_clock::now(); });
  ~RateLimiter();

  struct Verdict {
    bool allowed = true;
    std::uint32_t limit = 0;        // requests in a minute; 0: no limit, the rest says nothing
    std::uint32_t remaining = 0;    // that would be answered now
    std::uint32_t reset = 0;        // seconds until all are available again
    std::uint32_t retry_after = 0;  // seconds until the next one is answered, if this one is not
  };
  // Counts one request. Any thread, never waits for long. More clients than there is room for: the one with most left
  // is forgotten, which errs on the side of answering.
  Verdict ask(const Request& request);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// RateLimit-Limit, RateLimit-Remaining and RateLimit-Reset as headers of this answer only; none without a limit.
void add_rate_headers(Response& response, const RateLimiter::Verdict& verdict);
// 429 with Retry-After and the headers above.
Response too_many_requests(const RateLimiter::Verdict& verdict);

}  // namespace verbund::http

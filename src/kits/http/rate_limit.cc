// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/rate_limit.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <mutex>
#include <vector>

#include "base/text.h"
#include "kits/crypto/digest.h"

namespace verbund::http {
namespace {

constexpr std::size_t kWays = 4;        // places a client may have in the table
constexpr std::size_t kLocks = 64;
constexpr std::uint64_t kPart = 60'000;  // a request in the units of a bucket: filling by the millisecond is exact

using Address = std::array<unsigned char, 16>;

// IPv6, IPv4 in its mapped form.
bool read_address(std::string_view text, Address& out) {
  if (text.size() > 45) return false;
  if (const std::size_t zone = text.find('%'); zone != text.npos) text = text.substr(0, zone);
  const std::string whole(text);
  in_addr four{};
  if (inet_pton(AF_INET, whole.c_str(), &four) == 1) {
    out = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    std::memcpy(out.data() + 12, &four, 4);
    return true;
  }
  return inet_pton(AF_INET6, whole.c_str(), out.data()) == 1;
}

bool is_mapped(const Address& address) {
  static constexpr Address prefix = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  return std::equal(prefix.begin(), prefix.begin() + 12, address.begin());
}

}  // namespace

std::string client_network(std::string_view address) {
  Address bytes{};
  if (!read_address(trim(address), bytes)) return {};
  const std::size_t first = is_mapped(bytes) ? 12 : 0, count = is_mapped(bytes) ? 4 : 8;
  return {reinterpret_cast<const char*>(bytes.data()) + first, count};
}

bool is_own_machine(std::string_view address) {
  Address bytes{};
  if (!read_address(trim(address), bytes)) return false;
  if (is_mapped(bytes)) return bytes[12] == 127;
  static constexpr Address loopback = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return bytes == loopback;
}

struct RateLimiter::State {
  // A bucket: how much is left at a time. `print` 0: free.
  struct Bucket {
    std::uint64_t print = 0;
    std::uint64_t left = 0;         // requests times kPart
    std::uint32_t at = 0;           // milliseconds since the start, modulo 2^32: 49 days, then one bucket may be stale
  };

  State(Options o, SteadyClock c)
      : options(std::move(o)), clock(std::move(c)), start(clock()), key(crypto::random_hex(32)),
        full(options.per_minute * kPart),
        buckets(std::bit_ceil(std::max<std::size_t>(options.clients, kWays))) {}

  std::uint64_t print_of(std::string_view network) const {
    const crypto::Digest digest = crypto::sha256({key, network});
    std::uint64_t print = 0;
    std::memcpy(&print, digest.data(), sizeof print);
    return print | 1;
  }

  std::uint32_t now_ms() const {
    return static_cast<std::uint32_t>(
        std::chrono::duration_cast<std::chrono::milliseconds>(clock() - start).count());
  }

  // What is left now, filled up since.
  std::uint64_t filled(const Bucket& bucket, std::uint32_t now) const {
    const std::uint64_t elapsed = now - bucket.at;
    return std::min(full, bucket.left + elapsed * options.per_minute);
  }

  Verdict count(std::string_view network) {
    const std::uint64_t print = print_of(network);
    const std::size_t set = (print >> 16) % (buckets.size() / kWays);
    const std::uint32_t now = now_ms();
    const std::lock_guard lock(locks[set % kLocks]);
    Bucket* mine = nullptr;
    Bucket* fullest = nullptr;
    std::uint64_t most = 0;
    for (std::size_t way = 0; way < kWays && mine == nullptr; ++way) {
      Bucket& bucket = buckets[set * kWays + way];
      if (bucket.print == print) mine = &bucket;
      const std::uint64_t left = bucket.print == 0 ? full : filled(bucket, now);
      if (fullest == nullptr || left > most) fullest = &bucket, most = left;
    }
    if (mine == nullptr) {
      mine = fullest;
      *mine = {print, full, now};
    }
    *mine = {print, filled(*mine, now), now};
    Verdict verdict{true, options.per_minute, 0, 0, 0};
    if (mine->left >= kPart) {
      mine->left -= kPart;
    } else {
      verdict.allowed = false;
      verdict.retry_after = seconds_for(kPart - mine->left);
    }
    verdict.remaining = static_cast<std::uint32_t>(mine->left / kPart);
    verdict.reset = seconds_for(full - mine->left);
    return verdict;
  }

  std::uint32_t seconds_for(std::uint64_t parts) const {
    const std::uint64_t a_second = options.per_minute * kPart / 60;
    return static_cast<std::uint32_t>((parts + a_second - 1) / a_second);
  }

  const Options options;
  const SteadyClock clock;
  const std::chrono::steady_clock::time_point start;
  const std::string key;
  const std::uint64_t full;
  std::vector<Bucket> buckets;
  std::array<std::mutex, kLocks> locks;
};

RateLimiter::RateLimiter(Options options, SteadyClock clock)
    : state_(std::make_unique<State>(std::move(options), std::move(clock))) {}
RateLimiter::~RateLimiter() = default;

RateLimiter::Verdict RateLimiter::ask(const Request& request) {
  const Options& options = state_->options;
  if (options.per_minute == 0) return {};
  const Verdict untouched{true, options.per_minute, options.per_minute, 0, 0};
  std::string_view address = request.client;
  if (options.client_header.empty()) {
    if (is_own_machine(address)) return untouched;
  } else {
    const std::string_view list = request.header(options.client_header);
    const std::size_t comma = list.rfind(',');
    address = trim(comma == list.npos ? list : list.substr(comma + 1));
  }
  const std::string network = client_network(address);
  return network.empty() ? untouched : state_->count(network);
}

void add_rate_headers(Response& response, const RateLimiter::Verdict& verdict) {
  if (verdict.limit == 0) return;
  response.own_headers.emplace_back("RateLimit-Limit", std::to_string(verdict.limit));
  response.own_headers.emplace_back("RateLimit-Remaining", std::to_string(verdict.remaining));
  response.own_headers.emplace_back("RateLimit-Reset", std::to_string(verdict.reset));
}

Response too_many_requests(const RateLimiter::Verdict& verdict) {
  Response response = problem(429, "Zu viele Anfragen",
                              "Von hier kamen mehr als " + std::to_string(verdict.limit) +
                                  " Anfragen in einer Minute. Bitte in " + std::to_string(verdict.retry_after) +
                                  " Sekunden noch einmal versuchen.");
  response.header("Retry-After", std::to_string(verdict.retry_after)).header("Cache-Control", "no-store");
  add_rate_headers(response, verdict);
  return response;
}

}  // namespace verbund::http

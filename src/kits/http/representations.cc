// SPDX-License-Identifier: EUPL-1.2
// Source: RFC 9110, 8.8.3 (entity tags), 12.5.3 (Accept-Encoding), 13.1.2 (If-None-Match), 15.4.5 (304).
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include "base/text.h"
#include "kits/compress/compress.h"
#include "kits/crypto/digest.h"
#include "kits/http/representations.h"

namespace verbund::http {
namespace {

constexpr std::size_t kLeastCompressed = 512;        // below it headers outweigh what is saved
constexpr std::size_t kSmallForBrotli = 16 * 1024;   // up to here quality 9, above it 5: three times faster there

const char* suffix(Coding coding) {
  return coding == Coding::brotli ? "-br" : coding == Coding::gzip ? "-gz" : "";
}

std::string* find_header(Response& response, std::string_view lower_case_name) {
  for (auto& [name, value] : response.headers) {
    if (name.size() == lower_case_name.size() && to_lower_ascii(name) == lower_case_name) return &value;
  }
  return nullptr;
}

// 16 digits that tell versions of one address apart, by 64-bit products of 16 bytes at a time. No secret and no seal: who
// could make two bodies with one tag would make clients keep an old body of his own.
std::string tag_of(std::string_view body) {
  __extension__ using Wide = unsigned __int128;
  constexpr std::uint64_t a = 0x9e3779b97f4a7c15ULL, b = 0xd6e8feb86659fd93ULL;
  const auto folded = [](std::uint64_t left, std::uint64_t right) {
    const Wide product = Wide{left} * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
  };
  std::uint64_t state = body.size() ^ b;
  const std::size_t size = body.size();
  while (!body.empty()) {
    std::array<std::uint64_t, 2> words{};
    const std::size_t taken = std::min(body.size(), sizeof(words));
    std::memcpy(words.data(), body.data(), taken);
    state = folded(words[0] ^ a ^ state, words[1] ^ b ^ (state << 32 | state >> 32));
    body.remove_prefix(taken);
  }
  state = folded(state ^ a, size ^ b);
  std::string out(16, '0');
  for (std::size_t i = 16; i-- > 0; state >>= 4) out[i] = "0123456789abcdef"[state & 15];
  return out;
}

bool is_textual(std::string_view type) {
  const std::string kind = to_lower_ascii(trim(type.substr(0, type.find(';'))));
  return kind.starts_with("text/") || kind.ends_with("+json") || kind.ends_with("+xml") || kind == "application/json" ||
         kind == "application/xml" || kind == "application/javascript";
}

// "0.5" -> 500; malformed is 0: what we do not understand we do not send.
int quality(std::string_view parameters) {
  for (std::string_view parameter : split(parameters, ';')) {
    parameter = trim(parameter);
    if (!parameter.starts_with("q=") && !parameter.starts_with("Q=")) continue;
    const std::string_view digits = parameter.substr(2);
    if (digits.empty() || digits.size() > 5 || (digits[0] != '0' && digits[0] != '1')) return 0;
    if (digits.size() > 1 && (digits[1] != '.' || (digits.size() > 2 && !is_digits(digits.substr(2))))) return 0;
    int value = (digits[0] - '0') * 1000;
    int weight = 100;
    for (std::size_t i = 2; i < digits.size(); ++i, weight /= 10) value += (digits[i] - '0') * weight;
    return std::min(value, 1000);
  }
  return 1000;
}

void add_vary(Response& response) {
  if (std::string* vary = find_header(response, "vary")) {
    if (to_lower_ascii(*vary).find("accept-encoding") == std::string::npos) *vary += ", Accept-Encoding";
  } else {
    response.header("Vary", "Accept-Encoding");
  }
}

using Body = std::shared_ptr<const std::string>;

std::string compressed(const std::string& body, Coding coding, Effort effort) {
  const int brotli_quality = effort == Effort::little ? 4 : body.size() <= kSmallForBrotli ? 9 : 5;
  return coding == Coding::brotli ? compress::brotli(body, brotli_quality)
                                  : compress::gzip(body, effort == Effort::little ? 3 : 6);
}

}  // namespace

Coding choose_coding(std::string_view accept) {
  std::optional<int> brotli, gzip, identity, any;
  for (std::string_view item : split(accept, ',')) {
    const std::size_t semicolon = std::min(item.find(';'), item.size());
    const std::string name = to_lower_ascii(trim(item.substr(0, semicolon)));
    const int q = quality(item.substr(std::min(semicolon + 1, item.size())));
    if (name == "br") brotli = q;
    if (name == "gzip" || name == "x-gzip") gzip = q;
    if (name == "identity") identity = q;
    if (name == "*") any = q;
  }
  const int b = brotli.value_or(any.value_or(0));
  const int g = gzip.value_or(any.value_or(0));
  const int best = std::max(b, g);
  if (best == 0 || identity.value_or(0) > best) return Coding::identity;
  return b >= g ? Coding::brotli : Coding::gzip;
}

// True if the list names `tag` (weak comparison) or is "*".
bool names_tag(std::string_view list, std::string_view tag) {
  list = trim(list);
  if (list == "*") return true;
  while (!list.empty()) {
    if (list.starts_with("W/")) list.remove_prefix(2);
    if (!list.starts_with('"')) return false;
    const std::size_t end = list.find('"', 1);
    if (end == list.npos) return false;
    if (list.substr(0, end + 1) == tag) return true;
    list.remove_prefix(end + 1);
    list = trim(list);
    if (list.starts_with(',')) list = trim(list.substr(1));
  }
  return false;
}

// Least recently used first out; `order` has the newest in front.
struct Representations::State {
  struct Entry {
    std::string key;
    Body body;  // null: compressing does not make it smaller
  };

  explicit State(std::size_t limit_bytes) : limit(limit_bytes) {}

  std::optional<Body> find(const std::string& key) {
    const std::lock_guard lock(mutex);
    auto found = entries.find(key);
    if (found == entries.end()) return std::nullopt;
    order.splice(order.begin(), order, found->second);
    return found->second->body;
  }

  void keep(const std::string& key, const Body& body) {
    const std::lock_guard lock(mutex);
    if (entries.contains(key) || weight(body) > limit) return;
    order.push_front({key, body});
    entries[key] = order.begin();
    bytes += weight(body);
    while (bytes > limit) {
      bytes -= weight(order.back().body);
      entries.erase(order.back().key);
      order.pop_back();
    }
  }

  static std::size_t weight(const Body& body) { return 256 + (body ? body->size() : 0); }

  const std::size_t limit;
  std::mutex mutex;
  std::list<Entry> order;
  std::unordered_map<std::string, std::list<Entry>::iterator> entries;
  std::size_t bytes = 0;
};

Representations::Representations(std::size_t limit_bytes) : state_(std::make_unique<State>(limit_bytes)) {}
Representations::~Representations() = default;

Response Representations::finish(const Request& request, Response response, Effort effort) {
  if (response.waiting) {   // what comes of it is finished as any other
    return wait(response.waiting->time, [this, request, later = response.waiting](bool last) {
      auto answer = later->ask(last);
      if (answer) answer = finish(request, std::move(*answer), Effort::little);
      return answer;
    });
  }
  if ((request.method != "GET" && request.method != "HEAD") || response.status != 200) return response;
  const Body made = response.body;
  const std::string* type = find_header(response, "content-type");
  Coding coding = Coding::identity;
  if (type != nullptr && is_textual(*type) && response.body->size() >= kLeastCompressed &&
      find_header(response, "content-encoding") == nullptr) {
    add_vary(response);
    coding = choose_coding(request.header("accept-encoding"));
  }
  if (coding != Coding::identity) {
    // Compressing quickly costs little more than looking for what was compressed.
    const std::string key = effort == Effort::much ? crypto::sha256_hex(*response.body) + suffix(coding) : std::string();
    std::optional<Body> body = effort == Effort::much ? state_->find(key) : std::nullopt;
    if (!body) {  // compressed outside the lock: two threads may do the same once
      auto small = std::make_shared<const std::string>(compressed(*response.body, coding, effort));
      body = small->size() < response.body->size() ? Body(small) : Body();
      if (effort == Effort::much) state_->keep(key, *body);
    }
    if (*body) {
      response.body = *body;
      response.header("Content-Encoding", coding == Coding::brotli ? "br" : "gzip");
    } else {
      coding = Coding::identity;
    }
  }
  const std::string tag = "\"" + tag_of(*made) + suffix(coding) + "\"";
  response.header("ETag", tag);
  if (names_tag(request.header("if-none-match"), tag)) {
    response.status = 304;
    response.body = std::make_shared<const std::string>();
    std::erase_if(response.headers, [](const auto& header) {
      const std::string name = to_lower_ascii(header.first);
      return name == "content-type" || name == "content-encoding" || name == "content-length";
    });
  }
  return response;
}

}  // namespace verbund::http

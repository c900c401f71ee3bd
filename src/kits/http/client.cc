// SPDX-License-Identifier: EUPL-1.2
// Source: RFC 9112 (HTTP/1.1 messages), sections 6 and 7.
#include "kits/http/client.h"

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <optional>
#include <thread>

#include "base/text.h"
#include "kits/tls/session.h"

namespace verbund::http {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t page_limit = 256 * 1024;              // of a page that says why there is no answer
constexpr auto least_pause = std::chrono::milliseconds(100);

std::unexpected<Error> unavailable(const std::string& what) { return fail(ErrorCode::unavailable, what); }
std::unexpected<Error> not_http(const char* what) {
  return fail(ErrorCode::invalid, std::string("the answer is not HTTP: ") + what);
}

std::optional<std::size_t> hex_number(std::string_view text) {
  if (text.empty() || text.size() > 8) return std::nullopt;
  std::size_t out = 0;
  for (const char c : to_lower_ascii(text)) {
    const bool digit = c >= '0' && c <= '9';
    if (!digit && (c < 'a' || c > 'f')) return std::nullopt;
    out = out * 16 + static_cast<std::size_t>(digit ? c - '0' : c - 'a' + 10);
  }
  return out;
}

}  // namespace

Result<Address> parse_address(std::string_view url) {
  const auto bad = [&](const char* why) { return fail(ErrorCode::usage, why, std::string(url.substr(0, 200))); };
  Address out;
  out.secure = url.starts_with("https://");
  if (!out.secure && !url.starts_with("http://")) return bad("an address beginning with http:// or https:// is needed");
  url.remove_prefix(out.secure ? 8 : 7);
  if (out.secure) out.port = 443;
  const auto forbidden = [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == '#' || c == '\x7f'; };
  if (std::ranges::any_of(url, forbidden)) return bad("the address holds a character that none has");
  const std::size_t end = std::min(url.find_first_of("/?"), url.size());
  std::string_view host = url.substr(0, end);
  out.path = url.substr(end);
  if (!out.path.starts_with('/')) out.path = "/" + out.path;
  const std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    const auto port = parse_number(host.substr(colon + 1));
    if (!port || *port < 1 || *port > 65535) return bad("the port is no number from 1 to 65535");
    out.port = static_cast<std::uint16_t>(*port);
    host = host.substr(0, colon);
  }
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  else if (host.contains(':')) return bad("an IPv6 address stands in brackets");
  if (host.empty() || host.find_first_of("@[]") != std::string_view::npos) return bad("the address has no host");
  out.host = host;
  return out;
}

// A connected socket, with or without TLS.
class Client::Connection {
 public:
  explicit Connection(int socket) : socket_(socket) {}
  ~Connection() {
    session_.reset();
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<void> secure(const std::string& host, const std::string& ca_file, Clock::time_point until) {
    auto session = tls::Session::open(socket_, host, ca_file, until);
    if (!session) return pass(session);
    session_ = std::move(*session);
    return {};
  }

  Result<void> write(std::string_view bytes, Clock::time_point until) {
    if (session_) return session_->write(bytes, until);
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
      else if (sent < 0 && errno == EINTR) continue;
      else if (sent < 0 && errno != EAGAIN) return unavailable(std::strerror(errno));
      else if (!tls::wait_for(socket_, false, until)) return unavailable("no answer in time");
    }
    return {};
  }

  // 0: the end of the connection.
  Result<std::size_t> read(char* bytes, std::size_t most, Clock::time_point until) {
    if (session_) return session_->read(bytes, most, until);
    while (true) {
      const ssize_t got = ::recv(socket_, bytes, most, 0);
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno == EINTR) continue;
      if (errno != EAGAIN) return unavailable(std::strerror(errno));
      if (!tls::wait_for(socket_, true, until)) return unavailable("no answer in time");
    }
  }

  // Whoever reads or writes hears the end; any thread.
  void break_off() { ::shutdown(socket_, SHUT_RDWR); }

 private:
  int socket_;
  std::optional<tls::Session> session_;
};

Client::Client(ClientOptions options) : options_(std::move(options)) {}
Client::~Client() = default;

Result<void> Client::connect(const Address& address) {
  connection_.reset();
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const std::string port = std::to_string(address.port);
  if (const int why = ::getaddrinfo(address.host.c_str(), port.c_str(), &hints, &found); why != 0) {
    return unavailable("the host is unknown: " + std::string(::gai_strerror(why)));
  }
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  const auto until = Clock::now() + options_.connect_time;
  int reason = ETIMEDOUT;
  for (const addrinfo* one = found; one != nullptr && !connection_; one = one->ai_next) {
    const int socket = ::socket(one->ai_family, one->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, one->ai_protocol);
    if (socket < 0) continue;
    auto connection = std::make_unique<Connection>(socket);
    reason = ::connect(socket, one->ai_addr, one->ai_addrlen) == 0 ? 0 : errno;
    if (reason == EINPROGRESS) {
      socklen_t size = sizeof reason;
      const bool answered = tls::wait_for(socket, false, until);
      if (!answered || ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &reason, &size) != 0) reason = ETIMEDOUT;
    }
    if (reason == 0) connection_ = std::move(connection);
  }
  if (!connection_) return unavailable(std::string("no connection: ") + std::strerror(reason));
  if (!address.secure) return {};
  auto secured = connection_->secure(address.host, options_.ca_file, until);
  if (!secured) connection_.reset();
  return secured;
}

// One request and its answer.
class Client::Exchange {
 public:
  Exchange(Connection& connection, const ClientOptions& options, std::size_t body_limit)
      : connection_(connection), options_(options), limit_(body_limit), until_(Clock::now() + options.answer_time) {}

  Result<void> send(std::string_view bytes) { return connection_.write(bytes, until_); }

  bool heard_something() const { return heard_; }
  bool stays_open() const { return stays_open_; }

  Result<Response> receive() {
    Response out;
    do {   // answers of the class 1xx are passed over
      out = Response();
      if (auto head = read_head(out); !head) return pass(head);
    } while (out.status >= 100 && out.status < 200);
    std::string body;
    if (auto read = read_body(out, body); !read) return pass(read);
    out.body = std::make_shared<const std::string>(std::move(body));
    return out;
  }

 private:
  // Reads more into buffer_. False at the end of the connection.
  Result<bool> more() {
    char bytes[16 * 1024];
    const auto got = connection_.read(bytes, sizeof bytes, until_);
    if (!got) return std::unexpected(got.error());
    if (*got == 0) return false;
    heard_ = true;
    buffer_.append(bytes, *got);
    if (Clock::now() > until_) return unavailable("no answer in time");
    return true;
  }

  // A line without its end, taken off the buffer.
  Result<std::string> line(std::size_t limit) {
    std::size_t end = buffer_.find('\n');
    while (end == std::string::npos) {
      if (buffer_.size() > limit) return fail(ErrorCode::too_large, "the head of the answer is too long");
      const auto got = more();
      if (!got) return std::unexpected(got.error());
      if (!*got) return unavailable("the connection was broken off");
      end = buffer_.find('\n');
    }
    std::string out = buffer_.substr(0, end);
    buffer_.erase(0, end + 1);
    if (out.ends_with('\r')) out.pop_back();
    return out;
  }

  Result<void> read_head(Response& out) {
    auto first = line(options_.header_bytes);
    if (!first) return pass(first);
    if (!first->starts_with("HTTP/1.") || first->size() < 12) return not_http("the first line");
    const auto status = parse_number(std::string_view(*first).substr(9, 3));
    if (!status || *status < 100) return not_http("the status");
    out.status = static_cast<int>(*status);
    stays_open_ = first->starts_with("HTTP/1.1");
    std::size_t bytes = 0;
    while (true) {
      auto next = line(options_.header_bytes);
      if (!next) return pass(next);
      if (next->empty()) return {};
      bytes += next->size();
      if (bytes > options_.header_bytes) return fail(ErrorCode::too_large, "the head of the answer is too long");
      const std::size_t colon = next->find(':');
      if (colon == std::string::npos || colon == 0) return not_http("a header without a name");
      out.header(to_lower_ascii(next->substr(0, colon)), std::string(trim(std::string_view(*next).substr(colon + 1))));
    }
  }

  Result<void> take(std::size_t count, std::string& body) {
    if (count > limit_ - body.size()) return fail(ErrorCode::too_large, "the answer is too long");
    while (buffer_.size() < count) {
      const auto got = more();
      if (!got) return std::unexpected(got.error());
      if (!*got) return unavailable("the connection was broken off");
    }
    body.append(buffer_, 0, count);
    buffer_.erase(0, count);
    return {};
  }

  Result<void> read_chunks(std::string& body) {
    while (true) {
      auto head = line(1024);
      if (!head) return pass(head);
      const auto count = hex_number(trim(std::string_view(*head).substr(0, head->find(';'))));
      if (!count) return not_http("a chunk without a length");
      if (*count > 0) {
        if (auto taken = take(*count, body); !taken) return taken;
        const auto end = line(2);
        if (!end) return std::unexpected(end.error());
        if (!end->empty()) return not_http("a chunk that does not end");
        continue;
      }
      for (int trailers = 0; trailers < 100; ++trailers) {
        const auto trailer = line(options_.header_bytes);
        if (!trailer) return std::unexpected(trailer.error());
        if (trailer->empty()) return {};
      }
      return not_http("too many trailers");
    }
  }

  Result<void> read_body(const Response& head, std::string& body) {
    std::optional<std::size_t> length;
    bool chunked = false;
    for (const auto& [name, value] : head.headers) {
      if (name == "connection" && to_lower_ascii(value) == "close") stays_open_ = false;
      if (name == "transfer-encoding") chunked = to_lower_ascii(value) == "chunked";
      if (name != "content-length") continue;
      const auto number = parse_number(value);
      if (!number || *number < 0) return not_http("its length");
      if (length && *length != static_cast<std::size_t>(*number)) return not_http("two lengths");
      length = static_cast<std::size_t>(*number);
    }
    if (head.status < 200 || head.status > 299) limit_ = std::max(limit_, page_limit);   // a page that says why
    if (head.status == 204 || head.status == 304) return {};
    if (chunked) return read_chunks(body);
    if (length) return take(*length, body);
    stays_open_ = false;   // the body ends with the connection
    while (true) {
      if (buffer_.size() > limit_) return fail(ErrorCode::too_large, "the answer is too long");
      const auto got = more();
      if (!got) return std::unexpected(got.error());
      if (!*got) break;
    }
    body = std::move(buffer_);
    return {};
  }

  Connection& connection_;
  const ClientOptions& options_;
  std::size_t limit_;
  const Clock::time_point until_;
  std::string buffer_;
  bool heard_ = false;
  bool stays_open_ = false;
};

namespace {

// What a 503 says of when to come back; nothing: it does not, or as a date.
std::optional<std::chrono::milliseconds> comes_back_in(const Response& answer) {
  if (answer.status != 503) return std::nullopt;
  for (const auto& [name, value] : answer.headers) {
    if (name != "retry-after") continue;
    const auto seconds = parse_number(value);
    if (!seconds || *seconds < 0) return std::nullopt;
    return std::max(least_pause, std::chrono::milliseconds(std::chrono::seconds(std::min<std::int64_t>(*seconds, 3600))));
  }
  return std::nullopt;
}

}  // namespace

Result<Response> Client::get(const std::string& url, std::size_t body_limit,
                             const std::vector<std::pair<std::string, std::string>>& headers) {
  const auto until = Clock::now() + options_.busy_time;
  for (;;) {
    auto answer = ask(url, "GET", "", body_limit, headers);
    const auto pause = answer ? comes_back_in(*answer) : std::nullopt;
    if (!pause || Clock::now() + *pause > until || options_.stop.stop_requested()) return answer;
    for (const auto again = Clock::now() + *pause; Clock::now() < again && !options_.stop.stop_requested();)
      std::this_thread::sleep_for(std::min<Clock::duration>(again - Clock::now(), least_pause));
  }
}

Result<Response> Client::post(const std::string& url, std::string_view body, std::size_t body_limit,
                              const std::vector<std::pair<std::string, std::string>>& headers) {
  connection_.reset();   // a kept connection may be dead, and asking again is not safe
  auto with_length = headers;
  with_length.emplace_back("Content-Length", std::to_string(body.size()));
  return ask(url, "POST", body, body_limit, with_length);
}

Result<Response> Client::ask(const std::string& url, std::string_view method, std::string_view body,
                             std::size_t body_limit, const std::vector<std::pair<std::string, std::string>>& headers) {
  const auto address = parse_address(url);
  if (!address) return std::unexpected(address.error());
  const std::string there = (address->secure ? "https://" : "http://") + address->host + ":" + std::to_string(address->port);
  const std::string host = address->host.contains(':') ? "[" + address->host + "]" : address->host;
  std::string request = std::string(method) + " " + address->path + " HTTP/1.1\r\nHost: " + host;
  if (address->port != (address->secure ? 443 : 80)) request += ":" + std::to_string(address->port);
  request += "\r\n";
  for (const auto& [name, value] : headers) request += name + ": " + value + "\r\n";
  request += "\r\n";
  request += body;
  while (true) {
    const bool kept = connection_ != nullptr && connected_ == there;
    if (!kept) {
      if (auto connected = connect(*address); !connected) {
        connected.error().where = url;
        return pass(connected);
      }
      connected_ = there;
    }
    Exchange exchange(*connection_, options_, body_limit);
    auto answer = [&]() -> Result<Response> {
      const std::stop_callback ending(options_.stop, [this] { connection_->break_off(); });
      if (auto sent = exchange.send(request); !sent) return pass(sent);
      return exchange.receive();
    }();
    if (!answer || !exchange.stays_open()) connection_.reset();
    if (answer) return answer;
    const bool dead = kept && !exchange.heard_something() && answer.error().code == ErrorCode::unavailable;
    if (dead && !options_.stop.stop_requested()) continue;
    answer.error().where = url;
    return answer;
  }
}

}  // namespace verbund::http

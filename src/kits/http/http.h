// SPDX-License-Identifier: EUPL-1.2
// An HTTP/1.1 server: few threads for input and output, a pool of workers that run plain handlers. Boost.Beast is in
// server.cc only.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace verbund::http {

struct Request {
  std::string method;                          // "GET", "HEAD", "POST" ... as sent
  std::string target;                          // path and query as sent
  std::string path;                            // decoded, "/" first, no "." or ".." segments, valid UTF-8
  std::vector<std::string> segments;           // of the path, decoded: "%2F" stays in its segment; empty: those of `path`
  std::vector<std::pair<std::string, std::string>> query;    // decoded, in order
  std::map<std::string, std::string, std::less<>> headers;   // names in lower case; repeated ones joined with ", "
  std::string body;
  std::string client;                          // the peer's address ("192.0.2.1", "2001:db8::1"); not to be stored
  std::map<std::string, std::string, std::less<>> parameters;  // from the route pattern

  std::string_view header(std::string_view lower_case_name) const;  // "" if absent
  std::string_view query_value(std::string_view name) const;        // first; "" if absent
};

struct Waiting;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::shared_ptr<const std::string> body = std::make_shared<const std::string>();
  // Depends on nothing but Host, target, Accept-Encoding and what Service::generation counts: a 200 to GET may be kept
  // and given to anyone who asks the same without a Referer (who has one is counted by the service, if at all).
  bool reusable = false;
  // Not an answer yet: the rest does not count, the connection waits without a thread.
  std::shared_ptr<const Waiting> waiting;
  // Sent with this answer only, never kept with a reusable one: what depends on who asks.
  std::vector<std::pair<std::string, std::string>> own_headers;

  Response& header(std::string name, std::string value);
};

// What a request waits for ("long polling"). Limit: ServerOptions::waiting.
struct Waiting {
  std::chrono::milliseconds time{0};           // at most, kept to 100 ms
  // Asked at Server::wake, and once with `last` when the time is over, the server stops or there is no room to wait:
  // then it must answer. As a QuickHandler: on an input/output thread, bounded by the processor alone.
  std::function<std::optional<Response>(bool last)> ask;
};
Response wait(std::chrono::milliseconds time, std::function<std::optional<Response>(bool last)> ask);

Response text(int status, std::string body);
Response html(int status, std::string body);           // text/html; charset=utf-8
Response json(int status, std::string body);           // application/json
Response redirect(int status, std::string location);   // 301, 303, 307, 308
// RFC 9457 problem: {"type":"about:blank","title","status","detail"}.
Response problem(int status, std::string title, std::string detail);
Response problem(const Error& error);                  // status from the code: 400 404 409 413 503 400

using Handler = std::function<Response(const Request&)>;
// Runs on an input/output thread, where waiting would stop all its connections: bounded by the processor alone (below
// 5 ms whatever was sent) - no disk, no other program, no lock that is held meanwhile. Nothing: a worker shall do it.
using QuickHandler = std::function<std::optional<Response>(const Request&)>;

// Routes by method and pattern: "/api/v1/services/{id}" ({name} = one segment, never empty). Fixed segments win over
// parameters. HEAD is answered by GET. Wrong method: 405 with Allow. Nothing: the fallback.
class Router {
 public:
  Router();
  ~Router();
  Router(Router&&) noexcept;
  Router& operator=(Router&&) noexcept;
  void add(std::string method, std::string pattern, Handler handler, QuickHandler quick = {});
  void fallback(Handler handler);
  Response route(const Request& request) const;          // fills request.parameters in a copy
  std::optional<Response> quick(const Request& request) const;   // of the route found; nothing if it has none

 private:
  struct Node;
  struct Match;
  Match find(const Request& request) const;
  std::unique_ptr<Node> root_;
  Handler fallback_;
};

// Conditional and compressed answers. `finish` adds ETag (strong, from the body), answers If-None-Match with 304, and
// picks brotli, gzip or identity by Accept-Encoding (Vary set) for bodies of 512 bytes or more of a textual type.
// Compressed forms are kept for bodies seen lately (least recently used out first), keyed by the body's digest.
// Thread-safe. Requires: GET or HEAD and status 200, others pass unchanged. With little effort
// it compresses fast and keeps nothing: for answers of a QuickHandler.
enum class Effort { much, little };

class Representations {
 public:
  explicit Representations(std::size_t limit_bytes = 16u << 20);
  ~Representations();
  Response finish(const Request& request, Response response, Effort effort = Effort::much);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 8080;                   // 0: any free port, see Server::port
  unsigned threads = 0;                        // for input and output; 0: one for each core, at most 8
  unsigned workers = 2;
  std::size_t header_bytes = 16 * 1024;        // over it: 431
  std::size_t body_bytes = 1u << 20;           // over it: 413
  std::size_t connections = 1024;              // over it: 503 and closed; who is idle for a second makes room
  std::size_t waiting = 512;                   // of them with a Response::waiting; over it: answered at once
  std::size_t queue = 256;                     // requests waiting for a worker; over it: 503
  std::chrono::milliseconds queue_time{150};   // the longest a request waits for a worker; over it: 503
  std::chrono::seconds header_time{10};        // for the first byte to the end of the header
  std::chrono::seconds body_time{30};
  std::chrono::seconds idle_time{30};          // keep-alive
  std::chrono::seconds write_time{30};         // all times are kept to 100 ms
  std::chrono::seconds stop_time{10};          // how long stop() lets running requests finish
  std::size_t kept_bytes = 64u << 20;          // reusable answers ready to send, least recently used out first
};

// What answers. Only `handler` is needed.
struct Service {
  template <typename F>
    requires std::is_invocable_r_v<Response, F, const Request&>
  Service(F function) : handler(std::move(function)) {}  // NOLINT: a handler is a service

  Handler handler;                                       // in a worker
  // First, on an input/output thread (see QuickHandler): the answer, or nothing to have a worker ask `handler`.
  QuickHandler quick;
  // Grows when an answer marked reusable may have changed. Asked per request, from all threads. Without: none kept.
  std::function<std::uint64_t()> generation;
  // Where one server answers for several: which of them is asked, by the Host, and its own generation (that above is not
  // asked then). What is kept for one is never given for another. Nothing: not kept.
  struct Part {
    std::string name;
    std::uint64_t generation;
  };
  std::function<std::optional<Part>(std::string_view host)> part;
  // What a request over a limit gets, on an input/output thread; 503 with Retry-After is seen to. Without: a problem.
  Handler busy;
};

struct ServerObserver {  // called from all threads; must not block
  std::function<void(int status, std::chrono::nanoseconds)> answered;  // by the service, or from what is kept
  std::function<void(std::string_view what)> refused;  // "connections", "queue", "header", "body", "time"
  std::function<void(std::string_view what)> failed;   // an exception out of the handler: answered with 500
};

class Server {
 public:
  // Binds and listens. Errors: unavailable (address in use: says which and what to do).
  static Result<std::unique_ptr<Server>> start(const ServerOptions& options, Service service, ServerObserver observer);
  virtual ~Server() = default;
  virtual std::uint16_t port() const = 0;
  // Asks everyone who waits again; any thread. Many calls at once are one.
  virtual void wake() = 0;
  virtual void stop() = 0;   // graceful: no new connections, running requests finish (stop_time), idle ones close
};

// application/x-www-form-urlencoded and query strings. Errors: invalid (bad escape, not UTF-8).
Result<std::vector<std::pair<std::string, std::string>>> parse_form(std::string_view encoded);
std::string percent_encode(std::string_view text);       // for one path segment or query value
Result<std::string> percent_decode(std::string_view text, bool plus_is_space);

}  // namespace verbund::http

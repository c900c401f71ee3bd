// SPDX-License-Identifier: EUPL-1.2
// The only place with Boost. One thread does all input and output; it alone touches sessions, so nothing here locks.
// Workers get a finished Request and post a finished answer back.
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <future>
#include <optional>
#include <thread>
#include <unordered_set>

#include "base/text.h"
#include "kits/http/http.h"
#include "kits/http/target.h"
#include "kits/http/wire.h"
#include "kits/http/worker_pool.h"

namespace verbund::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 8 * 1024;
constexpr std::size_t kMostDiscarded = 1u << 20;        // of a refused request, so that the client can read why
constexpr std::chrono::seconds kDiscardTime{2};
constexpr std::chrono::milliseconds kAcceptPause{100};  // after accept failed (too many open files)

class Session;

// What all sessions of a server share.
struct Shared {
  Shared(ServerOptions o, Handler h, ServerObserver b)
      : options(std::move(o)), handler(std::move(h)), observer(std::move(b)), pool(options.workers, options.queue) {}
  const ServerOptions options;
  const Handler handler;
  const ServerObserver observer;
  asio::io_context io{1};
  std::unordered_set<Session*> sessions;
  std::atomic<bool> draining{false};   // written by the I/O thread; workers say "close" then
  std::promise<void> drained;          // kept when the last session of a draining server ends
  WorkerPool pool;

  void refused(std::string_view what) const {
    if (observer.refused) observer.refused(what);
  }
};

struct Answer {
  std::string head;
  std::shared_ptr<const std::string> body;  // null: none on the wire
  bool keep_alive = false;
};

std::string now_text() { return http_date(std::time(nullptr)); }

// Replaces a `response` that cannot be sent by a 500.
Answer answer_of(Response& response, std::string_view method, bool keep_alive, const Shared& shared) {
  keep_alive = keep_alive && !shared.draining;
  auto head = response_head(response, keep_alive, now_text());
  if (!head) {
    if (shared.observer.failed) shared.observer.failed(head.error().message);
    response = problem(500, "Interner Fehler", "Die Antwort konnte nicht gebildet werden.");
    head = response_head(response, keep_alive, now_text());
  }
  return {std::move(*head), has_body(method, response.status) ? response.body : nullptr, keep_alive};
}

// The exception boundary of all handlers.
Response handled(const Shared& shared, const Request& request) {
  std::string what = "unknown exception";
  try {
    return shared.handler(request);
  } catch (const std::exception& e) {
    what = e.what();
  } catch (...) {  // also what is no std::exception must not end the server
  }
  if (shared.observer.failed) shared.observer.failed(what);
  return problem(500, "Interner Fehler", "Das hat nicht geklappt. Bitte versuchen Sie es später noch einmal.");
}

struct Refusal {
  int status;
  const char* title;
  const char* detail;
  const char* what;  // for the observer, null: none
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, std::shared_ptr<Shared> shared)
      : socket_(std::move(socket)), timer_(shared->io), buffer_(shared->options.header_bytes + 2 * kReadBytes),
        shared_(std::move(shared)) {
    shared_->sessions.insert(this);
  }

  ~Session() {
    shared_->sessions.erase(this);
    if (shared_->draining && shared_->sessions.empty()) shared_->drained.set_value();
  }

  void await_request() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_->options.header_bytes));
    parser_->body_limit(shared_->options.body_bytes);
    if (buffer_.size() > 0) return read_header();
    if (shared_->draining) return close();
    idle_ = true;
    arm(first_ ? shared_->options.header_time : shared_->options.idle_time);
    first_ = false;
    socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](error_code ec, std::size_t bytes) {
      self->idle_ = false;
      if (ec || self->timed_out_) return self->close();
      self->buffer_.commit(bytes);
      self->read_header();
    });
  }

  // Called while stopping: who waits for a request goes, who is in one may finish it.
  void drain() {
    if (idle_) close();
  }

  void close() {
    error_code ignored;
    socket_.close(ignored);
    disarm();
  }

 private:
  void read_header() {
    arm(shared_->options.header_time);
    beast::http::async_read_header(socket_, buffer_, *parser_, [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (self->timed_out_) return self->refuse(kTooSlow);
      if (ec) return self->refuse_unreadable(ec);
      self->header_read();
    });
  }

  void refuse_unreadable(error_code ec) {
    namespace h = beast::http;
    if (ec == h::error::header_limit || ec == h::error::buffer_overflow) {
      return refuse({431, "Anfragekopf zu groß", "Der Kopf der Anfrage ist größer als erlaubt.", "header"});
    }
    if (ec == h::error::body_limit) return refuse(kTooLarge);
    if (ec == h::error::bad_version && names_a_version()) return refuse(kVersion);
    if (ec == h::error::end_of_stream || ec == h::error::partial_message) return close();
    if (ec.category() == h::make_error_code(h::error::bad_method).category()) {
      return refuse({400, "Ungültige Anfrage", "Die Anfrage ist kein gültiges HTTP/1.1.", nullptr});
    }
    close();
  }

  // True if the request line is whole and ends like "HTTP/2.0": another version, not another protocol.
  bool names_a_version() const {
    std::string_view line(static_cast<const char*>(buffer_.cdata().data()), buffer_.size());
    line = line.substr(0, line.find("\r\n"));
    const std::size_t space = line.rfind(' ');
    const std::string_view version = space == line.npos ? std::string_view{} : line.substr(space + 1);
    return version.size() == 8 && version.starts_with("HTTP/") && version != "HTTP/1.1" && version != "HTTP/1.0";
  }

  // What HTTP demands of a header before its body is worth reading.
  void header_read() {
    namespace h = beast::http;
    const auto& message = parser_->get();
    if (message.version() != 10 && message.version() != 11) {
      return refuse(kVersion);
    }
    // RFC 9112, 3.2: exactly one Host in HTTP/1.1.
    if (message.count(h::field::host) > 1 || (message.version() == 11 && message.count(h::field::host) == 0)) {
      return refuse({400, "Ungültige Anfrage", "Die Anfrage braucht genau eine Host-Zeile.", nullptr});
    }
    // RFC 9112, 6.1 and 6.3: what two parties could read differently is not read at all.
    if (message.count(h::field::transfer_encoding) > 0) {
      if (message.count(h::field::content_length) > 0 || message.version() == 10) {
        return refuse({400, "Ungültige Anfrage", "Die Länge der Anfrage ist mehrdeutig.", nullptr});
      }
      if (message.count(h::field::transfer_encoding) > 1 ||
          !beast::iequals(message[h::field::transfer_encoding], "chunked")) {
        return refuse({501, "Nicht unterstützt", "Diese Übertragungskodierung wird nicht unterstützt.", nullptr});
      }
    }
    if (message.count(h::field::content_length) > 1) {
      return refuse({400, "Ungültige Anfrage", "Die Länge der Anfrage ist mehrdeutig.", nullptr});
    }
    switch (message.method()) {
      case h::verb::get:
      case h::verb::head:
      case h::verb::post:
      case h::verb::put:
      case h::verb::delete_:
      case h::verb::patch:
      case h::verb::options: break;
      default: return refuse({501, "Methode nicht unterstützt", "Diese Methode gibt es hier nicht.", nullptr});
    }
    auto target = read_target({message.target().data(), message.target().size()});
    if (!target) return refuse({400, "Ungültige Anfrage", "Die Adresse ist nicht lesbar.", nullptr});
    target_ = std::move(*target);
    if (parser_->is_done()) return dispatch();
    if (message.count(h::field::expect) > 0 && message.version() == 11) {
      if (!beast::iequals(message[h::field::expect], "100-continue")) {
        return refuse({417, "Erwartung nicht erfüllbar", "Nur Expect: 100-continue wird unterstützt.", nullptr});
      }
      return send_continue();
    }
    read_body();
  }

  void send_continue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    arm(shared_->options.write_time);
    asio::async_write(socket_, asio::buffer(text), [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (ec || self->timed_out_) return self->close();
      self->read_body();
    });
  }

  void read_body() {
    arm(shared_->options.body_time);
    beast::http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (self->timed_out_) return self->refuse(kTooSlow);
      if (ec) return self->refuse_unreadable(ec);
      self->dispatch();
    });
  }

  Request take_request() {
    auto message = parser_->release();
    Request request;
    request.method = std::string(message.method_string());
    request.target = std::string(message.target());
    request.path = std::move(target_.path);
    request.segments = std::move(target_.segments);
    request.query = std::move(target_.query);
    for (const auto& field : message) {
      const std::string name = to_lower_ascii({field.name_string().data(), field.name_string().size()});
      const std::string_view value(field.value().data(), field.value().size());
      auto [place, added] = request.headers.emplace(name, value);
      if (!added) place->second.append(name == "cookie" ? "; " : ", ").append(value);
    }
    request.body = std::move(message.body());
    return request;
  }

  void dispatch() {
    const bool keep_alive = parser_->keep_alive();
    auto request = std::make_shared<const Request>(take_request());
    const bool taken =
        shared_->pool.offer([self = shared_from_this(), request, keep_alive, begin = Clock::now()]() mutable {
          Shared& shared = *self->shared_;
          Response response = handled(shared, *request);
          Answer answer = answer_of(response, request->method, keep_alive, shared);
          if (shared.observer.answered) shared.observer.answered(*request, response, Clock::now() - begin);
          // The session goes back to the I/O thread whole: it must not end its life in a worker.
          asio::post(shared.io, [session = std::move(self), ready = std::move(answer)]() mutable {
            session->send(std::move(ready));
          });
        });
    if (taken) return;
    shared_->refused("queue");
    Response busy = problem(503, "Überlastet", "Gerade fragen zu viele zugleich. Bitte gleich noch einmal versuchen.");
    busy.header("Retry-After", "1");
    send(answer_of(busy, request->method, keep_alive, *shared_));
  }

  void refuse(const Refusal& refusal) {
    if (refusal.what != nullptr) shared_->refused(refusal.what);
    const bool head = parser_->is_header_done() && parser_->get().method() == beast::http::verb::head;
    Response response = problem(refusal.status, refusal.title, refusal.detail);
    send(answer_of(response, head ? "HEAD" : "", false, *shared_));
  }

  void send(Answer answer) {
    answer_ = std::move(answer);
    const std::array<asio::const_buffer, 2> parts = {
        asio::buffer(answer_.head), answer_.body ? asio::buffer(*answer_.body) : asio::const_buffer()};
    arm(shared_->options.write_time);
    asio::async_write(socket_, parts, [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (ec || self->timed_out_) return self->close();
      self->answer_.body.reset();
      if (self->answer_.keep_alive) return self->await_request();
      self->discard_rest();
    });
  }

  // Closing with unread bytes would reset the connection and could take the answer from the client: say that nothing
  // more comes, then read what still arrives, for a while.
  void discard_rest() {
    error_code ec;
    socket_.shutdown(tcp::socket::shutdown_send, ec);
    if (ec) return close();
    arm(kDiscardTime);
    discard_more(0);
  }

  void discard_more(std::size_t discarded) {
    buffer_.consume(buffer_.size());
    socket_.async_read_some(buffer_.prepare(kReadBytes),
                            [self = shared_from_this(), discarded](error_code ec, std::size_t bytes) {
                              if (ec || self->timed_out_ || discarded + bytes > kMostDiscarded) return self->close();
                              self->discard_more(discarded + bytes);
                            });
  }

  // After `time` whatever the session waits for ends with timed_out_ set.
  void arm(std::chrono::steady_clock::duration time) {
    timed_out_ = false;
    timer_.expires_after(time);
    timer_.async_wait([self = shared_from_this(), round = ++round_](error_code ec) {
      if (ec || round != self->round_) return;
      self->timed_out_ = true;
      error_code ignored;
      self->socket_.cancel(ignored);
    });
  }

  void disarm() {
    ++round_;
    timer_.cancel();
  }

  static constexpr Refusal kTooSlow{408, "Zeitüberschreitung", "Die Anfrage kam nicht rechtzeitig vollständig an.",
                                    "time"};
  static constexpr Refusal kTooLarge{413, "Anfrage zu groß", "Der Inhalt der Anfrage ist größer als erlaubt.", "body"};

  static constexpr Refusal kVersion{505, "HTTP-Version nicht unterstützt", "Bitte HTTP/1.1 verwenden.", nullptr};

  tcp::socket socket_;
  asio::steady_timer timer_;
  beast::flat_buffer buffer_;
  std::shared_ptr<Shared> shared_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  Target target_;
  Answer answer_;
  std::uint64_t round_ = 0;
  bool timed_out_ = false;
  bool idle_ = false;
  bool first_ = true;
};

class TcpServer : public Server {
 public:
  TcpServer(std::shared_ptr<Shared> shared, tcp::acceptor acceptor)
      : shared_(std::move(shared)), work_(asio::make_work_guard(shared_->io)), acceptor_(std::move(acceptor)),
        pause_(shared_->io), port_(acceptor_.local_endpoint().port()) {
    accept();
    thread_ = std::thread([this] { run(); });
  }

  ~TcpServer() override { stop(); }

  std::uint16_t port() const override { return port_; }

  void stop() override {
    if (!thread_.joinable()) return;
    std::future<void> drained = shared_->drained.get_future();
    asio::post(shared_->io, [this] {
      error_code ignored;
      acceptor_.close(ignored);
      pause_.cancel();
      shared_->draining = true;
      if (shared_->sessions.empty()) return shared_->drained.set_value();
      for (Session* session : std::vector<Session*>(shared_->sessions.begin(), shared_->sessions.end()))
        session->drain();
    });
    drained.wait_for(shared_->options.stop_time);
    asio::post(shared_->io, [this] {
      for (Session* session : shared_->sessions) session->close();
      work_.reset();
    });
    thread_.join();            // ends, as nothing is left that could complete
    shared_->pool.stop();      // workers may still post sessions back ...
    shared_->io.restart();
    run();                     // ... which end here, on closed sockets
  }

 private:
  void run() {
    while (true) {
      try {
        shared_->io.run();
        return;
      } catch (const std::exception& e) {  // out of memory for one connection must not end the others
        if (shared_->observer.failed) shared_->observer.failed(e.what());
      }
    }
  }

  void accept() {
    acceptor_.async_accept([this](error_code ec, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (ec) {  // out of descriptors or memory: the waiting ones stay in the kernel's queue meanwhile
        shared_->refused("connections");
        pause_.expires_after(kAcceptPause);
        pause_.async_wait([this](error_code waited) {
          if (!waited && acceptor_.is_open()) accept();
        });
        return;
      }
      if (shared_->sessions.size() >= shared_->options.connections) {
        turn_away(socket);
      } else {
        error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        std::make_shared<Session>(std::move(socket), shared_)->await_request();
      }
      accept();
    });
  }

  // Without waiting: a fresh connection takes so few bytes at once.
  void turn_away(tcp::socket& socket) {
    shared_->refused("connections");
    Response full = problem(503, "Überlastet", "Gerade sind zu viele verbunden. Bitte gleich noch einmal versuchen.");
    full.header("Retry-After", "1");
    const Answer answer = answer_of(full, "GET", false, *shared_);
    const std::string text = answer.head + *answer.body;
    error_code ignored;
    std::array<char, 4096> unread;
    socket.non_blocking(true, ignored);
    socket.read_some(asio::buffer(unread), ignored);
    socket.write_some(asio::buffer(text), ignored);
    socket.shutdown(tcp::socket::shutdown_send, ignored);
  }

  std::shared_ptr<Shared> shared_;
  asio::executor_work_guard<asio::io_context::executor_type> work_;  // a session may be with a worker only
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_;
  std::thread thread_;
};

Error cannot_listen(const ServerOptions& options, const error_code& ec) {
  const std::string where = options.address + ":" + std::to_string(options.port);
  if (ec == asio::error::address_in_use) {
    return {ErrorCode::unavailable, "port " + std::to_string(options.port) + " is in use by another program", where,
            "stop that program or choose another port, 0 for any free one"};
  }
  if (ec == asio::error::access_denied) {
    return {ErrorCode::unavailable, "no permission to listen there", where, "choose a port from 1024"};
  }
  return {ErrorCode::unavailable, "cannot listen: " + ec.message(), where, "check the address"};
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const ServerOptions& options, Handler handler, ServerObserver observer) {
  error_code ec;
  const std::string name = options.address == "localhost" ? "127.0.0.1" : options.address;
  const asio::ip::address address = asio::ip::make_address(name, ec);
  if (ec) {
    return fail(ErrorCode::usage, "not an IP address: " + options.address, "", "write 127.0.0.1, 0.0.0.0, ::1 or ::");
  }
  auto shared = std::make_shared<Shared>(options, std::move(handler), std::move(observer));
  tcp::acceptor acceptor(shared->io);
  const tcp::endpoint endpoint(address, options.port);
  acceptor.open(endpoint.protocol(), ec);
  if (!ec) acceptor.set_option(tcp::acceptor::reuse_address(true), ec);
  if (!ec) acceptor.bind(endpoint, ec);
  if (!ec) acceptor.listen(tcp::acceptor::max_listen_connections, ec);
  if (ec) return std::unexpected(cannot_listen(options, ec));
  return std::make_unique<TcpServer>(std::move(shared), std::move(acceptor));
}

}  // namespace verbund::http

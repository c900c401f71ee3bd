// SPDX-License-Identifier: EUPL-1.2
// Boost is here, in loop.cc and in server.cc only. A session belongs to one loop and only its thread touches it, so
// nothing here locks; workers get a finished Request and post the finished answer back.
#include "kits/http/session.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>

#include "kits/http/target.h"
#include "kits/http/wire.h"

namespace verbund::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using boost::system::error_code;
using tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kReadBytes = 8 * 1024;
constexpr std::size_t kMostDiscarded = 1u << 20;        // of a refused request, so that the client can read why
constexpr std::chrono::seconds kSurplusTime{2};
constexpr std::chrono::seconds kDiscardTime{2};

class Connection : public Session, public std::enable_shared_from_this<Connection> {
 public:
  // `surplus`: over the limit of connections, to be told so unless another has gone meanwhile.
  Connection(tcp::socket socket, Loop::State& loop, bool surplus)
      : socket_(std::move(socket)), loop_(loop), shared_(loop.shared),
        buffer_(shared_.options.header_bytes + 2 * kReadBytes), surplus_(surplus) {
    ++shared_.alive;
  }

  ~Connection() override {
    loop_.sessions.erase(this);
    --shared_.alive;
    shared_.tell_if_drained();
  }

  void start() override {
    loop_.sessions.insert(this);
    loop_.keep_deadlines();
    error_code ignored;
    socket_.set_option(tcp::no_delay(true), ignored);
    socket_.non_blocking(true, ignored);
    if (const auto peer = socket_.remote_endpoint(ignored); !ignored) client_ = peer.address().to_string();
    await_request();
  }

  void drain() override {
    if (idle_) return close();
    if (waiting_) answer_waiting(true);
  }

  void close() override {
    error_code ignored;
    socket_.close(ignored);
    disarm();
    end_waiting();
  }

  void expire(Clock::time_point now) override {
    if (now < deadline_) return;
    disarm();
    if (waiting_) return answer_waiting(true);
    timed_out_ = true;
    error_code ignored;
    socket_.cancel(ignored);
  }

  bool waits() const override { return waiting_ != nullptr; }

  void answer_waiting(bool last) override {
    auto response = shared_.desk.ask(*waiting_, last);
    if (!response) return;
    end_waiting();
    shared_.desk.answered(response->status, {});
    respond(std::move(*response));
  }

  void hurry() override {
    leaving_ = true;
    keep_alive_ = false;
    answer_waiting(true);
  }

  std::optional<Clock::time_point> idle_since() const override {
    if (!idle_ || first_) return std::nullopt;
    return deadline_ - shared_.options.idle_time;
  }

 private:
  void await_request() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(shared_.options.header_bytes));
    parser_->body_limit(shared_.options.body_bytes);
    if (buffer_.size() > 0) {  // pipelined: the others' turn first
      return asio::post(loop_.io(), [self = shared_from_this()] { self->parse_header(); });
    }
    if (shared_.draining) return close();
    idle_ = true;
    arm(!first_ ? shared_.options.idle_time
                : surplus_ ? std::min(kSurplusTime, shared_.options.header_time) : shared_.options.header_time);
    socket_.async_read_some(buffer_.prepare(kReadBytes), [self = shared_from_this()](error_code ec, std::size_t bytes) {
      self->idle_ = false;
      self->first_ = false;
      if (ec || self->timed_out_) return self->close();
      self->buffer_.commit(bytes);
      self->parse_header();
    });
  }

  // Mostly all of it has come at once.
  void parse_header() {
    error_code ec;
    buffer_.consume(parser_->put(buffer_.cdata(), ec));
    if (ec == beast::http::error::need_more) return read_header();
    disarm();
    if (ec) return refuse_unreadable(ec);
    header_read();
  }

  void read_header() {
    arm(shared_.options.header_time);
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

  void view_head() {
    const auto& message = parser_->get();
    head_.method = {message.method_string().data(), message.method_string().size()};
    head_.target = {message.target().data(), message.target().size()};
    head_.version = message.version();
    head_.fields.clear();
    for (const auto& field : message) {
      head_.fields.emplace_back(std::string_view(field.name_string().data(), field.name_string().size()),
                                std::string_view(field.value().data(), field.value().size()));
    }
  }

  void header_read() {
    view_head();
    if (const auto refusal = read_fields(head_)) return refuse(*refusal);
    keep_alive_ = parser_->keep_alive();
    head_only_ = head_.method == "HEAD";
    surplus_ = surplus_ && shared_.alive > shared_.options.connections;
    if (parser_->is_done() && !surplus_ &&
        shared_.desk.answer_kept(head_, keep_alive(), loop_.date(), keeping_, answer_)) {
      return send();
    }
    auto target = read_target(head_.target);
    if (!target) return refuse({400, "Ungültige Anfrage", "Die Adresse ist nicht lesbar.", nullptr});
    request_ = request_of(head_, std::move(*target));
    request_.client = client_;
    if (surplus_) {
      keep_alive_ = false;
      return respond(shared_.desk.busy(request_, "connections"));
    }
    if (parser_->is_done()) return dispatch();
    keeping_.key.clear();
    if (head_.expects && head_.version == 11) {
      if (!beast::iequals({head_.expect.data(), head_.expect.size()}, "100-continue")) {
        return refuse({417, "Erwartung nicht erfüllbar", "Nur Expect: 100-continue wird unterstützt.", nullptr});
      }
      return send_continue();
    }
    read_body();
  }

  void send_continue() {
    static constexpr std::string_view text = "HTTP/1.1 100 Continue\r\n\r\n";
    arm(shared_.options.write_time);
    asio::async_write(socket_, asio::buffer(text), [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (ec || self->timed_out_) return self->close();
      self->read_body();
    });
  }

  void read_body() {
    arm(shared_.options.body_time);
    beast::http::async_read(socket_, buffer_, *parser_, [self = shared_from_this()](error_code ec, std::size_t) {
      self->disarm();
      if (self->timed_out_) return self->refuse(kTooSlow);
      if (ec) return self->refuse_unreadable(ec);
      self->request_.body = std::move(self->parser_->get().body());
      self->dispatch();
    });
  }

  void dispatch() {
    const auto begin = Clock::now();
    if (auto response = shared_.desk.quick(request_)) {
      if (!response->waiting) {
        shared_.desk.answered(response->status, Clock::now() - begin);
        shared_.desk.keep(keeping_, request_, *response);
      }
      return respond(std::move(*response));
    }
    auto request = std::make_shared<const Request>(std::move(request_));
    const bool taken = shared_.pool.offer([self = shared_from_this(), request, begin](bool late) mutable {
      Connection& session = *self;
      Desk& desk = session.shared_.desk;
      Response response = late ? desk.busy(*request, "queue") : desk.handle(*request);
      if (!late && !response.waiting) {
        desk.answered(response.status, Clock::now() - begin);
        desk.keep(session.keeping_, *request, response);
      }
      // The session goes back to its loop whole: it must not end its life in a worker.
      asio::post(session.loop_.io(), [back = std::move(self), ready = std::move(response)]() mutable {
        back->respond(std::move(ready));
      });
    });
    if (!taken) respond(shared_.desk.busy(*request, "queue"));
  }

  void refuse(const Refusal& refusal) {
    head_only_ = parser_->is_header_done() && parser_->get().method() == beast::http::verb::head;
    keep_alive_ = false;
    respond(shared_.desk.refusal(refusal));
  }

  bool keep_alive() const { return keep_alive_ && !shared_.draining; }

  // The connection is held by nobody but itself until the answer is there, its time is over or the client goes.
  void begin_waiting(std::shared_ptr<const Waiting> waiting) {
    waiting_ = std::move(waiting);
    if (shared_.waiting.fetch_add(1) >= shared_.options.waiting || shared_.draining) return answer_waiting(true);
    itself_ = shared_from_this();
    arm(waiting_->time);
    socket_.async_wait(tcp::socket::wait_read, [self = shared_from_this()](error_code ec) {
      if (ec || !self->waiting_) return;
      char next = 0;   // a further request may wait its turn; the end of the connection need not
      if (::recv(self->socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT) == 0) self->close();
    });
    answer_waiting(false);   // it may have come true since it was asked
  }

  void end_waiting() {
    if (!waiting_) return;
    waiting_.reset();
    --shared_.waiting;
    disarm();
    error_code ignored;
    if (socket_.is_open()) socket_.cancel(ignored);
    asio::post(loop_.io(), [last = std::move(itself_)] {});
  }

  void respond(Response response) {
    if (response.waiting) return begin_waiting(std::move(response.waiting));
    shared_.desk.write(response, head_only_ ? "HEAD" : "", keep_alive(), loop_.date(), answer_);
    send();
  }

  // Most answers fit into the socket's buffer: one call, no waiting.
  void send() {
    const std::array<asio::const_buffer, 2> parts = {
        asio::buffer(answer_.head), answer_.body ? asio::buffer(*answer_.body) : asio::const_buffer()};
    error_code ec;
    std::size_t sent = socket_.write_some(parts, ec);
    if (ec && ec != asio::error::would_block && ec != asio::error::try_again) return close();
    if (sent == parts[0].size() + parts[1].size()) return finish_answer();
    std::array<asio::const_buffer, 2> rest = parts;
    for (asio::const_buffer& part : rest) {
      const std::size_t skipped = std::min(sent, part.size());
      part += skipped;
      sent -= skipped;
    }
    arm(shared_.options.write_time);
    asio::async_write(socket_, rest, [self = shared_from_this()](error_code failed, std::size_t) {
      self->disarm();
      if (failed || self->timed_out_) return self->close();
      self->finish_answer();
    });
  }

  void finish_answer() {
    answer_.body.reset();
    if (answer_.keep_alive) return await_request();
    if (leaving_) return close();   // it has sent nothing since: nothing is unread
    discard_rest();
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
  void arm(Clock::duration time) {
    timed_out_ = false;
    deadline_ = Clock::now() + time;
  }

  void disarm() { deadline_ = Clock::time_point::max(); }

  static constexpr Refusal kTooSlow{408, "Zeitüberschreitung", "Die Anfrage kam nicht rechtzeitig vollständig an.",
                                    "time"};
  static constexpr Refusal kTooLarge{413, "Anfrage zu groß", "Der Inhalt der Anfrage ist größer als erlaubt.", "body"};
  static constexpr Refusal kVersion{505, "HTTP-Version nicht unterstützt", "Bitte HTTP/1.1 verwenden.", nullptr};

  tcp::socket socket_;
  Loop::State& loop_;
  Shared& shared_;
  beast::flat_buffer buffer_;
  std::optional<beast::http::request_parser<beast::http::string_body>> parser_;
  RequestHead head_;       // views into parser_
  Request request_;
  Keeping keeping_;
  Answer answer_;
  std::shared_ptr<const Waiting> waiting_;  // what the client waits for
  std::shared_ptr<Connection> itself_;      // while it waits
  std::string client_;     // the peer's address
  Clock::time_point deadline_ = Clock::time_point::max();
  bool surplus_;
  bool keep_alive_ = false;
  bool head_only_ = false;
  bool timed_out_ = false;
  bool idle_ = false;
  bool leaving_ = false;
  bool first_ = true;      // nothing was read yet
};

}  // namespace

std::shared_ptr<Session> make_session(int socket, bool ipv6, Loop::State& loop, bool surplus) {
  tcp::socket owned(loop.io());
  error_code ec;
  owned.assign(ipv6 ? tcp::v6() : tcp::v4(), socket, ec);
  if (!ec) return std::make_shared<Connection>(std::move(owned), loop, surplus);
  ::close(socket);
  return nullptr;
}

}  // namespace verbund::http

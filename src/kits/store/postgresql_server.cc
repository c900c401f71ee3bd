// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/postgresql_server.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/check.h"
#include "base/text.h"

namespace verbund::store::postgresql {
namespace {

using Clock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto try_every = 250ms;          // while the server is away
constexpr auto idle_closed = 60s;          // connections nobody needs; one is kept
constexpr const char* begin_with_state =
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT token FROM store_commit WHERE writer = 'state'";
constexpr int listen_ms = 500;             // between looks whether others have trouble
constexpr int ask_anyway_ms = 5'000;       // whether a silent line is still there
constexpr int ask_within_ms = 5'000;       // it does not answer: is another server there?
constexpr auto beat_every = 1s;            // of a lock
constexpr auto beat_counts = 4s;           // we hold a lock so long after the last one
// Nobody but a primary whose synchronous replica confirms it gets an answer to the beat.
constexpr const char* beat =
    "SELECT CASE WHEN current_setting('synchronous_standby_names') <> ''"
    " THEN CAST(pg_logical_emit_message(true, 'verbund', '') AS TEXT) END";
constexpr const char* silence = "SET idle_session_timeout = '5s'";   // the server takes it away after so long

}  // namespace

std::int64_t begin_reading(PgConnection& connection) {
  const auto row = connection.link().execute(begin_with_state);
  return parse_number(row.at(0).value_or("")).value_or(0);
}

// A replica that is behind, or one that is away, is no reason not to ask the next one.
std::unique_ptr<PgConnection> Server::connect_anywhere() const {
  std::string reasons;
  for (const Whom& host : each_host(options_.path)) {
    try {
      auto out = std::make_unique<PgConnection>(options_, std::function<bool(const std::string&)>(), host);
      out->link().answer_within(ask_within_ms);
      const std::int64_t least = *least_;
      if (least == 0) return out;
      const std::int64_t state = begin_reading(*out);
      out->execute("COMMIT");
      if (state >= least) return out;
      throw Lost("store: " + (host.host.empty() ? host.hostaddr : host.host) + ": only reads, and is " +
                 std::to_string(least - state) + " changes behind what is known here");
    } catch (const Failure& failure) {
      reasons += (reasons.empty() ? "" : "; ") + std::string(failure.what());
    }
  }
  throw Lost(reasons);
}

std::unique_ptr<PgConnection> Server::connect() {
  {
    const std::lock_guard lock(mutex_);
    if (!trouble_.empty() && (trying_ || Clock::now() - failed_ < try_every)) throw Lost(trouble_);
    trying_ = true;
  }
  try {
    auto out = least_ ? connect_anywhere()
                      : std::make_unique<PgConnection>(options_, [this](const std::string& machine) {
                          const std::lock_guard lock(mutex_);
                          return !machine_.empty() && machine != machine_;
                        });
    if (!least_) writes_at(out->link().machine());
    is_there();
    return out;
  } catch (const Failure& failure) {
    const std::lock_guard lock(mutex_);
    trying_ = false;
    refused_ = true;
    trouble_ = failure.what();
    failed_ = Clock::now();
    throw;
  }
}

void Server::writes_at(const std::string& machine) {
  const std::lock_guard lock(mutex_);
  machine_ = machine;
}

std::string Server::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

bool Server::answers() const {
  const std::lock_guard lock(mutex_);
  return made_ && trouble_.empty();
}

void Server::is_away(const std::string& reason) {
  const std::lock_guard lock(mutex_);
  if (trouble_.empty()) trouble_ = reason;
}

void Server::is_there() {
  const std::lock_guard lock(mutex_);
  trying_ = false;
  refused_ = false;
  made_ = true;
  trouble_.clear();
}

void Server::line_is_good() {
  const std::lock_guard lock(mutex_);
  if (!refused_) trouble_.clear();
}

void Server::look_again() {
  {
    const std::lock_guard lock(mutex_);
    if (!refused_) return;
  }
  try {
    (void)connect();
  } catch (const Failure&) {
    // Noted as the trouble.
  }
}

std::unique_ptr<PgConnection> Pool::take_idle(const std::string& schema) {
  auto place = std::prev(idle_.end());
  for (auto it = idle_.begin(); !schema.empty() && it != idle_.end(); ++it)
    if (it->connection->link().schema() == schema) place = it;
  auto out = std::move(place->connection);
  idle_.erase(place);
  return out;
}

std::unique_ptr<PgConnection> Pool::take(int patience_ms, const std::string& schema) {
  const std::chrono::milliseconds patience(patience_ms);
  {
    std::unique_lock lock(mutex_);
    const auto ready = [&] { return !idle_.empty() || open_ < most_; };
    if (!free_.wait_for(lock, patience, ready))
      throw Unavailable("store: none of the " + std::to_string(most_) + " connections became free within " +
                    std::to_string(patience_ms) + " ms");
    if (!idle_.empty()) return take_idle(schema);
    ++open_;
  }
  try {
    return server_.connect();
  } catch (...) {
    give(nullptr);
    std::unique_lock lock(mutex_);
    free_.wait_for(lock, patience, [&] { return !idle_.empty() || open_ == 0; });
    if (idle_.empty()) throw;
    return take_idle(schema);
  }
}

void Pool::give(std::unique_ptr<PgConnection> connection) {
  std::vector<Idle> old;   // closed without the mutex
  {
    const std::lock_guard lock(mutex_);
    const auto now = Clock::now();
    if (connection && connection->link().good()) idle_.push_back({std::move(connection), now});
    else --open_;
    while (idle_.size() > 1 && now - idle_.front().since > idle_closed) {
      old.push_back(std::move(idle_.front()));
      idle_.erase(idle_.begin());
      --open_;
    }
  }
  free_.notify_all();
}

void Pool::forget_idle() {
  std::vector<Idle> old;
  {
    const std::lock_guard lock(mutex_);
    old = std::exchange(idle_, {});
    open_ -= static_cast<int>(old.size());
  }
  free_.notify_all();
}

Listener::Listener(Server& server, std::function<void()> away)
    : server_(server), away_(std::move(away)), stop_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  VERBUND_CHECK(stop_ >= 0);
  thread_ = std::thread([this] { run(); });
}

Listener::~Listener() {
  stopping_ = true;
  const std::uint64_t one = 1;
  VERBUND_CHECK(::write(stop_, &one, sizeof one) == sizeof one);
  thread_.join();
  ::close(stop_);
}

void Listener::listen(const std::string& channel, Told told) {
  {
    const std::lock_guard lock(mutex_);
    hearers_[channel] = {std::move(told), false};
  }
  const std::uint64_t one = 1;
  VERBUND_CHECK(::write(stop_, &one, sizeof one) == sizeof one);
}

// The server goes on telling until the connection ends: nobody hears it.
void Listener::forget(const std::string& channel) {
  const std::lock_guard lock(mutex_);
  hearers_.erase(channel);
}

void Listener::tell(const std::string& channel, const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (const auto found = hearers_.find(channel); found != hearers_.end()) found->second.told(text);
}

// Those that are listened to from now on.
std::vector<std::string> Listener::channels(bool only_new) {
  std::vector<std::string> out;
  const std::lock_guard lock(mutex_);
  for (auto& [channel, hearer] : hearers_) {
    if (!only_new || !hearer.listening) out.push_back(channel);
    hearer.listening = true;
  }
  return out;
}

void Listener::run() {
  std::unique_ptr<PgConnection> line;
  int silent_ms = 0;
  while (!stopping_) {
    try {
      const bool fresh = !line;
      if (fresh) {
        line = server_.connect();
        line->link().answer_within(ask_within_ms);
      }
      std::uint64_t passed = 0;
      while (!stopping_ && ::read(stop_, &passed, sizeof passed) == sizeof passed) {
      }
      for (const std::string& channel : channels(!fresh)) {
        line->execute("LISTEN " + channel);
        tell(channel, {});
      }
      const auto news = line->link().notifications(listen_ms, stop_);
      for (const auto& [channel, text] : news) tell(channel, text);
      silent_ms = news.empty() ? silent_ms + listen_ms : 0;
      const bool trouble = !server_.trouble().empty();   // of others: this line is there
      if (stopping_ || (silent_ms < ask_anyway_ms && !trouble)) continue;
      silent_ms = 0;
      line->execute("SELECT 1");
      server_.line_is_good();
      server_.look_again();
      if (!server_.trouble().empty()) away_();
    } catch (const Failure& failure) {
      // Whoever connects says so himself: a second reason would hold the next try back.
      if (line) server_.is_away(failure.what());
      line.reset();
      away_();
      pollfd stop{stop_, POLLIN, 0};
      ::poll(&stop, 1, static_cast<int>(std::chrono::milliseconds(try_every).count()) + 10);
    }
  }
}

SessionLock::SessionLock(std::unique_ptr<PgConnection> connection)
    : connection_(std::move(connection)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  VERBUND_CHECK(stop_ >= 0);
  const auto begin = Clock::now();
  try {
    connection_->execute(silence);
  } catch (...) {
    ::close(stop_);
    throw;
  }
  safe_until_ = (begin + beat_counts).time_since_epoch().count();
  thread_ = std::thread([this] { run(); });
}

SessionLock::~SessionLock() {
  stopping_ = true;
  const std::uint64_t one = 1;
  VERBUND_CHECK(::write(stop_, &one, sizeof one) == sizeof one);
  connection_->link().sever();   // nobody waits for a server that hangs; one that lives gives the lock to the next
  thread_.join();
  ::close(stop_);
}

bool SessionLock::held() { return Clock::now().time_since_epoch().count() < safe_until_; }

void SessionLock::run() {
  constexpr int pause = static_cast<int>(std::chrono::milliseconds(beat_every).count());
  while (!stopping_) {
    // A server that says something without being asked is perhaps ending the session: asked at once.
    connection_->link().stirs(pause, stop_);
    if (stopping_) return;
    const auto sent = Clock::now();
    try {
      connection_->execute(beat);
      // The server counts its silence from a later time than `sent`. Once lost, it stays lost.
      if (held() && !connection_->link().warned()) safe_until_ = (sent + beat_counts).time_since_epoch().count();
      else connection_->link().sever();
    } catch (const Failure&) {
      safe_until_ = 0;
      return;
    }
  }
}

class LockSession::Held : public NamedLock {
 public:
  Held(std::shared_ptr<LockSession> session, std::string number)
      : session_(std::move(session)), number_(std::move(number)) {}
  ~Held() override { session_->give_back(number_); }
  bool held() override { return session_->alive(); }

 private:
  const std::shared_ptr<LockSession> session_;
  const std::string number_;
};

LockSession::LockSession(std::unique_ptr<PgConnection> connection)
    : connection_(std::move(connection)), stop_(::eventfd(0, EFD_CLOEXEC)) {
  VERBUND_CHECK(stop_ >= 0);
  const auto begin = Clock::now();
  try {
    connection_->link().answer_within(ask_within_ms);
    connection_->execute(silence);
  } catch (...) {
    ::close(stop_);
    throw;
  }
  safe_until_ = (begin + beat_counts).time_since_epoch().count();
  thread_ = std::thread([this] { run(); });
}

LockSession::~LockSession() {
  stopping_ = true;
  const std::uint64_t one = 1;
  VERBUND_CHECK(::write(stop_, &one, sizeof one) == sizeof one);
  connection_->link().sever();
  thread_.join();
  ::close(stop_);
}

bool LockSession::alive() const { return Clock::now().time_since_epoch().count() < safe_until_; }

std::unique_ptr<NamedLock> LockSession::try_lock(const std::shared_ptr<LockSession>& session,
                                                 const std::string& number) {
  const std::lock_guard lock(session->mutex_);
  if (session->held_.contains(number)) return nullptr;   // the server would give it to the same session again
  const Values got = session->connection_->link().execute("SELECT pg_try_advisory_lock(" + number + ")");
  if (got.at(0) != "t") return nullptr;
  session->held_.insert(number);
  return std::make_unique<Held>(session, number);
}

void LockSession::give_back(const std::string& number) noexcept {
  const std::lock_guard lock(mutex_);
  held_.erase(number);
  try {
    if (alive()) connection_->link().execute("SELECT pg_advisory_unlock(" + number + ")");
  } catch (const Failure&) {
    safe_until_ = 0;   // with the session all are given back
    connection_->link().sever();
  }
}

void LockSession::run() {
  constexpr int pause = static_cast<int>(std::chrono::milliseconds(beat_every).count());
  while (!stopping_) {
    pollfd stop{stop_, POLLIN, 0};
    ::poll(&stop, 1, pause);
    if (stopping_) return;
    const std::lock_guard lock(mutex_);
    const auto sent = Clock::now();
    try {
      connection_->execute(beat);
      // A warning: no replica confirms it, as with the lock of a session of its own.
      if (connection_->link().warned()) continue;
      if (alive()) safe_until_ = (sent + beat_counts).time_since_epoch().count();
      else connection_->link().sever();
    } catch (const Failure&) {
      safe_until_ = 0;
      return;
    }
  }
}

}  // namespace verbund::store::postgresql

namespace verbund::store {

std::shared_ptr<Connections> shared_connections(ConnectionLimits limits) {
  VERBUND_CHECK(limits.readers > 0 && limits.writers > 0);
  return std::make_shared<Connections>(limits);
}

std::shared_ptr<Connections::Shared> Connections::to(const Options& options) {
  const std::lock_guard lock(mutex_);
  auto& out = by_path_[options.path];
  if (!out) {
    Options of_all = options;
    of_all.schema.clear();
    of_all.connections.reset();   // which would hold itself
    out = std::make_shared<Shared>(of_all, limits_);
  }
  return out;
}

namespace {
const std::atomic<std::int64_t> whatever_state{0};
}  // namespace

Connections::Shared::Shared(const Options& options, const ConnectionLimits& limits)
    : server(options), readers(server, limits.readers), writers(server, limits.writers),
      anywhere(options, &whatever_state), anywhere_readers(anywhere, limits.readers),
      listener(server, [this] { look_for_readers(); }) {}

void Connections::Shared::look_for_readers() {
  std::unique_ptr<postgresql::PgConnection> reader;
  try {
    reader = anywhere_readers.take(anywhere.options().reader_wait_ms);
  } catch (const Failure&) {
    return;   // noted as the trouble
  }
  try {
    reader->execute("SELECT 1");
  } catch (const Failure& failure) {
    reader.reset();
    anywhere.is_away(failure.what());
  }
  anywhere_readers.give(std::move(reader));
}

std::unique_ptr<NamedLock> Connections::Shared::try_lock(const std::string& number) {
  const std::lock_guard lock(mutex_);
  if (!locks_ || !locks_->alive()) {
    locks_.reset();
    locks_ = std::make_shared<postgresql::LockSession>(server.connect());
  }
  return postgresql::LockSession::try_lock(locks_, number);
}

}  // namespace verbund::store

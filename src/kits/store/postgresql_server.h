// SPDX-License-Identifier: EUPL-1.2
// Connections to one PostgreSQL server: how they are made while it may be away, and the ones kept for reading.
// Internal to kits/store.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "kits/store/postgresql_statement.h"

namespace verbund::store::postgresql {

// Begins a transaction that reads and sees one state (BEGIN alone would not fix it), and gives the number of that state:
// it grows with each commit, in their order, and is the same on every server that has the state. 0 before the first one.
std::int64_t begin_reading(PgConnection& connection);

// Knows whether the server is away. Thread-safe.
class Server {
 public:
  // Without `least`: of the server that writes. Else of the first host in the URL that has come as far as that; 0: of
  // the first that answers.
  explicit Server(Options options, const std::atomic<std::int64_t>* least = nullptr)
      : options_(std::move(options)), least_(least) {}

  const Options& options() const { return options_; }
  // Throws Lost. While the server is away one caller at a time tries, at most four times a second; all others get
  // the last reason at once, so that no request waits for it.
  std::unique_ptr<PgConnection> connect();
  std::string trouble() const;
  bool answers() const;      // a connection could be made, and none was lost or refused since
  // A connection was lost; the next caller tries to make another one.
  void is_away(const std::string& reason);
  // A connection could be made.
  void is_there();
  // A connection was made to this machine (Link::machine) just now: others that hang on another one are given up.
  void writes_at(const std::string& machine);
  // One that is there works: what a lost one said is over, not that no new one could be made.
  void line_is_good();
  // After no new connection could be made though others work (all taken): whether one can be made now.
  void look_again();

 private:
  std::unique_ptr<PgConnection> connect_anywhere() const;

  const Options options_;
  const std::atomic<std::int64_t>* const least_;
  mutable std::mutex mutex_;
  std::string trouble_;
  std::string machine_;
  bool trying_ = false;
  bool made_ = false;          // a connection, ever
  bool refused_ = false;       // the last attempt to connect failed
  std::chrono::steady_clock::time_point failed_{};
};

// The connections that reads take turns on. Thread-safe.
class Pool {
 public:
  Pool(Server& server, int most) : server_(server), most_(most) {}

  // Waits for a free one at most `patience_ms`; throws Unavailable, Lost. Where no other one can be made, those that are
  // there serve all. One that was last used in `schema` is taken first; in which it is, is not said.
  std::unique_ptr<PgConnection> take(int patience_ms, const std::string& schema = {});
  void give(std::unique_ptr<PgConnection> connection);   // null: it was closed
  void forget_idle();      // after one was found dead, the others are as well

 private:
  std::unique_ptr<PgConnection> take_idle(const std::string& schema);   // requires: the mutex is held
  struct Idle {
    std::unique_ptr<PgConnection> connection;
    std::chrono::steady_clock::time_point since;
  };

  Server& server_;
  const int most_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<Idle> idle_;
  int open_ = 0;
};

// Somebody who waits for news of other processes on a connection of its own. A server that has nothing to tell is asked
// every five seconds; one that does not answer for five more is looked for elsewhere.
class Listener {
 public:
  // Called by its thread with what others said, and with "" whenever something may have been missed.
  using Told = std::function<void(const std::string&)>;
  // `away`: called by its thread while no new connection can be made, four times a second at most.
  Listener(Server& server, std::function<void()> away);
  ~Listener();

  // Begins to listen, now or when there is a connection again. Any thread.
  void listen(const std::string& channel, Told told);
  // When it returns, that one is told nothing more. Any thread but its own.
  void forget(const std::string& channel);

 private:
  void run();
  void tell(const std::string& channel, const std::string& text);
  std::vector<std::string> channels(bool only_new);

  Server& server_;
  const std::function<void()> away_;
  std::mutex mutex_;       // held while somebody is told
  struct Hearer {
    Told told;
    bool listening = false;
  };
  std::map<std::string, Hearer, std::less<>> hearers_;
  int stop_ = -1;          // an eventfd: to stop, or to look at the channels
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// A lock that the server holds for a session of its own. The session proves every second that we live; the server ends
// it after five seconds of silence, and we count it as lost after four, at once when the connection ends. A server with
// synchronous replicas proves with each answer that they follow it: one that was replaced without noticing cannot.
class SessionLock : public NamedLock {
 public:
  // Requires: the lock was taken on `connection`.
  explicit SessionLock(std::unique_ptr<PgConnection> connection);
  ~SessionLock() override;
  bool held() override;

 private:
  void run();

  std::unique_ptr<PgConnection> connection_;
  std::atomic<std::chrono::steady_clock::rep> safe_until_{0};
  int stop_ = -1;          // an eventfd
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

// Many locks in one session, of all databases of a process that share their connections: it proves once a second for all
// of them that we live, and with it all are lost. Thread-safe.
class LockSession {
 public:
  explicit LockSession(std::unique_ptr<PgConnection> connection);
  ~LockSession();
  // Null: somebody has it, here or elsewhere. Throws Lost, Refused. Gives it back when the lock is destroyed.
  static std::unique_ptr<NamedLock> try_lock(const std::shared_ptr<LockSession>& session, const std::string& number);
  bool alive() const;

 private:
  class Held;
  void run();
  void give_back(const std::string& number) noexcept;

  std::mutex mutex_;       // of the connection and what is held
  std::unique_ptr<PgConnection> connection_;
  std::set<std::string> held_;
  std::atomic<std::chrono::steady_clock::rep> safe_until_{0};
  int stop_ = -1;          // an eventfd
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace verbund::store::postgresql

namespace verbund::store {

// See store.h. The server is that of who comes first; all others have the same.
class Connections {
 public:
  explicit Connections(ConnectionLimits limits) : limits_(limits) {}

  struct Shared {
    Shared(const Options& options, const ConnectionLimits& limits);
    std::unique_ptr<NamedLock> try_lock(const std::string& number);

    postgresql::Server server;
    postgresql::Pool readers, writers;
    postgresql::Server anywhere;       // the first that answers: how far it has come differs from database to database
    postgresql::Pool anywhere_readers;
    postgresql::Listener listener;

   private:
    void look_for_readers();   // while the server that writes is away: keeps a connection to another one at hand
    std::mutex mutex_;
    std::shared_ptr<postgresql::LockSession> locks_;
  };
  // The ones to this address. Thread-safe.
  std::shared_ptr<Shared> to(const Options& options);

 private:
  const ConnectionLimits limits_;
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<Shared>, std::less<>> by_path_;
};

}  // namespace verbund::store

// SPDX-License-Identifier: EUPL-1.2
// A thread's share of the connections: reads requests, answers at once what is kept or quick, has workers do the rest.
#pragma once

#include <atomic>
#include <future>
#include <memory>

#include "kits/http/desk.h"
#include "kits/http/worker_pool.h"

namespace boost::asio {
class io_context;
}

namespace verbund::http {

// What all loops of a server share.
struct Shared {
  Shared(const ServerOptions& o, Service service, ServerObserver observer)
      : options(o), desk(o, std::move(service), std::move(observer)), pool(o.workers, o.queue, o.queue_time) {}

  const ServerOptions options;
  Desk desk;
  std::atomic<std::size_t> alive{0};   // connections, from the moment they are accepted
  std::atomic<std::size_t> waiting{0}; // of them, with a Response::waiting
  std::atomic<bool> draining{false};
  std::promise<void> drained;          // kept when the last connection of a draining server ends
  std::atomic_flag told;
  WorkerPool pool;

  void tell_if_drained() {
    if (draining && alive == 0 && !told.test_and_set()) drained.set_value();
  }
};

// Everything but `run` may be called from any thread.
class Loop {
 public:
  explicit Loop(Shared& shared);
  ~Loop();

  // Until `finish` and the end of all connections; again, for what was posted since, after the pool has stopped.
  void run();
  // Takes over a connected TCP socket. `surplus`: it is over the limit and is told so when it has asked.
  void adopt(int socket, bool ipv6, bool surplus);
  // Closes who is idle for the longest time, if that is a second or more; else one who waits gets its answer and goes.
  void make_room();
  // Asks everyone who waits.
  void wake();
  // Who waits for a request goes, who is in one may finish it.
  void drain();
  // Closes all.
  void finish();
  boost::asio::io_context& io();
  struct State;                  // session.h

 private:
  std::unique_ptr<State> state_;
};

}  // namespace verbund::http

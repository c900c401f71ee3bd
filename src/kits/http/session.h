// SPDX-License-Identifier: EUPL-1.2
// One connection of a loop: reads requests, hands them on, writes the answers. Of loop.cc and session.cc only.
#pragma once

#include <atomic>
#include <chrono>
#include <ctime>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

#include "kits/http/loop.h"

namespace verbund::http {

// Lives as long as one of its operations; touched by the thread of its loop only.
class Session {
 public:
  using Time = std::chrono::steady_clock::time_point;
  virtual ~Session() = default;
  virtual void start() = 0;
  // Called while stopping: who waits for a request goes, who is in one may finish it.
  virtual void drain() = 0;
  virtual void close() = 0;
  // Ends whatever the session waits for when its time is over.
  virtual void expire(Time now) = 0;
  // Whether its client waits for a Response::waiting.
  virtual bool waits() const = 0;
  // Asks for the answer that the client waits for; with `last` there is one.
  virtual void answer_waiting(bool last) = 0;
  // For who takes a place that others need.
  virtual void hurry() = 0;
  // Since when it is idle between two requests; nothing while it is not.
  virtual std::optional<Time> idle_since() const = 0;
};

struct Loop::State {
  explicit State(Shared& s);
  ~State();
  std::string_view date();        // of now, as a header has it
  void keep_deadlines();          // from now on, while there are sessions
  boost::asio::io_context& io();

  struct Engine;                  // what Boost brings
  Shared& shared;
  std::unordered_set<Session*> sessions;   // outlives the operations of the engine, which hold the sessions
  std::unique_ptr<Engine> engine;
  bool ticking = false;
  std::atomic<bool> making_room{false};
  std::atomic<bool> waking{false};
  std::time_t second = -1;
  std::string date_text;
};

// Takes over a connected socket. `surplus`: over the limit of connections, to be told so unless another has gone
// meanwhile. Null: it is no socket that can be used; it is closed.
std::shared_ptr<Session> make_session(int socket, bool ipv6, Loop::State& loop, bool surplus);

}  // namespace verbund::http

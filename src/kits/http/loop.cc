// SPDX-License-Identifier: EUPL-1.2
#include "kits/http/loop.h"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <utility>
#include <vector>

#include "base/turns.h"
#include "kits/http/session.h"
#include "kits/http/wire.h"

namespace verbund::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLongIdle{1};            // whose place a newcomer may take
constexpr std::chrono::milliseconds kTick{100};         // how exactly deadlines are kept

}  // namespace

struct Loop::State::Engine {
  asio::io_context io{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{asio::make_work_guard(io)};  // a session may be with
                                                                                               // a worker only
  asio::steady_timer timer{io};
};

Loop::State::State(Shared& s) : shared(s), engine(std::make_unique<Engine>()) {}
Loop::State::~State() = default;

asio::io_context& Loop::State::io() { return engine->io; }

std::string_view Loop::State::date() {
  const std::time_t now = std::time(nullptr);
  if (now != second) date_text = http_date(second = now);
  return date_text;
}

void Loop::State::keep_deadlines() {
  if (std::exchange(ticking, true)) return;
  engine->timer.expires_after(kTick);
  engine->timer.async_wait([this](error_code ec) {
    ticking = false;
    if (ec) return;
    const auto now = Clock::now();
    for (Session* session : sessions) session->expire(now);
    if (!sessions.empty()) keep_deadlines();
  });
}

Loop::Loop(Shared& shared) : state_(std::make_unique<State>(shared)) {}
Loop::~Loop() = default;

asio::io_context& Loop::io() { return state_->io(); }

void Loop::run() {
  take_short_turns();
  io().restart();
  while (true) {
    try {
      io().run();
      return;
    } catch (const std::exception& e) {  // out of memory for one connection must not end the others
      state_->shared.desk.failed(e.what());
    }
  }
}

void Loop::adopt(int socket, bool ipv6, bool surplus) {
  auto session = make_session(socket, ipv6, *state_, surplus);
  if (session) asio::post(io(), [ready = std::move(session)] { ready->start(); });
}

void Loop::make_room() {
  if (state_->making_room.exchange(true)) return;
  asio::post(io(), [state = state_.get()] {
    state->making_room = false;
    Session* longest = nullptr;
    auto since = Clock::now() - kLongIdle;
    for (Session* session : state->sessions) {
      const auto idle = session->idle_since();
      if (idle && *idle < since) longest = session, since = *idle;
    }
    if (longest != nullptr) return longest->close();
    const auto waits = std::find_if(state->sessions.begin(), state->sessions.end(), std::mem_fn(&Session::waits));
    if (waits != state->sessions.end()) (*waits)->hurry();
  });
}

void Loop::wake() {
  if (state_->waking.exchange(true)) return;
  asio::post(io(), [state = state_.get()] {
    state->waking = false;
    for (Session* session : std::vector<Session*>(state->sessions.begin(), state->sessions.end())) {
      if (session->waits()) session->answer_waiting(false);
    }
  });
}

void Loop::drain() {
  asio::post(io(), [state = state_.get()] {
    for (Session* session : std::vector<Session*>(state->sessions.begin(), state->sessions.end())) session->drain();
  });
}

void Loop::finish() {
  asio::post(io(), [state = state_.get()] {
    for (Session* session : state->sessions) session->close();
    state->engine->timer.cancel();
    state->engine->work.reset();
  });
}

}  // namespace verbund::http

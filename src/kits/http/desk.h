// SPDX-License-Identifier: EUPL-1.2
// Decides what a request gets: a kept answer, the service's, or a refusal. Knows nothing of sockets.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "kits/http/head_rules.h"
#include "kits/http/http.h"
#include "kits/http/kept_answers.h"

namespace verbund::http {

// What goes out: a head and perhaps a body, either made for this request or kept.
struct Answer {
  std::string head;
  std::shared_ptr<const std::string> body;  // null: none on the wire
  bool keep_alive = false;
};

// How a request may be kept: the key of its answers and the generation read before it was answered.
struct Keeping {
  std::string key;                 // empty: its answer is not kept
  std::uint64_t generation = 0;
};

// Thread-safe; `date` is the text of the present second.
class Desk {
 public:
  Desk(const ServerOptions& options, Service service, ServerObserver observer);

  // Fills `keeping` (its key anew) and looks there. `answer` is filled where true comes back.
  bool answer_kept(const RequestHead& head, bool keep_alive, std::string_view date, Keeping& keeping, Answer& answer);
  // The service's quick answer, if it has one. No exception comes out.
  std::optional<Response> quick(const Request& request) const;
  // The service's answer. No exception comes out.
  Response handle(const Request& request) const;
  // Nothing: it waits on. Not with `last`. No exception comes out.
  std::optional<Response> ask(const Waiting& waiting, bool last) const;
  // For who is over a limit: always 503 with Retry-After.
  Response busy(const Request& request, const char* what) const;
  Response refusal(const Refusal& refusal) const;

  // Keeps a reusable response. Requires: made after `keeping` was filled.
  void keep(const Keeping& keeping, const Request& request, const Response& response);
  // As bytes; what cannot be sent becomes a 500.
  void write(Response& response, std::string_view method, bool keep_alive, std::string_view date, Answer& answer) const;

  void answered(int status, std::chrono::nanoseconds took) const;
  void refused(std::string_view what) const;
  void failed(std::string_view what) const;

 private:
  template <typename Ask>
  auto guarded(Ask ask) const -> decltype(ask());

  const Service service_;
  const ServerObserver observer_;
  KeptAnswers kept_;
};

}  // namespace verbund::http

// SPDX-License-Identifier: EUPL-1.2
// Tables network_register (members and policy of the network), network_register_change (what this node said of them as
// the operator), network_register_stock, network_request (who waits to be admitted), network_home (which network this
// node belongs to). Owner: register. Members are authorities; no personal data.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/store/store.h"
#include "network/membership/member.h"
#include "network/register/join_request.h"

namespace verbund::network {

std::vector<store::Migration> register_migrations();

// The network a node belongs to, as its administrator entered it.
struct Home {
  std::string address;      // of the operator's node: "http://land.example"
  std::string key;          // verifier key of the membership log: the root of trust
  bool operator==(const Home&) const = default;
};

struct WaitingRequest {
  JoinRequest request;
  Instant at{};             // when it came
};

// Lives within one transaction. Writing requires Database::write.
class RegisterStore {
 public:
  static constexpr std::int64_t most_waiting = 200;            // requests; further ones are refused
  static constexpr std::int64_t most_each_minute = 20;         // new requests
  static constexpr std::chrono::hours kept_for{30 * 24};       // then a request goes

  explicit RegisterStore(store::Connection& connection) : connection_(connection) {}

  // Whether this node is the operator of a network: it has said its policy.
  bool is_operator() const;
  std::optional<Policy> policy() const;
  std::vector<Member> members() const;                         // by name
  std::optional<Member> member(std::string_view name) const;
  Membership membership() const { return Membership(members()); }
  // A number that grows with every change of members or policy, said here or heard.
  std::int64_t version() const;

  // As the operator: what is said from now on. False: it was so already. Requires: checked.
  bool say(const Member& member, Instant now);
  bool say(const Policy& policy, Instant now);

  // As a follower: what the operator's log `origin` says (see Sink). `body` is one of Member or Policy.
  // Errors: conflict (this node is an operator itself, or another log said it).
  Result<void> hear(std::string_view kind, std::string_view local, std::string_view body, std::string_view origin,
                    Instant now);
  void unhear(std::string_view kind, std::string_view local, std::string_view origin);
  void begin_stock(std::string_view origin);
  void end_stock(std::string_view origin);
  // The body of "member" or "network"; nothing if there is none.
  std::optional<std::string> body(std::string_view kind, std::string_view local) const;

  // The outbox of the membership log: changes behind `after`, at most `most`, in order.
  void each_change(std::int64_t after, std::size_t most, const std::function<void(const Entry&)>& each) const;
  std::int64_t last_change() const;

  // A request that came. True: it is new; false: one of this name and key waits already (the newer of both is kept).
  // Errors: not_found (this node is no operator), conflict (for another network, or what is asked is so already),
  // unavailable (too many wait, or too many came this minute).
  Result<bool> receive(const JoinRequest& request, std::string_view note, std::string_view network, Instant now);
  std::vector<WaitingRequest> waiting() const;                 // the oldest first
  void forget_requests(std::string_view name);                 // all with this name

  std::optional<Home> home() const;
  void set_home(const Home& home);    // what was heard of another network is forgotten

 private:
  bool put(std::string_view kind, std::string_view local, std::string_view body, std::string_view origin, Instant now);
  std::int64_t stock(std::string_view origin) const;
  store::Connection& connection_;
};

}  // namespace verbund::network

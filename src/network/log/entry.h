// SPDX-License-Identifier: EUPL-1.2
// What a publisher says in its log: this object has this state now, or is withdrawn. The text of an object is not in
// it, only its SHA-256: a body can be erased and every proof stays valid.
// Source: docs/protocols/network.md, clause 2.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/result.h"
#include "kits/crypto/digest.h"

namespace verbund::network {

inline constexpr std::size_t body_limit = 8u << 20;   // bytes of the body of an object

bool is_kind(std::string_view text);      // 1-40 letters a-z and '_'
bool is_agency(std::string_view text);    // 1-64 bytes of UTF-8 without white space and control characters

struct Entry {
  std::string kind;                        // "service" ...: 1-40 letters a-z and '_'; what it means is not known here
  std::string agency;                      // who gives the ids, 1-64 bytes
  std::string local;                       // 1-200 bytes
  std::int64_t revision = 0;               // from 1; higher than that of every earlier entry of the log
  Instant at{};                            // when the publisher took the state
  std::optional<crypto::Digest> digest;    // of the canonical body (RFC 8785); nothing: withdrawn

  // Canonical JSON, at most 2 KiB.
  std::string to_text() const;
  // Errors: invalid, unless `text` is what to_text gives of some entry.
  static Result<Entry> parse(std::string_view text);
  bool operator==(const Entry&) const = default;
};

// Where the entries of a node's own log come from: what the node has durably decided to say, in order.
class Outbox {
 public:
  virtual ~Outbox() = default;
  // Looks at up to `most` changes behind `after`; `each` hears of those that this node publishes itself, revision being
  // the number of the change. Gives the number of the last change looked at, `after` if there is none. The same number
  // means the same change for ever. May throw store::Failure, as every reading of a store.
  virtual std::int64_t read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) = 0;
  virtual std::int64_t last() = 0;         // number of the newest change that this node publishes itself, 0: none
  // The bodies of entries, in order, as far as they are still the state of their object; nothing for others. Ends when
  // `each` gives false.
  virtual void bodies(std::span<const Entry> entries,
                      const std::function<bool(std::optional<std::string>)>& each) = 0;
};

}  // namespace verbund::network

// SPDX-License-Identifier: EUPL-1.2
// Makes proofs from the logs a node has in its data folder: its own and those it has heard.
#pragma once

#include <functional>
#include <span>
#include <string>

#include "network/membership/member.h"
#include "network/proof/bundle.h"

namespace verbund::network {

// What shall be proven: the state of an object as a log says it.
struct Wanted {
  std::string origin;      // the log it was heard from; "": the node's own
  std::string kind, agency, local;
  std::string body;        // as it is shown; "": that it is withdrawn
};

// The newest entries about these objects in the log published in `folder`. The checkpoint keeps the signatures by the log's own
// name and by those of `cosigners` (names of witness keys). Requires: all have one origin; at least one, at most
// most_statements. Errors: not_found (the log does not speak of one, `where` names it), unavailable (the log does not
// say this body: it is newer, try again), those of the source.
Result<ProvenLog> prove_from(const std::string& folder, const std::string& index_folder,
                             std::span<const Wanted> objects, std::span<const std::string> cosigners = {});

// The network as its operator published it: what a proof needs to stand on the operator's key.
struct Network {
  std::string folder;              // of the membership log, or a copy of it
  std::string index_folder;
  Membership membership;
  Policy policy;
};

class Prover {
 public:
  // `index_folder`: for what helps to look in logs and can be deleted at any time; "": none is kept. `heard`: the folder
  // with the copy of a log that was heard, by its origin; without it only the own log can be proven from.
  Prover(std::string data_folder, std::string index_folder,
         std::function<std::string(const std::string& origin)> heard = {})
      : data_folder_(std::move(data_folder)), index_folder_(std::move(index_folder)), heard_(std::move(heard)) {}

  // Objects in any order. With a `network` the members that speak and those that witnessed are proven with it; else the
  // proof stands on the keys of the logs alone. Errors: as prove_from; conflict (a publisher is no member); too_large
  // (over the limits of a bundle). Any thread.
  Result<Bundle> prove(std::span<const Wanted> objects, const Network* network = nullptr) const;

  // Where an object stands in the log: for a page. Errors: as prove_from. Any thread.
  struct Standing {
    std::string origin;            // of the log
    std::uint64_t position = 0;    // from 0
    std::uint64_t size = 0;        // of the log
    Entry entry;
  };
  Result<Standing> standing(const Wanted& object) const;
  // Makes what helps to look in the log of `origin`, where it is not there yet: 50 ms for each 65,536 entries. Any thread.
  void prepare(const std::string& origin) const;

 private:
  std::string log_folder_of(const std::string& origin) const;
  std::string index_folder_of(const std::string& origin) const;

  std::string data_folder_, index_folder_;
  std::function<std::string(const std::string&)> heard_;
};

}  // namespace verbund::network

// SPDX-License-Identifier: EUPL-1.2
// Proofs of what a node shows, made from the logs in its data folder.
#pragma once

#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <vector>

#include "directory/finder/answer_objects.h"
#include "faces/portal/proofs.h"
#include "kits/store/store.h"
#include "network/proof/prover.h"

namespace verbund::app {

// The network a node knows: its members and the log, or the copy of it, that says so. Nothing where the node
// belongs to none, or has not heard of it yet.
std::shared_ptr<const network::Network> known_network(store::Connection& connection, const std::string& data_folder,
                                                      const std::string& index_folder);

// Proves from the own log and from the copies of those that are heard.
network::Prover prover_in(const std::string& data_folder, const std::string& index_folder);

// For the command line: reads what is stored. Errors: as network::Prover::prove.
Result<network::Bundle> prove_objects(store::Database& database, const std::string& data_folder,
                                      const std::string& index_folder,
                                      const std::vector<directory::ObjectName>& objects);

// For the pages.
class NodeProofs : public portal::Proofs {
 public:
  NodeProofs(std::string data_folder, std::string index_folder)
      : data_folder_(std::move(data_folder)), index_folder_(std::move(index_folder)),
        prover_(prover_in(data_folder_, index_folder_)), sayings_(index_folder_) {}
  // Makes what the first who asks should not have to wait for, as far as it is not there. Any thread.
  void prepare(store::Database& database, const std::stop_token& stop);
  // Takes over who belongs to the network now. Any thread.
  void refresh(store::Database& database);
  Result<Standing> standing(const Shown& object) const override;
  Result<std::string> bundle(std::span<const Shown> objects) const override;
  bool by_operator() const override { return network() != nullptr; }
  directory::SayingIndex& sayings() const override { return sayings_; }

 private:
  std::shared_ptr<const network::Network> network() const;

  const std::string data_folder_, index_folder_;
  const network::Prover prover_;
  mutable directory::SayingIndex sayings_;
  mutable std::mutex mutex_;
  std::shared_ptr<const network::Network> network_;
  std::int64_t version_ = -1;          // of the register that network_ was made of
};

}  // namespace verbund::app

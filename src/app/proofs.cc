// SPDX-License-Identifier: EUPL-1.2
#include "app/proofs.h"

#include "app/following_rules.h"
#include "directory/objects/object_store.h"
#include "directory/objects/origin_store.h"
#include "network/log/own_log.h"
#include "network/register/register_store.h"

namespace verbund::app {
namespace {

// With the network where every publisher is a member of it, else on the keys of the logs alone.
Result<network::Bundle> prove_with(const network::Prover& prover, std::span<const network::Wanted> objects,
                                   const network::Network* known) {
  if (known != nullptr) {
    auto made = prover.prove(objects, known);
    if (made || made.error().code != ErrorCode::conflict) return made;
  }
  return prover.prove(objects);
}

std::string heard_folder(const std::string& data_folder, const std::string& origin) {
  return data_folder + "/network/heard/" + safe_name(origin);
}

}  // namespace

network::Prover prover_in(const std::string& data_folder, const std::string& index_folder) {
  return network::Prover(data_folder, index_folder,
                         [data_folder](const std::string& origin) { return heard_folder(data_folder, origin); });
}

std::shared_ptr<const network::Network> known_network(store::Connection& connection, const std::string& data_folder,
                                                      const std::string& index_folder) {
  const network::RegisterStore book(connection);
  auto policy = book.policy();
  if (!policy) return nullptr;
  std::string folder = network::members_place(data_folder).folder;
  if (!book.is_operator()) {
    const auto home = book.home();
    if (!home) return nullptr;
    const auto key = tlog::VerifierKey::parse(home->key);
    if (!key) return nullptr;
    folder = heard_folder(data_folder, key->name);
  }
  return std::make_shared<network::Network>(
      network::Network{std::move(folder), index_folder + "/entries/members", book.membership(), std::move(*policy)});
}

Result<network::Bundle> prove_objects(store::Database& database, const std::string& data_folder,
                                      const std::string& index_folder,
                                      const std::vector<directory::ObjectName>& objects) {
  std::vector<network::Wanted> wanted;
  std::shared_ptr<const network::Network> known;
  database.read([&](store::Connection& connection) {
    const directory::ObjectStore store(connection);
    for (const auto& [kind, id] : objects) {
      auto body = store.body(kind, id).value_or("");
      wanted.push_back({directory::origin_of(connection, kind, id), std::string(directory::name(kind)), id.agency,
                        id.local, std::move(body)});
    }
    known = known_network(connection, data_folder, index_folder);
  });
  return prove_with(prover_in(data_folder, index_folder), wanted, known.get());
}

void NodeProofs::refresh(store::Database& database) {
  std::int64_t version = 0;
  std::shared_ptr<const network::Network> known;
  database.read([&](store::Connection& connection) {
    version = network::RegisterStore(connection).version();
    if (version == version_) return;
    known = known_network(connection, data_folder_, index_folder_);
  });
  if (version == version_) return;
  const std::lock_guard guard(mutex_);
  version_ = version;
  network_ = std::move(known);
}

void NodeProofs::prepare(store::Database& database, const std::stop_token& stop) {
  database.read([&](store::Connection& connection) { sayings_.prepare(connection); });
  std::vector<std::string> origins = {""};
  if (const auto known = network()) {
    for (const network::Member& member : known->membership.members()) origins.push_back(member.name);
  }
  for (const std::string& origin : origins) {
    if (stop.stop_requested()) return;
    prover_.prepare(origin);
  }
}

std::shared_ptr<const network::Network> NodeProofs::network() const {
  const std::lock_guard guard(mutex_);
  return network_;
}

Result<portal::Proofs::Standing> NodeProofs::standing(const Shown& object) const {
  auto found = prover_.standing({object.origin, std::string(directory::name(object.kind)), object.id.agency,
                                 object.id.local, object.body});
  if (!found) return pass(found);
  const auto known = network();
  const network::Member* member = known ? known->membership.find(found->origin) : nullptr;
  return Standing{member == nullptr ? found->origin : member->title, found->origin, found->position, found->size,
                  found->entry.at};
}

Result<std::string> NodeProofs::bundle(std::span<const Shown> objects) const {
  std::vector<network::Wanted> wanted;
  for (const Shown& object : objects) {
    wanted.push_back({object.origin, std::string(directory::name(object.kind)), object.id.agency, object.id.local, object.body});
  }
  auto made = prove_with(prover_, wanted, network().get());
  if (!made) return pass(made);
  return made->to_text();
}

}  // namespace verbund::app

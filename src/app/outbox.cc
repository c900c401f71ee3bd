// SPDX-License-Identifier: EUPL-1.2
#include "app/outbox.h"

#include <algorithm>

#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"

namespace verbund::app {
namespace {

network::Entry to_entry(const directory::Change& change) {
  network::Entry out;
  out.kind = directory::name(change.kind);
  out.agency = change.id.agency;
  out.local = change.id.local;
  out.revision = change.sequence;
  out.at = change.at;
  if (change.withdrawn) return out;
  out.digest = crypto::digest_from_hex(change.digest);
  if (!out.digest) throw store::Failure("stored change " + std::to_string(change.sequence) + " has no digest");
  return out;
}

}  // namespace

std::int64_t DirectoryOutbox::read(std::int64_t after, std::size_t most,
                                   const std::function<void(network::Entry)>& each) {
  std::int64_t last = after;
  database_.read([&](store::Connection& connection) {
    const directory::ObjectStore objects(connection);
    std::size_t read = 0;
    objects.each_own_change(after, most, [&](const directory::Change& change) {
      each(to_entry(change));
      last = change.sequence;
      ++read;
    });
    if (read < most) last = std::max(after, objects.last_sequence());   // all that is heard was passed over
  });
  return last;
}

std::int64_t DirectoryOutbox::last() {
  std::int64_t last = 0;
  database_.read([&](store::Connection& connection) { last = directory::ObjectStore(connection).last_own_sequence(); });
  return last;
}

void DirectoryOutbox::bodies(std::span<const network::Entry> entries,
                             const std::function<bool(std::optional<std::string>)>& each) {
  database_.read([&](store::Connection& connection) {
    const directory::ObjectStore objects(connection);
    for (const network::Entry& entry : entries) {
      std::optional<std::string> body;
      const auto kind = directory::object_kind_from_name(entry.kind);
      if (kind && entry.digest) body = objects.body(*kind, {entry.agency, entry.local});
      if (body && crypto::sha256({*body}) != *entry.digest) body.reset();
      if (!each(std::move(body))) return;
    }
  });
}

}  // namespace verbund::app

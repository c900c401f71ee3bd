// SPDX-License-Identifier: EUPL-1.2
#include "network/register/register_outbox.h"

#include "network/register/member_sink.h"
#include "network/register/register_store.h"

namespace verbund::network {

std::int64_t RegisterOutbox::read(std::int64_t after, std::size_t most, const std::function<void(Entry)>& each) {
  std::int64_t last = after;
  database_.read([&](store::Connection& connection) {
    RegisterStore(connection).each_change(after, most, [&](const Entry& entry) {
      last = entry.revision;
      each(entry);
    });
  });
  return last;
}

std::int64_t RegisterOutbox::last() {
  std::int64_t last = 0;
  database_.read([&](store::Connection& connection) { last = RegisterStore(connection).last_change(); });
  return last;
}

void RegisterOutbox::bodies(std::span<const Entry> entries,
                            const std::function<bool(std::optional<std::string>)>& each) {
  database_.read([&](store::Connection& connection) {
    MemberSink held;
    for (const Entry& entry : entries) {
      if (!each(held.held(connection, entry))) return;
    }
  });
}

}  // namespace verbund::network
